"""People who log in, where they belong, and the sessions and links that let them in."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel import ids
from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import ACCOUNT, FIRM, OWN_OR_NOBODYS, Grant, opened
from ayumi.kernel.tenancy import Door


class Party(StrEnum):
    """On whose side somebody stands in a municipality."""

    STAFF = "staff"
    FIRM = "firm"
    EMPLOYER = "employer"


class Role(StrEnum):
    """What somebody does there."""

    CASEWORKER = "caseworker"
    SUPERVISING_CASEWORKER = "supervising_caseworker"
    EMPLOYMENT_SUPPORT_WORKER = "employment_support_worker"
    SECTION_HEAD = "section_head"
    FINANCE_OFFICER = "finance_officer"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    SUPPORTER = "supporter"
    ACCOUNTING = "accounting"
    CONTACT = "contact"


ROLES_OF: dict[Party, tuple[Role, ...]] = {
    Party.STAFF: (
        Role.CASEWORKER,
        Role.SUPERVISING_CASEWORKER,
        Role.EMPLOYMENT_SUPPORT_WORKER,
        Role.SECTION_HEAD,
        Role.FINANCE_OFFICER,
        Role.ADMINISTRATOR,
    ),
    Party.FIRM: (Role.MANAGER, Role.SUPPORTER, Role.ACCOUNTING),
    Party.EMPLOYER: (Role.CONTACT,),
}


# What a firm may read of the people of its municipality: its own, and the names of the staff it works with.
FOR_FIRMS = (
    "tenant_id", "id", "account_id", "party", "roles", "name", "kana", "firm_id", "starts_on", "ends_on",
    "confidentiality_pledge_on",
)  # fmt: skip


class Account(Base):
    """Somebody who can log in. What they may do is said by their memberships."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        {
            "info": opened(
                accounts="SIU",
                worker=Grant("SI", select=("id", "email", "name", "language", "closed_at")),
                keeper=Grant("S", select=("id", "email", "name", "closed_at")),
                operator=Grant("S", select=("id", "is_operator", "closed_at")),
                why_shared="one person may belong to several municipalities and firms",
            )
        },
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(comment="argon2id; empty for those who come by link only")
    is_operator: Mapped[bool] = mapped_column(server_default="false")
    language: Mapped[str] = mapped_column(server_default="ja")
    password_set_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Whereabouts(Base):
    """Which account has a place in which municipality, now or once, and nothing else of it.

    Logging in comes before any municipality, so this says where to look. Memberships refer to it: there is none that it
    does not know. On one machine a trigger on memberships writes it; where they are spread over several, no trigger may
    (see ``whereabouts.py``).
    """

    __tablename__ = "whereabouts"
    __table_args__ = (
        in_municipality(),
        Index("ix_whereabouts_account", "account_id"),
        {
            "info": opened(
                across={Door.ACCOUNTS: ACCOUNT},
                accounts="SI",
                staff="I",
                worker="I",
                everywhere="asked by each account of itself, before any municipality is known",
            )
        },
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)


class Membership(OfTenant, Base):
    """A person's place in one municipality: on its staff, in a firm that works for it, or at an employer."""

    __tablename__ = "membership"
    __table_args__ = (
        in_municipality(),
        ForeignKeyConstraint(["tenant_id", "account_id"], ["whereabouts.tenant_id", "whereabouts.account_id"]),
        refers("employer", "employer_id", use_alter=True),
        UniqueConstraint(
            "tenant_id", "account_id", "party", "firm_id", "employer_id", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("(party = 'firm') = (firm_id IS NOT NULL)", name="firm"),
        CheckConstraint("(party = 'employer') = (employer_id IS NOT NULL)", name="employer"),
        {
            "info": opened(
                rules={Door.FIRM: f"party <> 'employer' AND ({OWN_OR_NOBODYS})"},
                changes={Door.FIRM: FIRM},
                across={Door.ACCOUNTS: ACCOUNT, Door.OPERATOR: "true"},
                staff=Grant("SIU"),
                firm=Grant("SU", select=FOR_FIRMS, update=("roles", "name", "kana", "ends_on")),
                accounts=Grant(
                    "SIU", update=("roles", "name", "kana", "starts_on", "ends_on", "confidentiality_pledge_on")
                ),
                worker="SI",
                operator=Grant("S", select=("tenant_id", "id", "party", "roles", "ends_on")),
            )
        },
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    party: Mapped[Party] = mapped_column(choice(Party))
    roles: Mapped[list[str]]
    name: Mapped[str] = mapped_column(comment="as shown in this place")
    kana: Mapped[str | None]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"))
    employer_id: Mapped[UUID | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    confidentiality_pledge_on: Mapped[date | None] = mapped_column(
        comment="the day on which secrecy was pledged; before that nobody is seen"
    )


class LoginMethod(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"
    PASSKEY = "passkey"
    SINGLE_SIGN_ON = "single_sign_on"
    LINK = "link"


class LoginSession(Base):
    """One browser somebody is logged in with. The browser holds the key, the database only its hash."""

    __tablename__ = "login_session"
    __table_args__ = (
        UniqueConstraint("key_hash"),
        Index("ix_login_session_account", "account_id"),
        {
            "info": opened(
                accounts="SIU",
                worker=Grant("S", select=("id", "account_id", "started_at", "user_agent", "address")),
                why_shared="login comes before any municipality",
            )
        },
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    key_hash: Mapped[str] = mapped_column(comment="sha-256 of the random key in the cookie")
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime]
    method: Mapped[LoginMethod] = mapped_column(choice(LoginMethod))
    second_factor_at: Mapped[datetime | None] = mapped_column(comment="when a second factor was shown")
    confirmed_at: Mapped[datetime] = mapped_column(comment="when its owner last proved who they are")
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(comment="network address it was opened from")
    device_hash: Mapped[str | None] = mapped_column(comment="sha-256 of the key that browser keeps for good")
    only_tenant_id: Mapped[int | None] = mapped_column(
        ForeignKey("municipality.id"), comment="an employer's session by link reaches one place only"
    )
    only_employer_id: Mapped[UUID | None]


class LinkPurpose(StrEnum):
    """What a one-time link is good for."""

    INVITATION = "invitation"
    EMPLOYER = "employer"
    PASSWORD_RESET = "password_reset"
    SECOND_FACTOR_RESET = "second_factor_reset"
    OPERATOR = "operator"


class OneTimeLink(Base):
    """A link sent by mail: works once, for a while, and knows only the hash of its own token."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("(purpose = 'operator') = (tenant_id IS NULL)", name="operator"),
        {
            "info": opened(
                accounts="SIU", worker="SIU", why_shared="a link is followed before any municipality is known"
            )
        },
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    token_hash: Mapped[str]
    purpose: Mapped[LinkPurpose] = mapped_column(choice(LinkPurpose))
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), comment="empty for operators")
    invitation_id: Mapped[UUID | None] = mapped_column(comment="the municipality's invitation it belongs to")
    employer_id: Mapped[UUID | None]
    firm_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    email: Mapped[str]
    name: Mapped[str | None]
    party: Mapped[Party | None] = mapped_column(choice(Party))
    roles: Mapped[list[str]]
    month: Mapped[date | None] = mapped_column(comment="first day of the month to confirm")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    code_hash: Mapped[str | None] = mapped_column(comment="of the code sent to the same address")
    code_expires_at: Mapped[datetime | None]
    code_attempts: Mapped[int] = mapped_column(server_default="0")
