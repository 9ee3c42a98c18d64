"""What a populated town does: placements, weeks, fees, reports, lists, invitations, hosting."""

from datetime import date, time, timedelta
from typing import Any

from ayumi.accounts.model import Party, Role
from ayumi.fees.model import Line, LineDay, LineKind, LineStatus, Statement, StatementStatus
from ayumi.hosting.model import EndedBy, GlassBreak, GlassStatus, Plan, Subscription
from ayumi.invitations.model import Invitation, InvitationStatus, Lost, ResetRequest, ResetStatus
from ayumi.kernel import clock
from ayumi.participants.model import ImportStatus, ParticipantImport
from ayumi.placements.model import (
    Channel,
    Confirmation,
    ConfirmationRequest,
    DayStatus,
    ExperienceDay,
    Placement,
    PlacementStatus,
)
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.reports.model import Figure, FigurePerson, MonthlyReport, Run, RunStatus
from tests.isolation.town import Populated, put


def placement(session: Any, made: Populated) -> None:
    """Let the person work at the employer, with days in each state, one answered month and one asked."""
    ids, today = made.ids, clock.today()
    placement = Placement(
        participant_id=ids["participant_id"], employer_id=ids["employer_id"], site_id=ids["site_id"],
        nickname=f"{made.mark}さん", starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=30),
        planned_days_per_week=2, planned_minutes_per_day=120, status=PlacementStatus.ACTIVE, created_at=clock.now(),
        delivery_firm_id=made.firm_id, firm_id=made.firm_id, profile_strengths=f"{made.mark}長所",
        profile_consent_id=ids["consent_id"], meeting_held_on=today - timedelta(days=61),
    )  # fmt: skip
    put(session, made, "placement_id", placement)
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    made.month = f"{last_month:%Y-%m}"
    confirmation = Confirmation(
        employer_id=ids["employer_id"], month=last_month, channel=Channel.PAPER, given_at=clock.now(),
        given_by=f"{made.mark}店主", file_id=ids["file_id"],
    )  # fmt: skip
    put(session, made, "confirmation_id", confirmation)
    session.add(ConfirmationRequest(employer_id=ids["employer_id"], month=last_month, sent_at=clock.now()))
    for offset, status in ((3, DayStatus.CONFIRMED), (4, DayStatus.RECORDED), (5, DayStatus.DISPUTED)):
        day = ExperienceDay(
            placement_id=placement.id, participant_id=ids["participant_id"], employer_id=ids["employer_id"],
            held_on=last_month + timedelta(days=offset), starts_at=time(10), ends_at=time(12), minutes=120,
            status=status, recorded_at=clock.now(), delivery_firm_id=made.firm_id, firm_id=made.firm_id,
            dispute=f"{made.mark}違い" if status is DayStatus.DISPUTED else None,
            confirmation_id=confirmation.id if status is DayStatus.CONFIRMED else None,
        )  # fmt: skip
        put(session, made, f"day_{status.value}", day)
    made.ids["day_id"] = made.ids["day_recorded"]


def week(session: Any, made: Populated) -> None:
    """Write three weeks: accepted, handed in with a concern, and a draft."""
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
        put(session, made, f"record_{status.value}", record)
        version = RecordVersion(
            weekly_record_id=record.id, participant_id=ids["participant_id"], version=1, is_current=True,
            summary=f"{made.mark}まとめ", request_to_caseworker=f"{made.mark}依頼", has_concern=True,
            concern_what=f"{made.mark}心配", saved_at=clock.now(), firm_id=made.firm_id,
            written_by=made.members["supporter"].membership_id,
        )  # fmt: skip
        put(session, made, "version_id", version)
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
            put(session, made, "concern_id", concern)
    ids["record_id"] = ids["record_submitted"]


def fees(session: Any, made: Populated) -> None:
    """Compile a month for the employer."""
    ids = made.ids
    month = date.fromisoformat(f"{made.month}-01")
    statement = Statement(
        employer_id=ids["employer_id"], month=month, number=1, status=StatementStatus.SUBMITTED,
        payer="municipality", fee_kind="commission", tax_treatment="included", tax_rate_pct=10,
        employer_name=f"{made.mark}商店", net=2160, tax_included=196, tax_added=0, total=2160,
        compiled_at=clock.now(), submitted_at=clock.now(), note=f"{made.mark}備考",
        submitted_by=made.members["accounting"].membership_id, delivery_firm_id=made.firm_id, firm_id=made.firm_id,
    )  # fmt: skip
    put(session, made, "statement_id", statement)
    line = Line(
        statement_id=statement.id, position=1, kind=LineKind.DAYS, placement_id=ids["placement_id"],
        nickname=f"{made.mark}さん", quantity=1, unit_price_id=ids["price_1"], unit_price=2160, price_version=1,
        amount=2160, status=LineStatus.OPEN, firm_id=made.firm_id,
    )  # fmt: skip
    put(session, made, "line_id", line)
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


def report(session: Any, made: Populated) -> None:
    """Make a monthly report with one figure."""
    month = date.fromisoformat(f"{made.month}-01")
    report = MonthlyReport(
        month=month, edition=1, is_current=True, cut_off_at=clock.now(), definition_edition="2026-1",
        content_hash=made.mark, office_words=f"{made.mark}所見", compiled_at=clock.now(),
        xlsx_file_id=made.ids["file_id"], pdf_file_id=made.ids["file_id"],
    )  # fmt: skip
    put(session, made, "report_id", report)
    figure = Figure(
        report_id=report.id, key="experience_days_by_employer", dimension=str(made.ids["employer_id"]),
        label=f"{made.mark}商店", value=1,
        unit="days", position=1,
    )  # fmt: skip
    put(session, made, "figure_id", figure)
    session.add(FigurePerson(figure_id=figure.id, participant_id=made.ids["participant_id"], count=1))
    run = Run(
        month=month,
        status=RunStatus.DONE,
        report_id=report.id,
        asked_at=clock.now(),
        ended_at=clock.now(),
    )
    put(session, made, "run_id", run)


def imported(session: Any, made: Populated) -> None:
    """Hand in a list of people."""
    row = ParticipantImport(
        file_id=made.ids["file_id"], membership_id=made.members["caseworker"].membership_id,
        status=ImportStatus.APPLIED, errors=[], columns_left_out=[], uploaded_at=clock.now(),
    )  # fmt: skip
    put(session, made, "import_id", row)


def joining(session: Any, made: Populated) -> None:
    """Invite somebody, and let somebody ask to be let in again."""
    mark, now = made.mark, clock.now()
    for party, role, firm_id in ((Party.STAFF, Role.CASEWORKER, None), (Party.FIRM, Role.SUPPORTER, made.firm_id)):
        invitation = Invitation(
            email=f"{mark}-{party.value}@new.example", name=f"{mark}新任", kana="シンニン", party=party,
            roles=[role.value], firm_id=firm_id, status=InvitationStatus.SENT,
            invited_by=made.members["administrator"].membership_id, invited_at=now,
            expires_at=now + timedelta(days=7),
        )  # fmt: skip
        put(session, made, "invitation_id", invitation)
        locked_out = made.members[role.value]
        reset = ResetRequest(
            account_id=locked_out.account_id, membership_id=locked_out.membership_id, firm_id=firm_id,
            lost=Lost.PASSWORD, status=ResetStatus.ASKED, asked_at=now,
        )  # fmt: skip
        put(session, made, "reset_id", reset)


def hosting(session: Any, made: Populated) -> None:
    """Book a plan and look behind the glass once."""
    now = clock.now()
    booked = Subscription(plan=Plan.STANDARD, seats=20, changed_at=now)
    put(session, made, "subscription_id", booked)
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
    put(session, made, "break_id", GlassBreak(status=GlassStatus.ENDED, **common, **second, **over))
    put(session, made, "break_asked", GlassBreak(status=GlassStatus.ASKED, **common))
    put(session, made, "break_approved", GlassBreak(status=GlassStatus.APPROVED, **common, **second))
