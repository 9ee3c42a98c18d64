"""What lies in the scene of a disposal: two people with all their papers, and a month that was paid for both."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from ayumi.accounts.model import Party, Role
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
from ayumi.japan.calendar import fiscal_year, week_start
from ayumi.kernel import clock, journal
from ayumi.kernel.db import db, visiting
from ayumi.kernel.files import rules as files
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving.model import Packing, PackingStatus
from ayumi.participants.model import ImportStatus, NamedStaff, Participant, ParticipantImport, Status, Supporter
from ayumi.placements.model import (
    Channel,
    Confirmation,
    DayStatus,
    ExperienceDay,
    Placement,
    PlacementStatus,
)
from ayumi.plans.model import Goal, GoalKind
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.reports.model import Figure, FigurePerson, MonthlyReport
from ayumi.selection.model import EndReason, Enrolment, EnrolmentStatus
from tests.retention.scene import ENDED, GONE, MONTH, STAYS, Scene
from tests.world import a_member, a_town, at, working


def a_scene(app: Flask, *, ended: date = ENDED, paid_at: datetime | None = None) -> Scene:
    """Make it. ``paid_at``: when the shared month was approved."""
    town = a_town(app)
    scene = Scene(
        app,
        town,
        a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER, name="査察 指導"),
        a_member(app, town, Party.STAFF, Role.SECTION_HEAD, name="課長 決裁"),
        a_member(app, town, Party.STAFF, Role.ADMINISTRATOR, name="管理 太郎"),
    )
    with working(app, town):
        _employer(scene)
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        for id, mark, over in ((scene.gone, GONE, True), (scene.stays, STAYS, False)):
            person(scene, session, id, mark, ended if over else None)
        _paid_month(scene, session, paid_at or datetime(2015, 9, 10, 3, tzinfo=UTC))
        _report(scene, session)
    with at(app, Place(Door.OWNER, tenant_id=town.tenant_id)):
        _files(scene)
        _journal(scene)
    return scene


def _put(session: Any, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def _employer(scene: Scene) -> None:
    year = fiscal_year(MONTH)
    employer = _put(
        db.session,
        Employer(name="北町パン", kana="キタマチパン", status=EmployerStatus.PARTNER, created_at=clock.now()),
    )
    site = _put(db.session, Site(employer_id=employer.id, name="本店"))
    agreement = Agreement(
        employer_id=employer.id, fiscal_year=year, starts_on=date(year, 4, 1), ends_on=date(year + 1, 3, 31),
        fee_kind=FeeKind.COMMISSION, payer=Payer.MUNICIPALITY, tax_treatment=TaxTreatment.INCLUDED,
    )  # fmt: skip
    _put(db.session, agreement)
    price = UnitPrice(
        agreement_id=agreement.id, employer_id=employer.id, version=1, yen=2160, tax_rate_pct=8,
        valid_from=date(year, 4, 1), valid_to=date(year + 1, 3, 31), status=PriceStatus.APPROVED,
        entered_by=scene.drafter.membership_id, entered_at=clock.now(), decided_by=scene.head.membership_id,
        decided_at=clock.now(),
    )  # fmt: skip
    _put(db.session, price)
    scene.ids |= {"employer": employer.id, "site": site.id, "agreement": agreement.id, "price": price.id}


def person(scene: Scene, session: Any, id: UUID, mark: str, ended: date | None) -> None:
    now, me = clock.now(), scene.drafter.membership_id
    over = ended is not None
    person = Participant(
        id=id, family_name=mark, given_name="名", family_kana="カナ", given_kana="カナ", kana_key=f"カナ{mark}",
        name_key=mark, nickname=f"{mark}さん", household_number="世帯-7", case_number=f"{mark}-1",
        birth_date=date(1980, 5, 5), phone=f"{mark}電話", barriers=["work_gap"], note=f"{mark}覚書",
        status=Status.ENDED if over else Status.ACTIVE, created_at=now,
    )  # fmt: skip
    _put(session, person)
    _put(session, Supporter(participant_id=id, membership_id=me))
    _put(session, NamedStaff(participant_id=id, membership_id=me))
    enrolment = Enrolment(
        participant_id=id, route_id=scene.town.route_id, route_label="経路", decided_on=date(2015, 4, 1),
        decided_by="会議", reason=f"{mark}理由", wish=f"{mark}希望", starts_on=date(2015, 4, 1), ends_on=ended,
        end_reason=EndReason.JOB if over else None, end_note=f"{mark}終了" if over else None,
        status=EnrolmentStatus.ENDED if over else EnrolmentStatus.ACTIVE, entered_at=now,
    )  # fmt: skip
    _put(session, enrolment)
    for version in (1, 2):
        _put(
            session,
            Goal(
                enrolment_id=enrolment.id, participant_id=id, version=version, is_current=version == 2,
                kind=GoalKind.JOB, text=f"{mark}目標", agreed_on=date(2015, 4, 1), reason="変更", entered_at=now,
            ),
        )  # fmt: skip
    _week(scene, session, id, mark, enrolment.id)
    consent = Consent(
        participant_id=id, scopes=["firm", "employer_profile"], form=Form.SPOKEN, given_on=date(2015, 4, 1),
        witness=f"{mark}立会", status=ConsentStatus.IN_FORCE, entered_at=now,
    )  # fmt: skip
    _put(session, consent)
    placement = Placement(
        participant_id=id, employer_id=scene.ids["employer"], site_id=scene.ids["site"], nickname=f"{mark}さん",
        starts_on=MONTH, ends_on=date(2015, 9, 30), planned_days_per_week=2, planned_minutes_per_day=120,
        status=PlacementStatus.ENDED, created_at=now, profile_strengths=f"{mark}長所", profile_consent_id=consent.id,
    )  # fmt: skip
    _put(session, placement)
    scene.ids |= {f"consent:{mark}": consent.id, f"placement:{mark}": placement.id}


def _week(scene: Scene, session: Any, id: UUID, mark: str, enrolment_id: UUID) -> None:
    monday, now = week_start(MONTH), clock.now()
    record = WeeklyRecord(
        participant_id=id, enrolment_id=enrolment_id, week_start=monday, due_on=monday + timedelta(days=7),
        status=RecordStatus.ACCEPTED, first_submitted_at=now,
    )  # fmt: skip
    _put(session, record)
    for number in (1, 2):
        version = RecordVersion(
            weekly_record_id=record.id, participant_id=id, version=number, is_current=number == 2,
            summary=f"{mark}まとめ{number}", has_concern=True, concern_what=f"{mark}心配", saved_at=now,
        )  # fmt: skip
        _put(session, version)
        day = RecordDay(
            record_version_id=version.id, held_on=monday, menu_id=scene.town.menu_id, attendance=Attendance.ATTENDED,
            minutes=60, observation=f"{mark}様子",
        )  # fmt: skip
        _put(session, day)
        version.submitted_at = now
        session.flush()
        concern = Concern(
            weekly_record_id=record.id,
            record_version_id=version.id,
            participant_id=id,
            what=f"{mark}心配",
            raised_at=now,
        )
        _put(session, concern)
    scene.ids[f"record:{mark}"] = record.id


def _paid_month(scene: Scene, session: Any, at: datetime) -> None:
    ids_, confirmation = scene.ids, None
    confirmation = Confirmation(
        employer_id=ids_["employer"], month=MONTH, channel=Channel.PAPER, given_at=at, given_by="店主 大町"
    )
    _put(session, confirmation)
    statement = Statement(
        employer_id=ids_["employer"], month=MONTH, number=1, status=StatementStatus.SUBMITTED, payer="municipality",
        fee_kind="commission", tax_treatment="included", tax_rate_pct=8, employer_name="北町パン", net=2 * 2160,
        tax_included=320, tax_added=0, total=2 * 2160, compiled_at=at, submitted_at=at,
        submitted_by=scene.drafter.membership_id,
    )  # fmt: skip
    _put(session, statement)
    for position, mark in enumerate((GONE, STAYS), 1):
        _paid_line(scene, session, statement.id, position, mark, confirmation.id)
    statement.content_hash, statement.approved_by = "siegel", scene.head.membership_id
    statement.approved_at, statement.status = at, StatementStatus.APPROVED
    session.flush()
    ids_ |= {"statement": statement.id, "confirmation": confirmation.id}


def _paid_line(scene: Scene, session: Any, statement_id: UUID, number: int, mark: str, confirmation_id: UUID) -> None:
    day = ExperienceDay(
        placement_id=scene.ids[f"placement:{mark}"], participant_id=scene.gone if mark == GONE else scene.stays,
        employer_id=scene.ids["employer"], held_on=MONTH + timedelta(days=2), starts_at=time(10), ends_at=time(12),
        minutes=120, status=DayStatus.CONFIRMED, recorded_at=clock.now(), confirmation_id=confirmation_id,
    )  # fmt: skip
    _put(session, day)
    line = Line(
        statement_id=statement_id, position=number, kind=LineKind.DAYS, placement_id=scene.ids[f"placement:{mark}"],
        nickname=f"{mark}さん", quantity=1, unit_price_id=scene.ids["price"], unit_price=2160, price_version=1,
        amount=2160, status=LineStatus.APPROVED,
    )  # fmt: skip
    _put(session, line)
    paid = LineDay(line_id=line.id, experience_day_id=day.id, held_on=day.held_on, minutes=120, sign=1)
    _put(session, paid)
    scene.ids |= {f"day:{mark}": day.id, f"line:{mark}": line.id}


def _report(scene: Scene, session: Any) -> None:
    report = MonthlyReport(
        month=MONTH, edition=1, is_current=True, cut_off_at=clock.now(), definition_edition="2026-1",
        content_hash="x", compiled_at=clock.now(),
    )  # fmt: skip
    _put(session, report)
    figure = Figure(
        report_id=report.id, key="people_in_support", dimension="", value=2, unit="people", position=1
    )  # fmt: skip
    _put(session, figure)
    for id in (scene.gone, scene.stays):
        _put(session, FigurePerson(figure_id=figure.id, participant_id=id, count=1))
    scene.ids |= {"report": report.id, "figure": figure.id}


def _files(scene: Scene) -> None:
    for mark in (GONE, STAYS):
        _scan(scene, mark)
    listed = files.keep(
        f"番号,氏名\r\n1,{GONE}\r\n2,{STAYS}".encode(),
        filename=f"{GONE}.csv",
        content_type="text/csv",
        purpose="import",
    )
    sheet = ParticipantImport(
        file_id=listed.id, membership_id=scene.drafter.membership_id, status=ImportStatus.APPLIED,
        errors=[{"row": 1, "params": {"name": GONE}}], columns_left_out=[], uploaded_at=clock.now(),
        ended_at=datetime(2015, 4, 2, tzinfo=UTC),
    )  # fmt: skip
    _put(db.session, sheet)
    packed = files.keep(f"all of {GONE}".encode(), filename="x.zip", content_type="application/zip", purpose="packing")
    scene.ids |= {"import": sheet.id, "packing_file": packed.id}


def _scan(scene: Scene, mark: str) -> None:
    kept = files.keep(
        f"%PDF {mark}".encode(), filename=f"{mark}.pdf", content_type="application/pdf", purpose="consent",
        subject_id=scene.ids[f"consent:{mark}"],
    )  # fmt: skip
    db.session.get_one(Consent, (scene.town.tenant_id, scene.ids[f"consent:{mark}"])).file_id = kept.id
    db.session.flush()
    scene.ids[f"scan:{mark}"] = kept.id


def _journal(scene: Scene) -> None:
    for id, mark in ((scene.gone, GONE), (scene.stays, STAYS)):
        journal.note_of("participant", id, "updated", changes={"phone": [f"{mark}電話", "000"]}, why=f"{mark}から")
        journal.note_of("weekly_record", scene.ids[f"record:{mark}"], "returned", why=f"{mark}の件")


def a_packing(scene: Scene) -> None:
    """Put in a packing whose file holds everybody."""
    place = Place(Door.OWNER, tenant_id=scene.town.tenant_id)
    with scene.app.app_context(), visiting(place) as session:
        row = Packing(
            status=PackingStatus.PACKED, asked_by=scene.administrator.membership_id, asked_at=clock.now(),
            packed_at=clock.now(), file_id=scene.ids["packing_file"],
        )  # fmt: skip
        session.add(row)
