"""A municipality with an employer, its site, its agreement and a person to place there: as little as a test needs."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.consents.model import Consent, ConsentStatus, Form, Scope
from ayumi.employers import prices, queries, rules
from ayumi.employers.model import Agreement, FeeKind, Payer, TaxTreatment
from ayumi.japan.calendar import Month, fiscal_year, fiscal_year_span
from ayumi.kernel import clock, ids
from ayumi.kernel.db import add
from ayumi.participants.model import Participant, Status
from ayumi.placements import days
from ayumi.placements import rules as placements
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, working

LAST_MONTH = Month.of(clock.today()).previous
FIRST, LAST = fiscal_year_span(fiscal_year(LAST_MONTH.first))
TERMS: dict[str, Any] = {
    "starts_on": FIRST,
    "ends_on": LAST,
    "fee_kind": FeeKind.COMMISSION,
    "payer": Payer.MUNICIPALITY,
    "tax_treatment": TaxTreatment.INCLUDED,
    "insurance": "傷害保険",
    "insured_until": LAST,
    "note": None,
}


@dataclass(frozen=True)
class Scene:
    """A town, who works there, and what stands there."""

    town: Town
    worker: Member
    head: Member
    employer_id: UUID
    site_id: UUID
    person_id: UUID
    firm_id: UUID | None = None
    supporter: Member | None = None

    @property
    def who(self) -> Member:
        """Whoever supports the person."""
        return self.supporter or self.worker


def a_scene(app: Flask, *, with_firm: bool = False, email: str | None = "") -> Scene:
    """Make a town with a partner employer and somebody in support."""
    town = a_town(app)
    worker = a_member(app, town, Party.STAFF, Role.CASEWORKER, name="佐々木 美咲")
    head = a_member(app, town, Party.STAFF, Role.SECTION_HEAD, name="田村 正")
    firm_id, supporter = None, None
    if with_firm:
        firm_id = a_firm(app)
        a_contract(app, town, firm_id)
        supporter = a_member(app, town, Party.FIRM, Role.SUPPORTER, name="鈴木 一郎", firm_id=firm_id)
    with inside(app, worker):
        contact = f"{ids.new().hex[-12:]}@bakery.example" if email == "" else email
        employer = rules.register(
            id=ids.new(),
            name="北上川ベーカリー",
            kana="キタカミガワベーカリー",
            contact_name="高田 治",
            contact_email=contact,
        )
        site = rules.add_site(employer.id, id=ids.new(), name="本店", accepted_on=FIRST, capacity=2)
        rules.agree(employer.id, id=ids.new(), fiscal_year=fiscal_year(FIRST), **TERMS)
        employer_id, site_id = employer.id, site.id
    return Scene(town, worker, head, employer_id, site_id, a_person(app, town, worker, firm_id), firm_id, supporter)


def a_person(
    app: Flask,
    town: Town,
    worker: Member | None = None,
    firm_id: UUID | None = None,
    *,
    family: str = "高橋",
    family_kana: str = "タカハシ",
    restricted: bool = False,
) -> UUID:
    """Make somebody in support."""
    with working(app, town):
        person = add(
            Participant(
                family_name=family,
                given_name="陽子",
                family_kana=family_kana,
                given_kana="ヨウコ",
                kana_key=f"{family_kana}ヨウコ",
                name_key=f"{family}陽子",
                case_number=ids.new().hex[-10:],
                birth_date=date(1975, 4, 2),
                barriers=[],
                caseworker_id=worker.membership_id if worker else None,
                delivery_firm_id=firm_id,
                firm_id=firm_id,
                is_restricted=restricted,
                status=Status.ACTIVE,
                created_at=clock.now(),
            )
        )
        return person.id


def a_consent(app: Flask, scene: Scene, *scopes: Scope) -> UUID:
    """Let the person consent."""
    with working(app, scene.town):
        consent = Consent(
            participant_id=scene.person_id,
            scopes=[scope.value for scope in scopes],
            form=Form.PAPER,
            given_on=clock.today(),
            status=ConsentStatus.IN_FORCE,
            firm_id=scene.firm_id,
            entered_at=clock.now(),
        )
        return add(consent).id


def a_price(app: Flask, scene: Scene, yen: int = 2160, valid_from: date = FIRST) -> UUID:
    """Propose a price and have it approved by another."""
    with inside(app, scene.worker):
        agreement = agreement_of(scene)
        price_id = prices.propose(agreement.id, id=ids.new(), yen=yen, tax_rate_pct=10, valid_from=valid_from).id
    with inside(app, scene.head):
        prices.approve(price_id)
    return price_id


def agreement_of(scene: Scene) -> Agreement:
    """Return the year's agreement, inside a place."""
    found = queries.agreement_on(scene.employer_id, FIRST)
    assert found is not None
    return found


def a_plan(scene: Scene, **given: Any) -> dict[str, Any]:
    """What a supporter enters to plan a placement."""
    said: dict[str, Any] = {
        "id": ids.new(),
        "site_id": scene.site_id,
        "nickname": "ひまわり",
        "starts_on": LAST_MONTH.first,
        "ends_on": LAST_MONTH.last + timedelta(days=60),
        "planned_days_per_week": 2,
        "planned_minutes_per_day": 120,
        "tasks": "袋詰め",
    }
    return said | given


def a_placement(app: Flask, scene: Scene, *, person_id: UUID | None = None, **given: Any) -> UUID:
    """Plan a placement, hold its meeting and start it."""
    with inside(app, scene.who):
        placement = placements.plan(person_id or scene.person_id, **a_plan(scene, **given))
        placements.hold_meeting(placement.id, meeting_held_on=clock.today(), meeting_note=None)
        return placements.start(placement.id).id


def worked(*numbers: int, starts_at: time = time(10), ends_at: time = time(12)) -> list[days.Worked]:
    """Days of last month."""
    minutes = (ends_at.hour - starts_at.hour) * 60 + ends_at.minute - starts_at.minute
    return [days.Worked(LAST_MONTH.first.replace(day=n), starts_at, ends_at, minutes) for n in numbers]


def some_days(app: Flask, scene: Scene, placement_id: UUID, *numbers: int) -> list[UUID]:
    """Record days of last month."""
    with inside(app, scene.who):
        return [day.id for day in days.record(placement_id, worked(*numbers))]


def a_contact(app: Flask, scene: Scene) -> Member:
    """Make the employer's contact person, who comes by link."""
    return a_member(app, scene.town, Party.EMPLOYER, Role.CONTACT, name="高田 治", employer_id=scene.employer_id)
