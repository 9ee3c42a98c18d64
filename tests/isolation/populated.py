"""A municipality with one of everything, each text of it marked so that it can be recognised anywhere."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Table, select

import ayumi.schema
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
from ayumi.fees.model import Line, LineDay, LineKind, LineStatus, Statement, StatementStatus
from ayumi.hosting.model import EndedBy, GlassBreak, GlassStatus, Plan, Subscription
from ayumi.invitations.model import Invitation, InvitationStatus, Lost, ResetRequest, ResetStatus
from ayumi.japan.calendar import fiscal_year
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.files.store import store
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants.model import ImportStatus, Participant, ParticipantImport, Status, Supporter
from ayumi.placements.model import (
    Channel,
    Confirmation,
    ConfirmationRequest,
    DayStatus,
    ExperienceDay,
    Placement,
    PlacementStatus,
)
from ayumi.plans.model import Goal, GoalKind
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.reports.model import Figure, FigurePerson, MonthlyReport, Run, RunStatus
from ayumi.selection.model import Enrolment, EnrolmentStatus
from tests.isolation import keeping, securing
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town

STAFF_ROLES = (
    Role.CASEWORKER,
    Role.SUPERVISING_CASEWORKER,
    Role.EMPLOYMENT_SUPPORT_WORKER,
    Role.SECTION_HEAD,
    Role.FINANCE_OFFICER,
    Role.ADMINISTRATOR,
)
FIRM_ROLES = (Role.MANAGER, Role.SUPPORTER, Role.ACCOUNTING)


@dataclass
class Populated:
    """A town, its people by role, and one identifier of each kind of thing."""

    town: Town
    mark: str
    firm_id: UUID
    members: dict[str, Member] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    month: str = ""
    week: date = date.min


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
    for step in (
        _file, _person, _enrolment, _employer, _placement, _week, _fees, _report, _import, _hosting, _joining,
        _securing, _keeping,
    ):  # fmt: skip
        step(session, made)


def _securing(session: Any, made: Populated) -> None:
    by = made.members["caseworker"].membership_id
    _put(session, made, "incident_id", securing.incident(made.mark, by))
    _put(session, made, "provider_id", securing.provider(made.mark))
    check = JournalCheck(status=CheckStatus.SOUND, asked_by=by, asked_at=clock.now(), ended_at=clock.now(), findings=[])
    _put(session, made, "check_id", check)


def _keeping(session: Any, made: Populated) -> None:
    by, person = made.members["administrator"].membership_id, made.ids["participant_id"]
    _put(session, made, "period_id", keeping.period())
    _put(session, made, "hold_id", keeping.hold(made.mark, person, by))
    disposal = _put(session, made, "disposal_id", keeping.disposal(by))
    _put(session, made, "item_id", keeping.item(made.mark, disposal.id, person))
    _put(session, made, "packing_id", keeping.packing(by, made.ids["file_id"]))


def _put(session: Any, made: Populated, name: str, row: Any) -> Any:
    session.add(row)
    session.flush()
    made.ids[name] = row.id
    return row


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
    _put(session, made, "file_id", row)
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
    _put(session, made, "participant_id", person)
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
    _put(session, made, "enrolment_id", enrolment)
    consent = Consent(
        participant_id=ids["participant_id"], scopes=["firm", "employer_profile"], form=Form.PAPER,
        given_on=clock.today() - timedelta(days=100), file_id=ids["file_id"], status=ConsentStatus.IN_FORCE,
        firm_id=made.firm_id, entered_at=now, witness=f"{made.mark}立会",
    )  # fmt: skip
    _put(session, made, "consent_id", consent)
    goal = Goal(
        enrolment_id=enrolment.id, participant_id=ids["participant_id"], version=1, is_current=True,
        kind=GoalKind.JOB, text=f"{made.mark}目標", agreed_on=clock.today() - timedelta(days=98),
        firm_id=made.firm_id, entered_at=now,
    )  # fmt: skip
    _put(session, made, "goal_id", goal)


def _employer(session: Any, made: Populated) -> None:
    year, now = fiscal_year(clock.today()), clock.now()
    employer = Employer(
        name=f"{made.mark}商店", kana="ショウテン", contact_name=f"{made.mark}店主", contact_phone="000",
        contact_email=f"{made.town.slug}@shop.example", status=EmployerStatus.PARTNER, firm_id=made.firm_id,
        created_at=now, note=f"{made.mark}メモ",
    )  # fmt: skip
    _put(session, made, "employer_id", employer)
    site = Site(
        employer_id=employer.id, name=f"{made.mark}本店", offers=f"{made.mark}作業", capacity=2,
        accepted_on=date(year, 4, 1), firm_id=made.firm_id,
    )  # fmt: skip
    _put(session, made, "site_id", site)
    agreement = Agreement(
        employer_id=employer.id, fiscal_year=year, starts_on=date(year, 4, 1), ends_on=date(year + 1, 3, 31),
        fee_kind=FeeKind.COMMISSION, payer=Payer.MUNICIPALITY, tax_treatment=TaxTreatment.INCLUDED,
        firm_id=made.firm_id, insurance=f"{made.mark}保険",
    )  # fmt: skip
    _put(session, made, "agreement_id", agreement)
    for version, status in ((1, PriceStatus.APPROVED), (2, PriceStatus.PROPOSED)):
        price = UnitPrice(
            agreement_id=agreement.id, employer_id=employer.id, version=version, yen=2160, tax_rate_pct=10,
            valid_from=date(year, 4, 1), valid_to=date(year + 1, 3, 31), status=status,
            entered_by=made.members["caseworker"].membership_id, entered_at=now,
            decided_by=made.members["section_head"].membership_id if version == 1 else None,
            decided_at=now if version == 1 else None, firm_id=made.firm_id,
        )  # fmt: skip
        _put(session, made, "price_id", price)
        made.ids[f"price_{version}"] = price.id


def _placement(session: Any, made: Populated) -> None:
    ids, today = made.ids, clock.today()
    placement = Placement(
        participant_id=ids["participant_id"], employer_id=ids["employer_id"], site_id=ids["site_id"],
        nickname=f"{made.mark}さん", starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=30),
        planned_days_per_week=2, planned_minutes_per_day=120, status=PlacementStatus.ACTIVE, created_at=clock.now(),
        delivery_firm_id=made.firm_id, firm_id=made.firm_id, profile_strengths=f"{made.mark}長所",
        profile_consent_id=ids["consent_id"], meeting_held_on=today - timedelta(days=61),
    )  # fmt: skip
    _put(session, made, "placement_id", placement)
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    made.month = f"{last_month:%Y-%m}"
    confirmation = Confirmation(
        employer_id=ids["employer_id"], month=last_month, channel=Channel.PAPER, given_at=clock.now(),
        given_by=f"{made.mark}店主", file_id=ids["file_id"],
    )  # fmt: skip
    _put(session, made, "confirmation_id", confirmation)
    session.add(ConfirmationRequest(employer_id=ids["employer_id"], month=last_month, sent_at=clock.now()))
    for offset, status in ((3, DayStatus.CONFIRMED), (4, DayStatus.RECORDED), (5, DayStatus.DISPUTED)):
        day = ExperienceDay(
            placement_id=placement.id, participant_id=ids["participant_id"], employer_id=ids["employer_id"],
            held_on=last_month + timedelta(days=offset), starts_at=time(10), ends_at=time(12), minutes=120,
            status=status, recorded_at=clock.now(), delivery_firm_id=made.firm_id, firm_id=made.firm_id,
            dispute=f"{made.mark}違い" if status is DayStatus.DISPUTED else None,
            confirmation_id=confirmation.id if status is DayStatus.CONFIRMED else None,
        )  # fmt: skip
        _put(session, made, f"day_{status.value}", day)
    made.ids["day_id"] = made.ids["day_recorded"]


def _week(session: Any, made: Populated) -> None:
    ids, today = made.ids, clock.today()
    this_week = today - timedelta(days=today.weekday())
    made.week = this_week - timedelta(days=7)
    for weeks, status in ((2, RecordStatus.ACCEPTED), (1, RecordStatus.SUBMITTED), (0, RecordStatus.DRAFT)):
        start = this_week - timedelta(days=7 * weeks)
        record = WeeklyRecord(
            participant_id=ids["participant_id"], enrolment_id=ids["enrolment_id"], week_start=start,
            due_on=start + timedelta(days=7), status=status, delivery_firm_id=made.firm_id, firm_id=made.firm_id,
            first_submitted_at=None if status is RecordStatus.DRAFT else clock.now(),
        )  # fmt: skip
        _put(session, made, f"record_{status.value}", record)
        version = RecordVersion(
            weekly_record_id=record.id, participant_id=ids["participant_id"], version=1, is_current=True,
            summary=f"{made.mark}まとめ", request_to_caseworker=f"{made.mark}依頼", has_concern=True,
            concern_what=f"{made.mark}心配", saved_at=clock.now(), firm_id=made.firm_id,
            written_by=made.members["supporter"].membership_id,
        )  # fmt: skip
        _put(session, made, "version_id", version)
        session.add(
            RecordDay(
                record_version_id=version.id,
                held_on=start,
                menu_id=made.town.menu_id,
                attendance=Attendance.ATTENDED,
                minutes=60,
                observation=f"{made.mark}様子",
                firm_id=made.firm_id,
            )
        )
        session.flush()
        if status is not RecordStatus.DRAFT:
            version.submitted_at = clock.now()
            session.flush()
            concern = Concern(
                weekly_record_id=record.id, record_version_id=version.id, participant_id=ids["participant_id"],
                what=f"{made.mark}心配", raised_at=clock.now(), firm_id=made.firm_id,
            )  # fmt: skip
            _put(session, made, "concern_id", concern)
    ids["record_id"] = ids["record_submitted"]


def _fees(session: Any, made: Populated) -> None:
    ids = made.ids
    month = date.fromisoformat(f"{made.month}-01")
    statement = Statement(
        employer_id=ids["employer_id"], month=month, number=1, status=StatementStatus.SUBMITTED,
        payer="municipality", fee_kind="commission", tax_treatment="included", tax_rate_pct=10,
        employer_name=f"{made.mark}商店", net=2160, tax_included=196, tax_added=0, total=2160,
        compiled_at=clock.now(), submitted_at=clock.now(), note=f"{made.mark}備考",
        submitted_by=made.members["accounting"].membership_id, delivery_firm_id=made.firm_id, firm_id=made.firm_id,
    )  # fmt: skip
    _put(session, made, "statement_id", statement)
    line = Line(
        statement_id=statement.id, position=1, kind=LineKind.DAYS, placement_id=ids["placement_id"],
        nickname=f"{made.mark}さん", quantity=1, unit_price_id=ids["price_1"], unit_price=2160, price_version=1,
        amount=2160, status=LineStatus.OPEN, firm_id=made.firm_id,
    )  # fmt: skip
    _put(session, made, "line_id", line)
    session.add(
        LineDay(
            line_id=line.id,
            experience_day_id=ids["day_confirmed"],
            held_on=month + timedelta(days=3),
            minutes=120,
            sign=1,
            firm_id=made.firm_id,
        )
    )


def _report(session: Any, made: Populated) -> None:
    month = date.fromisoformat(f"{made.month}-01")
    report = MonthlyReport(
        month=month, edition=1, is_current=True, cut_off_at=clock.now(), definition_edition="2026-1",
        content_hash=made.mark, office_words=f"{made.mark}所見", compiled_at=clock.now(),
        xlsx_file_id=made.ids["file_id"], pdf_file_id=made.ids["file_id"],
    )  # fmt: skip
    _put(session, made, "report_id", report)
    figure = Figure(
        report_id=report.id, key="experience_days_by_employer", dimension=str(made.ids["employer_id"]),
        label=f"{made.mark}商店", value=1,
        unit="days", position=1,
    )  # fmt: skip
    _put(session, made, "figure_id", figure)
    session.add(FigurePerson(figure_id=figure.id, participant_id=made.ids["participant_id"], count=1))
    run = Run(
        month=month,
        status=RunStatus.DONE,
        report_id=report.id,
        asked_at=clock.now(),
        ended_at=clock.now(),
    )
    _put(session, made, "run_id", run)


def _import(session: Any, made: Populated) -> None:
    row = ParticipantImport(
        file_id=made.ids["file_id"], membership_id=made.members["caseworker"].membership_id,
        status=ImportStatus.APPLIED, errors=[], columns_left_out=[], uploaded_at=clock.now(),
    )  # fmt: skip
    _put(session, made, "import_id", row)


def _joining(session: Any, made: Populated) -> None:
    mark, now = made.mark, clock.now()
    for party, role, firm_id in ((Party.STAFF, Role.CASEWORKER, None), (Party.FIRM, Role.SUPPORTER, made.firm_id)):
        invitation = Invitation(
            email=f"{mark}-{party.value}@new.example", name=f"{mark}新任", kana="シンニン", party=party,
            roles=[role.value], firm_id=firm_id, status=InvitationStatus.SENT,
            invited_by=made.members["administrator"].membership_id, invited_at=now,
            expires_at=now + timedelta(days=7),
        )  # fmt: skip
        _put(session, made, "invitation_id", invitation)
        locked_out = made.members[role.value]
        reset = ResetRequest(
            account_id=locked_out.account_id, membership_id=locked_out.membership_id, firm_id=firm_id,
            lost=Lost.PASSWORD, status=ResetStatus.ASKED, asked_at=now,
        )  # fmt: skip
        _put(session, made, "reset_id", reset)


def _hosting(session: Any, made: Populated) -> None:
    now = clock.now()
    booked = Subscription(plan=Plan.STANDARD, seats=20, changed_at=now)
    _put(session, made, "subscription_id", booked)
    common = {
        "asked_by": made.members["caseworker"].account_id, "asked_by_name": f"{made.mark}運用者", "asked_at": now,
        "reason": f"{made.mark}不具合", "ticket": f"{made.mark}票", "hours": 1, "needs_consent": True,
    }  # fmt: skip
    second = {
        "approved_by": made.members["administrator"].account_id, "approved_by_name": f"{made.mark}承認者",
        "approved_at": now,
    }  # fmt: skip
    over = {
        "agreed_by": made.members["administrator"].membership_id, "agreed_at": now, "opened_at": now, "ends_at": now,
        "ended_at": now, "ended_by": EndedBy.TIME, "review": f"{made.mark}振返り",
    }  # fmt: skip
    _put(session, made, "break_id", GlassBreak(status=GlassStatus.ENDED, **common, **second, **over))
    _put(session, made, "break_asked", GlassBreak(status=GlassStatus.ASKED, **common))
    _put(session, made, "break_approved", GlassBreak(status=GlassStatus.APPROVED, **common, **second))


def _link(made: Populated) -> OneTimeLink:
    return OneTimeLink(
        token_hash=f"{made.mark}-{made.town.tenant_id}", purpose=LinkPurpose.EMPLOYER, tenant_id=made.town.tenant_id,
        employer_id=made.ids["employer_id"], email="x@shop.example", party=Party.EMPLOYER, roles=["contact"],
        created_at=clock.now(), expires_at=clock.now() + timedelta(days=1),
        account_id=made.members["contact"].account_id,
    )  # fmt: skip


def snapshot(app: Flask, town: Town) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of a municipality, table by table, to be compared before and after an attack."""
    tables: list[Table] = [t for t in ayumi.schema.metadata.sorted_tables if "tenant_id" in t.c]
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(
                    select(table).where(table.c.tenant_id == town.tenant_id).order_by(*table.primary_key.columns)
                )
            ]
            for table in tables
        }
