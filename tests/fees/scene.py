"""A partner employer, people at it and their days, made as small as a test of fees needs."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
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
from ayumi.fees import approval, content, rules
from ayumi.fees.content import Content
from ayumi.fees.model import Statement
from ayumi.japan.calendar import Month, fiscal_year, fiscal_year_span
from ayumi.kernel import clock, ids, states
from ayumi.kernel.db import add, db, one
from ayumi.participants.model import Participant, Status
from ayumi.placements.model import DAY_TRANSITIONS, DayStatus, ExperienceDay, Placement, PlacementStatus
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, working

THIS_MONTH = Month.of(clock.today())
LAST_MONTH = THIS_MONTH.previous
BEFORE_LAST = LAST_MONTH.previous
NAMES = itertools.cycle(["あおい", "ハル", "そら", "みどり", "𠮷さん"])


@dataclass
class Scene:
    """A town with an employer: who compiles, who approves, and who is there for work experience."""

    app: Flask
    town: Town
    compiler: Member
    approver: Member
    employer_id: UUID
    agreements: dict[int, UUID]
    prices: dict[int, UUID]
    firm_id: UUID | None = None
    placements: list[UUID] = field(default_factory=list)

    @property
    def placement_id(self) -> UUID:
        """The first person's placement."""
        return self.placements[0]

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """Be whoever compiles."""
        with inside(self.app, self.compiler):
            yield

    @contextmanager
    def approving(self) -> Iterator[None]:
        """Be whoever approves."""
        with inside(self.app, self.approver):
            yield

    def confirmed(self, *dates: date, placement_id: UUID | None = None) -> list[UUID]:
        """Put in confirmed days."""
        with working(self.app, self.town):
            return [a_day(placement_id or self.placement_id, on).id for on in dates]

    def becomes(self, day_id: UUID | None, *statuses: DayStatus) -> None:
        """Let a day change its state."""
        with self.approving():
            assert day_id is not None
            day = one(ExperienceDay, day_id)
            for status in statuses:
                day.dispute = "その日は来ていません" if status is DayStatus.DISPUTED else day.dispute
                states.change(day, status, table=DAY_TRANSITIONS, action=status.value)

    def compiled(self, month: Month = LAST_MONTH) -> UUID:
        """Compile a month."""
        with self.compiling():
            return rules.compile(self.employer_id, month, self.firm_id).id

    def submitted(self, month: Month = LAST_MONTH) -> UUID:
        """Compile a month and hand it in."""
        statement_id = self.compiled(month)
        with self.compiling():
            rules.submit(statement_id)
        return statement_id

    def approved(self, month: Month = LAST_MONTH) -> UUID:
        """Compile a month, hand it in and have it approved."""
        statement_id = self.submitted(month)
        with self.approving():
            approval.approve(statement_id, edition=one(Statement, statement_id).edition)
        return statement_id

    def said(self, statement_id: UUID) -> Content:
        """Read a statement."""
        with self.approving():
            found = content.of(statement_id)
            db.session.expunge(found.statement)
            return found

    def statement(self, statement_id: UUID) -> Statement:
        """Return a statement's row as the approver sees it."""
        with self.approving():
            found = one(Statement, statement_id)
            db.session.expunge(found)
            return found


def a_scene(
    app: Flask,
    *,
    with_firm: bool = False,
    yen: int = 2160,
    tax: TaxTreatment = TaxTreatment.INCLUDED,
    rate: int = 10,
    fee_kind: FeeKind = FeeKind.COMMISSION,
    payer: Payer = Payer.MUNICIPALITY,
    people: int = 1,
) -> Scene:
    """Make a town, an employer with a price for this fiscal year and the one before, and people placed there."""
    town = a_town(app, name="盛岡市")
    firm_id = a_firm(app, name="特定非営利活動法人あゆみの会") if with_firm else None
    if firm_id:
        a_contract(app, town, firm_id)
        compiler = a_member(app, town, Party.FIRM, Role.ACCOUNTING, firm_id=firm_id, name="会計 恵")
    else:
        compiler = a_member(app, town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER, name="就労 支援員")
    approver = a_member(app, town, Party.STAFF, Role.SECTION_HEAD, name="課長 田村")
    scene = Scene(app, town, compiler, approver, ids.new(), {}, {}, firm_id)
    with working(app, town):
        add(
            Employer(
                id=scene.employer_id,
                name="北上川ベーカリー",
                kana="キタカミガワベーカリー",
                status=EmployerStatus.PARTNER,
                created_at=clock.now(),
            )
        )
        for year in (fiscal_year(BEFORE_LAST.first) - 1, fiscal_year(BEFORE_LAST.first), fiscal_year(clock.today())):
            if year not in scene.agreements:
                agreement = an_agreement(scene.employer_id, year, fee_kind=fee_kind, payer=payer, tax=tax)
                scene.agreements[year] = agreement.id
                if fee_kind is not FeeKind.NONE:
                    scene.prices[year] = a_price(scene, agreement, yen, rate).id
        scene.placements = [a_placement(scene) for _number in range(people)]
    return scene


def an_agreement(
    employer_id: UUID,
    year: int,
    *,
    fee_kind: FeeKind = FeeKind.COMMISSION,
    payer: Payer = Payer.MUNICIPALITY,
    tax: TaxTreatment = TaxTreatment.INCLUDED,
) -> Agreement:
    """Agree with an employer for a fiscal year. Only within the worker's place."""
    first, last = fiscal_year_span(year)
    return add(
        Agreement(
            employer_id=employer_id,
            fiscal_year=year,
            starts_on=first,
            ends_on=last,
            fee_kind=fee_kind,
            payer=payer,
            tax_treatment=tax,
        )
    )


def a_price(
    scene: Scene,
    agreement: Agreement,
    yen: int,
    rate: int = 10,
    *,
    version: int = 1,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> UnitPrice:
    """Have a price approved. Only within a place."""
    return add(
        UnitPrice(
            agreement_id=agreement.id,
            employer_id=scene.employer_id,
            version=version,
            yen=yen,
            tax_rate_pct=rate,
            valid_from=valid_from or agreement.starts_on,
            valid_to=valid_to or agreement.ends_on,
            status=PriceStatus.APPROVED,
            entered_by=scene.compiler.membership_id,
            entered_at=clock.now(),
            decided_by=scene.approver.membership_id,
            decided_at=clock.now(),
        )
    )


def a_new_price(scene: Scene, from_day: date, yen: int, *, rate: int = 10) -> UUID:
    """Let another price count from a day on to the end of its fiscal year."""
    with scene.approving():
        agreement = one(Agreement, scene.agreements[fiscal_year(from_day)])
        former = db.session.scalars(
            select(UnitPrice).where(UnitPrice.agreement_id == agreement.id).order_by(UnitPrice.valid_from.desc())
        ).first()
        assert former is not None
        former.valid_to = date.fromordinal(from_day.toordinal() - 1)
        db.session.flush()
        return a_price(scene, agreement, yen, rate, version=former.version + 1, valid_from=from_day).id


def a_placement(scene: Scene, *, family_name: str = "高橋", nickname: str = "", restricted: bool = False) -> UUID:
    """Place somebody at the employer. Only within the worker's place."""
    person = add(
        Participant(
            family_name=family_name,
            given_name="陽子",
            family_kana="タカハシ",
            given_kana="ヨウコ",
            kana_key="たかはしようこ",
            name_key=f"{family_name}陽子",
            case_number=ids.new().hex[-10:],
            birth_date=date(1975, 4, 2),
            barriers=[],
            delivery_firm_id=scene.firm_id,
            firm_id=scene.firm_id,
            is_restricted=restricted,
            status=Status.ACTIVE,
            created_at=clock.now(),
        )
    )
    site_id = ids.new()
    add(Site(id=site_id, employer_id=scene.employer_id, name=f"本店{site_id.hex[-6:]}"))
    return add(
        Placement(
            participant_id=person.id,
            employer_id=scene.employer_id,
            site_id=site_id,
            nickname=nickname or next(NAMES),
            starts_on=date(2020, 1, 1),
            ends_on=date(2040, 1, 1),
            planned_days_per_week=2,
            planned_minutes_per_day=180,
            status=PlacementStatus.ACTIVE,
            delivery_firm_id=scene.firm_id,
            firm_id=scene.firm_id,
            created_at=clock.now(),
        )
    ).id


def a_day(placement_id: UUID, on: date, status: DayStatus = DayStatus.CONFIRMED, minutes: int = 180) -> ExperienceDay:
    """Put in a day. Only within the worker's place."""
    placement = one(Placement, placement_id)
    return add(
        ExperienceDay(
            placement_id=placement.id,
            participant_id=placement.participant_id,
            employer_id=placement.employer_id,
            held_on=on,
            starts_at=time(10),
            ends_at=time(13),
            minutes=minutes,
            status=status,
            recorded_at=clock.now(),
            delivery_firm_id=placement.delivery_firm_id,
            firm_id=placement.firm_id,
        )
    )


def on(month: Month, day: int) -> date:
    """A day of a month by number."""
    return date(month.year, month.month, day)


def dates(month: Month, *days: int) -> list[date]:
    """Days of a month by number."""
    return [on(month, day) for day in days]


def waiting(app: Flask, **more: Any) -> tuple[Scene, Statement]:
    """Make a statement of two people and three days that waits for approval."""
    scene = a_scene(app, people=2, **more)
    scene.confirmed(*dates(LAST_MONTH, 3, 4))
    scene.confirmed(*dates(LAST_MONTH, 3), placement_id=scene.placements[1])
    return scene, scene.statement(scene.submitted())
