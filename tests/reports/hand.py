"""Puts rows straight into the tables, so that each date is what a test says and not when the test runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
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
from ayumi.japan.calendar import Month
from ayumi.kernel.clock import JAPAN
from ayumi.kernel.db import visiting
from ayumi.kernel.journal import Entry
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu, MenuStatus, Tier
from ayumi.participants.model import Participant, Status
from ayumi.placements.model import DayStatus, ExperienceDay, Placement, PlacementStatus
from ayumi.plans.model import Goal, GoalKind
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.selection.model import EndReason, Enrolment, EnrolmentStatus
from tests.world import Member, Town, a_member, a_town

MARCH = Month(2026, 3)
Line_ = tuple[date, Attendance, str]


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """Return an instant by the clocks of Japan."""
    return datetime(year, month, day, hour, minute, tzinfo=JAPAN)


@dataclass
class Hand:
    """Puts rows into one town."""

    session: Any
    town: Town
    head: Member
    clerk: Member
    mark: str = ""
    people: dict[str, UUID] = field(default_factory=dict)
    menus: dict[str, UUID] = field(default_factory=dict)
    employers: dict[str, UUID] = field(default_factory=dict)
    prices: dict[str, UUID] = field(default_factory=dict)
    placements: dict[tuple[str, str], UUID] = field(default_factory=dict)
    versions: dict[str, UUID] = field(default_factory=dict)

    def put(self, row: Any) -> Any:
        """Put a row at once."""
        self.session.add(row)
        self.session.flush()
        return row

    def person(
        self, name: str, *, created: datetime, status: Status = Status.ACTIVE, firm_id: UUID | None = None, **more: Any
    ) -> UUID:
        """Put somebody, as they stand now."""
        row = Participant(
            family_name=f"{self.mark}{name}", given_name="花子", family_kana="カナ", given_kana="ハナコ",
            kana_key=f"カナ{len(self.people):02}", name_key=name, case_number=f"{self.mark}{name}-1",
            birth_date=date(1980, 5, 5), barriers=[], delivery_firm_id=firm_id, firm_id=firm_id, status=status,
            created_at=created, **more,
        )  # fmt: skip
        self.people[name] = self.put(row).id
        return self.people[name]

    def enrol(self, name: str, starts: date, ends: date | None = None, reason: EndReason | None = None) -> UUID:
        """Put an enrolment."""
        row = Enrolment(
            participant_id=self.people[name], route_id=self.town.route_id, route_label="", decided_on=starts,
            decided_by="", reason="", starts_on=starts, ends_on=ends, end_reason=reason,
            status=EnrolmentStatus.ENDED if ends else EnrolmentStatus.ACTIVE, entered_at=at(2026, 1, 1),
        )  # fmt: skip
        made: UUID = self.put(row).id
        return made

    def told(self, name: str, when: datetime, action: str, **more: Any) -> None:
        """Put a line of a person's history."""
        self.put(
            Entry(subject="participant", subject_id=self.people[name], action=action, at=when, door="staff", **more)
        )

    def menu(self, name: str, position: int) -> None:
        """Put a menu."""
        row = Menu(name=f"{self.mark}{name}", tier=Tier.SOCIAL, status=MenuStatus.PUBLISHED, position=position)
        self.menus[name] = self.put(row).id

    # Weeks ---

    def week(
        self,
        name: str,
        enrolment_id: UUID,
        monday: date,
        status: RecordStatus,
        *,
        submitted: datetime | None = None,
    ) -> UUID:
        """Put a week, due on the Monday after it."""
        row = WeeklyRecord(
            participant_id=self.people[name], enrolment_id=enrolment_id, week_start=monday,
            due_on=monday + timedelta(days=7), status=status, first_submitted_at=submitted,
            skip_reason="休止" if status is RecordStatus.SKIPPED else None,
        )  # fmt: skip
        made: UUID = self.put(row).id
        return made

    def version(
        self,
        name: str,
        record_id: UUID,
        lines: Sequence[Line_],
        *,
        number: int = 1,
        current: bool = True,
        submitted: datetime | None = None,
    ) -> UUID:
        """Put a version with its lines: (day, attendance, menu or '' for work experience)."""
        row = RecordVersion(
            weekly_record_id=record_id, participant_id=self.people[name], version=number, is_current=current,
            saved_at=at(2026, 3, 1),
        )  # fmt: skip
        self.put(row)
        for place, (day, attendance, menu) in enumerate(lines):
            self.put(
                RecordDay(
                    record_version_id=row.id,
                    held_on=day,
                    position=place,
                    attendance=attendance,
                    menu_id=self.menus[menu] if menu else None,
                    placement_id=None if menu else self.placements[(name, "北")],
                )  # fmt: skip
            )
        if submitted:
            row.submitted_at = submitted
            self.session.flush()
        return row.id

    def concern(self, name: str, record_id: UUID, version_id: UUID, raised: datetime, seen: datetime | None) -> None:
        """Put a concern."""
        self.put(
            Concern(
                weekly_record_id=record_id,
                record_version_id=version_id,
                participant_id=self.people[name],
                what="心配",
                raised_at=raised,
                acknowledged_at=seen,
            )  # fmt: skip
        )

    # Work experience and fees ---

    def employer(self, name: str, kana: str, yen: int, *names: str) -> None:
        """Put an employer with its price, and placements of these people."""
        row = self.put(
            Employer(name=f"{self.mark}{name}の店", kana=kana, status=EmployerStatus.PARTNER, created_at=at(2025, 4, 1))
        )
        self.employers[name] = row.id
        site = self.put(Site(employer_id=row.id, name="本店"))
        span = {"starts_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31)}
        agreement = self.put(
            Agreement(
                employer_id=row.id,
                fiscal_year=2025,
                fee_kind=FeeKind.COMMISSION,
                payer=Payer.MUNICIPALITY,
                tax_treatment=TaxTreatment.ADDED,
                **span,
            )  # fmt: skip
        )
        price = UnitPrice(
            agreement_id=agreement.id, employer_id=row.id, version=1, yen=yen, tax_rate_pct=10,
            valid_from=span["starts_on"], valid_to=span["ends_on"], status=PriceStatus.APPROVED,
            entered_by=self.clerk.membership_id, entered_at=at(2025, 4, 1), decided_by=self.head.membership_id,
            decided_at=at(2025, 4, 1),
        )  # fmt: skip
        self.prices[name] = self.put(price).id
        for each in names:
            self.placements[(each, name)] = self._placement(each, row.id, site.id)

    def _placement(self, name: str, employer_id: UUID, site_id: UUID) -> UUID:
        row = Placement(
            participant_id=self.people[name], employer_id=employer_id, site_id=site_id, nickname=name,
            starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30), planned_days_per_week=2,
            planned_minutes_per_day=120, status=PlacementStatus.ACTIVE, created_at=at(2026, 1, 1),
        )  # fmt: skip
        made: UUID = self.put(row).id
        return made

    def day(self, name: str, employer: str, on: date, status: DayStatus) -> UUID:
        """Put a day of work experience."""
        row = ExperienceDay(
            placement_id=self.placements[(name, employer)], participant_id=self.people[name],
            employer_id=self.employers[employer], held_on=on, starts_at=time(10), ends_at=time(12), minutes=120,
            status=status, recorded_at=at(2026, 3, 31), dispute="違う" if status is DayStatus.DISPUTED else None,
        )  # fmt: skip
        made: UUID = self.put(row).id
        return made

    def fees(
        self, employer: str, yen: int, days: dict[str, list[tuple[UUID, date]]], *, tax: int, approved: bool
    ) -> UUID:
        """Put March's statement of an employer: the days of each person."""
        net = sum(len(found) for found in days.values()) * yen
        row = self.put(
            Statement(
                employer_id=self.employers[employer],
                month=MARCH.first,
                number=1,
                status=StatementStatus.SUBMITTED,
                payer="municipality",
                fee_kind="commission",
                tax_treatment="added",
                tax_rate_pct=10,
                employer_name=employer,
                net=net,
                tax_included=0,
                tax_added=tax,
                total=net + tax,
                compiled_at=at(2026, 4, 2),
                submitted_at=at(2026, 4, 2),
                submitted_by=self.clerk.membership_id,
            )  # fmt: skip
        )
        for place, (name, found) in enumerate(days.items()):
            self._line(row.id, place, name, employer, yen, found, LineStatus.APPROVED if approved else LineStatus.OPEN)
        if approved:
            row.status, row.content_hash = StatementStatus.APPROVED, "x"
            row.approved_by, row.approved_at = self.head.membership_id, at(2026, 4, 3)
            self.session.flush()
        made: UUID = row.id
        return made

    def _line(
        self,
        statement_id: UUID,
        place: int,
        name: str,
        employer: str,
        yen: int,
        days: list[tuple[UUID, date]],
        status: LineStatus,
    ) -> None:
        line = self.put(
            Line(
                statement_id=statement_id,
                position=place,
                kind=LineKind.DAYS,
                nickname=name,
                quantity=len(days),
                placement_id=self.placements[(name, employer)],
                unit_price_id=self.prices[employer],
                unit_price=yen,
                price_version=1,
                amount=len(days) * yen,
                status=status,
            )  # fmt: skip
        )
        for day_id, on in days:
            self.put(LineDay(line_id=line.id, experience_day_id=day_id, held_on=on, minutes=120, sign=1))

    # Goals and consents ---

    def goal(self, name: str, enrolment_id: UUID, version: int, kind: GoalKind, on: date, *, current: bool) -> None:
        """Put a version of a goal."""
        self.put(
            Goal(
                enrolment_id=enrolment_id,
                participant_id=self.people[name],
                version=version,
                is_current=current,
                kind=kind,
                text="",
                agreed_on=on,
                reason="考えが変わった" if version > 1 else None,
                entered_at=at(2026, 1, 1),
            )  # fmt: skip
        )

    def withdrawn(self, name: str, on: date) -> None:
        """Put a consent that was taken back."""
        self.put(
            Consent(
                participant_id=self.people[name],
                scopes=["firm"],
                form=Form.PAPER,
                given_on=date(2026, 1, 1),
                withdrawn_on=on,
                status=ConsentStatus.WITHDRAWN,
                entered_at=at(2026, 1, 1),
            )  # fmt: skip
        )


@contextmanager
def hand(app: Flask, town: Town | None = None, mark: str = "") -> Iterator[Hand]:
    """Put rows into a town, as its owner."""
    town = town or a_town(app, name=f"{mark}市" if mark else "")
    head = a_member(app, town, Party.STAFF, Role.SECTION_HEAD, name=f"{mark}課長")
    clerk = a_member(app, town, Party.STAFF, Role.CASEWORKER, name=f"{mark}担当")
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        yield Hand(session, town, head, clerk, mark)
