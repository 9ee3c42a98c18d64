"""A municipality with one of everything, each text of it marked so that it can be recognised anywhere."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from ayumi.accounts.model import LinkPurpose, OneTimeLink, Party, Role
from ayumi.audit.model import CheckStatus, JournalCheck
from ayumi.consents.model import Consent, ConsentStatus, Form
from ayumi.employers.model import (
    Agreement,
    Employer,
    EmployerStatus,
    FeeKind,
    Payer,
    PriceStatus,
    Site,
    TaxTreatment,
    UnitPrice,
)
from ayumi.japan.calendar import fiscal_year
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.files.store import store
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants.model import Participant, Status, Supporter
from ayumi.plans.model import Goal, GoalKind
from ayumi.selection.model import Enrolment, EnrolmentStatus
from tests.isolation import delivered, keeping, securing
from tests.isolation.town import Populated, put, snapshot
from tests.world import a_contract, a_firm, a_member, a_town

STAFF_ROLES = (
    Role.CASEWORKER,
    Role.SUPERVISING_CASEWORKER,
    Role.EMPLOYMENT_SUPPORT_WORKER,
    Role.SECTION_HEAD,
    Role.FINANCE_OFFICER,
    Role.ADMINISTRATOR,
)
FIRM_ROLES = (Role.MANAGER, Role.SUPPORTER, Role.ACCOUNTING)


def populate(app: Flask, mark: str, *, firm_id: UUID | None = None) -> Populated:
    """Make a town where every text holds ``mark``."""
    town = a_town(app, name=f"{mark}市")
    made = Populated(town, mark, firm_id or a_firm(app, name=f"{mark}法人"))
    made.ids["contract_id"] = a_contract(app, town, made.firm_id)
    for role in STAFF_ROLES:
        made.members[role.value] = a_member(app, town, Party.STAFF, role, name=f"{mark}{role.value}")
    for role in FIRM_ROLES:
        made.members[role.value] = a_member(
            app, town, Party.FIRM, role, name=f"{mark}{role.value}", firm_id=made.firm_id
        )
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        _fill(session, made)
    made.members["contact"] = a_member(
        app, town, Party.EMPLOYER, Role.CONTACT, name=f"{mark}店主", employer_id=made.ids["employer_id"]
    )
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        employer = session.get_one(Employer, (town.tenant_id, made.ids["employer_id"]))
        employer.contact_email = made.members["contact"].email
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.add(_link(made))
    return made


def _fill(session: Any, made: Populated) -> None:
    there = delivered
    for step in (
        _file, _person, _enrolment, _employer, there.placement, there.week, there.fees, there.report, there.imported,
        there.hosting, there.joining, _securing, _keeping,
    ):  # fmt: skip
        step(session, made)


def _securing(session: Any, made: Populated) -> None:
    by = made.members["caseworker"].membership_id
    put(session, made, "incident_id", securing.incident(made.mark, by))
    put(session, made, "provider_id", securing.provider(made.mark))
    check = JournalCheck(status=CheckStatus.SOUND, asked_by=by, asked_at=clock.now(), ended_at=clock.now(), findings=[])
    put(session, made, "check_id", check)


def _keeping(session: Any, made: Populated) -> None:
    by, person = made.members["administrator"].membership_id, made.ids["participant_id"]
    put(session, made, "period_id", keeping.period())
    put(session, made, "hold_id", keeping.hold(made.mark, person, by))
    disposal = put(session, made, "disposal_id", keeping.disposal(by))
    put(session, made, "item_id", keeping.item(made.mark, disposal.id, person))
    put(session, made, "packing_id", keeping.packing(by, made.ids["file_id"]))


def _file(session: Any, made: Populated) -> None:
    row = StoredFile(
        sha256=f"{made.town.tenant_id:064d}",
        size=9,
        content_type="application/pdf",
        filename=f"{made.mark}.pdf",
        purpose="consent",
        kept_at=clock.now(),
        firm_id=made.firm_id,
    )
    put(session, made, "file_id", row)
    store().put(row.key, f"%PDF-{made.mark}".encode(), "application/pdf")
    made.ids["membership_id"] = made.members["caseworker"].membership_id
    made.ids["menu_id"] = made.town.menu_id
    made.ids["route_id"] = made.town.route_id
    made.ids["firm_id"] = made.firm_id


def _person(session: Any, made: Populated) -> None:
    mark = made.mark
    person = Participant(
        family_name=mark, given_name="花子", family_kana="カナリア", given_kana="ハナコ", kana_key="カナリアハナコ",
        name_key=f"{mark}花子", nickname=f"{mark}さん", household_number=f"{mark}世帯", case_number=f"{mark}-1",
        birth_date=date(1980, 5, 5), phone=f"{mark}電話", barriers=["work_gap"],
        caseworker_id=made.members["caseworker"].membership_id, delivery_firm_id=made.firm_id, firm_id=made.firm_id,
        status=Status.ACTIVE, note=f"{mark}覚書", created_at=clock.now(),
    )  # fmt: skip
    put(session, made, "participant_id", person)
    session.add(
        Supporter(participant_id=person.id, membership_id=made.members["supporter"].membership_id, firm_id=made.firm_id)
    )


def _enrolment(session: Any, made: Populated) -> None:
    ids, now = made.ids, clock.now()
    enrolment = Enrolment(
        participant_id=ids["participant_id"], route_id=made.town.route_id, route_label=f"{made.mark}経路",
        decided_on=clock.today() - timedelta(days=100), decided_by=f"{made.mark}会議", reason=f"{made.mark}理由",
        wish=f"{made.mark}希望", starts_on=clock.today() - timedelta(days=98), status=EnrolmentStatus.ACTIVE,
        firm_id=made.firm_id, entered_at=now,
    )  # fmt: skip
    put(session, made, "enrolment_id", enrolment)
    consent = Consent(
        participant_id=ids["participant_id"], scopes=["firm", "employer_profile"], form=Form.PAPER,
        given_on=clock.today() - timedelta(days=100), file_id=ids["file_id"], status=ConsentStatus.IN_FORCE,
        firm_id=made.firm_id, entered_at=now, witness=f"{made.mark}立会",
    )  # fmt: skip
    put(session, made, "consent_id", consent)
    goal = Goal(
        enrolment_id=enrolment.id, participant_id=ids["participant_id"], version=1, is_current=True,
        kind=GoalKind.JOB, text=f"{made.mark}目標", agreed_on=clock.today() - timedelta(days=98),
        firm_id=made.firm_id, entered_at=now,
    )  # fmt: skip
    put(session, made, "goal_id", goal)


def _employer(session: Any, made: Populated) -> None:
    year, now = fiscal_year(clock.today()), clock.now()
    employer = Employer(
        name=f"{made.mark}商店", kana="ショウテン", contact_name=f"{made.mark}店主", contact_phone="000",
        contact_email=f"{made.town.slug}@shop.example", status=EmployerStatus.PARTNER, firm_id=made.firm_id,
        created_at=now, note=f"{made.mark}メモ",
    )  # fmt: skip
    put(session, made, "employer_id", employer)
    site = Site(
        employer_id=employer.id, name=f"{made.mark}本店", offers=f"{made.mark}作業", capacity=2,
        accepted_on=date(year, 4, 1), firm_id=made.firm_id,
    )  # fmt: skip
    put(session, made, "site_id", site)
    agreement = Agreement(
        employer_id=employer.id, fiscal_year=year, starts_on=date(year, 4, 1), ends_on=date(year + 1, 3, 31),
        fee_kind=FeeKind.COMMISSION, payer=Payer.MUNICIPALITY, tax_treatment=TaxTreatment.INCLUDED,
        firm_id=made.firm_id, insurance=f"{made.mark}保険",
    )  # fmt: skip
    put(session, made, "agreement_id", agreement)
    for version, status in ((1, PriceStatus.APPROVED), (2, PriceStatus.PROPOSED)):
        price = UnitPrice(
            agreement_id=agreement.id, employer_id=employer.id, version=version, yen=2160, tax_rate_pct=10,
            valid_from=date(year, 4, 1), valid_to=date(year + 1, 3, 31), status=status,
            entered_by=made.members["caseworker"].membership_id, entered_at=now,
            decided_by=made.members["section_head"].membership_id if version == 1 else None,
            decided_at=now if version == 1 else None, firm_id=made.firm_id,
        )  # fmt: skip
        put(session, made, "price_id", price)
        made.ids[f"price_{version}"] = price.id


def _link(made: Populated) -> OneTimeLink:
    return OneTimeLink(
        token_hash=f"{made.mark}-{made.town.tenant_id}", purpose=LinkPurpose.EMPLOYER, tenant_id=made.town.tenant_id,
        employer_id=made.ids["employer_id"], email="x@shop.example", party=Party.EMPLOYER, roles=["contact"],
        created_at=clock.now(), expires_at=clock.now() + timedelta(days=1),
        account_id=made.members["contact"].account_id,
    )  # fmt: skip


__all__ = ["FIRM_ROLES", "STAFF_ROLES", "Populated", "populate", "snapshot"]
