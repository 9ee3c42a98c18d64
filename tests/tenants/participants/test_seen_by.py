"""The page that tells who can see a person agrees with what each member's own door really shows."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from ayumi.accounts.model import Membership, Party, Role
from ayumi.audit import reading
from ayumi.contracts.model import Contract
from ayumi.hosting.model import GlassBreak, GlassStatus
from ayumi.kernel import clock, ids
from ayumi.kernel.db import one, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import rules
from ayumi.participants.model import Participant
from tests.participants.people import a_person
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, logged_in, posted, working

STAFF = (
    Role.CASEWORKER, Role.SUPERVISING_CASEWORKER, Role.EMPLOYMENT_SUPPORT_WORKER, Role.SECTION_HEAD,
    Role.FINANCE_OFFICER, Role.ADMINISTRATOR,
)  # fmt: skip
FIRM = (Role.MANAGER, Role.SUPPORTER, Role.ACCOUNTING)


class Scene:
    """A town with somebody of every role, twice, in two firms too."""

    def __init__(self, app: Flask) -> None:
        self.app, self.town = app, a_town(app)
        self.called: dict[UUID, str] = {}
        self.firms = [a_firm(app) for _each in range(2)]
        self.contracts = [a_contract(app, self.town, firm_id) for firm_id in self.firms]
        self.staff = {role: [self.member(role) for _each in range(2)] for role in STAFF}
        self.guests = [{role: self.member(role, firm_id) for role in FIRM} for firm_id in self.firms]

    def member(self, role: Role, firm_id: UUID | None = None) -> Member:
        name = f"見{ids.new().hex[-10:]}"
        party = Party.FIRM if firm_id else Party.STAFF
        made = a_member(self.app, self.town, party, role, name=name, firm_id=firm_id)
        self.called[made.membership_id] = name
        return made

    @property
    def everybody(self) -> list[Member]:
        of_staff = [member for pair in self.staff.values() for member in pair]
        return of_staff + [member for firm in self.guests for member in firm.values()]

    def person(self, *, firm: int | None = None, restricted: bool = False) -> UUID:
        """Register somebody: with a caseworker, perhaps supported by a firm, perhaps hidden."""
        caseworker, supervisor = self.staff[Role.CASEWORKER][0], self.staff[Role.SUPERVISING_CASEWORKER][0]
        with inside(self.app, caseworker):
            id = a_person(caseworker_id=caseworker.membership_id).id
        if firm is not None:
            values = {"delivery_firm_id": self.firms[firm], "firm_id": self.firms[firm]}
            self.owner(update(Participant).where(Participant.id == id).values(**values))
        if restricted:
            with inside(self.app, caseworker):
                rules.restrict(one(Participant, id), staff_ids=[supervisor.membership_id], why="避難")
        return id

    def owner(self, statement: object) -> None:
        with self.app.app_context(), visiting(Place(Door.OWNER, tenant_id=self.town.tenant_id)) as session:
            session.execute(statement)  # type: ignore[call-overload]

    def told(self, reader: Member, person_id: UUID) -> str:
        answer = logged_in(self.app, reader).get(f"/t/{self.town.slug}/seen-by/{person_id}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True).partition('id="now"')[2].partition("</main>")[0]

    def on_page(self, reader: Member, person_id: UUID) -> set[str]:
        now = self.told(reader, person_id).partition('id="before"')[0]
        return {name for name in self.called.values() if name in now}

    def by_their_doors(self, person_id: UUID) -> set[str]:
        seen = set()
        for member in self.everybody:
            face = "portal" if member.firm_id else "t"
            answer = logged_in(self.app, member).get(f"/{face}/{self.town.slug}/people/{person_id}")
            assert answer.status_code in (200, 403, 404)
            if answer.status_code == 200:
                seen.add(self.called[member.membership_id])
        return seen


@pytest.fixture(scope="module")
def scene(app: Flask) -> Scene:
    return Scene(app)


@pytest.mark.parametrize("firm", [None, 0])
def test_the_page_names_exactly_those_whose_door_opens(scene: Scene, firm: int | None) -> None:
    person_id, administrator = scene.person(firm=firm), scene.staff[Role.ADMINISTRATOR][0]
    seen = scene.by_their_doors(person_id)
    assert seen
    assert scene.on_page(administrator, person_id) == seen


def test_of_a_restricted_person_too(scene: Scene) -> None:
    person_id, supervisor = scene.person(restricted=True), scene.staff[Role.SUPERVISING_CASEWORKER][0]
    seen = scene.by_their_doors(person_id)
    assert len(seen) == 2
    assert scene.on_page(supervisor, person_id) == seen


def test_when_the_contract_has_run_out_or_the_consent_ends_today_or_yesterday(scene: Scene) -> None:
    person_id, administrator = scene.person(firm=1), scene.staff[Role.ADMINISTRATOR][0]
    for days in (0, -1):
        until = clock.today() + timedelta(days=days)
        scene.owner(update(Participant).where(Participant.id == person_id).values(firm_until=until))
        assert scene.on_page(administrator, person_id) == scene.by_their_doors(person_id)
    scene.owner(update(Participant).where(Participant.id == person_id).values(firm_until=None))
    for days in (-10, -400):
        ends_on = clock.today() + timedelta(days=days)
        dates = {"starts_on": ends_on - timedelta(days=30), "ends_on": ends_on}
        scene.owner(update(Contract).where(Contract.id == scene.contracts[1]).values(**dates))
        assert scene.on_page(administrator, person_id) == scene.by_their_doors(person_id)


def test_a_place_that_has_ended_is_told_among_those_before(scene: Scene) -> None:
    person_id, leaver = scene.person(), scene.staff[Role.EMPLOYMENT_SUPPORT_WORKER][1]
    yesterday = clock.today() - timedelta(days=1)
    scene.owner(update(Membership).where(Membership.id == leaver.membership_id).values(ends_on=yesterday))
    page = scene.told(scene.staff[Role.ADMINISTRATOR][0], person_id)
    now, _mark, before = page.partition('id="before"')
    name = scene.called[leaver.membership_id]
    assert name not in now
    assert name in before
    scene.owner(update(Membership).where(Membership.id == leaver.membership_id).values(ends_on=None))


def test_who_was_at_the_side_of_a_restricted_person_is_told_with_the_day(scene: Scene) -> None:
    person_id, supervisor = scene.person(restricted=True), scene.staff[Role.SUPERVISING_CASEWORKER][0]
    other = scene.staff[Role.SECTION_HEAD][1]
    for staff in ([supervisor, other], [supervisor]):
        with inside(scene.app, supervisor):
            rules.restrict(one(Participant, person_id), staff_ids=[each.membership_id for each in staff], why="避難")
    now, _mark, before = scene.told(supervisor, person_id).partition('id="before"')
    assert scene.called[other.membership_id] not in now
    assert scene.called[other.membership_id] in before
    assert "閲覧者に指名" in before


def test_when_each_last_looked_comes_from_the_journal(scene: Scene) -> None:
    person_id, caseworker = scene.person(), scene.staff[Role.CASEWORKER][1]
    with working(scene.app, scene.town):
        reading.write_down(
            subject="participant",
            subject_id=str(person_id),
            action="looked",
            page="participants.detail",
            at="2026-01-02T03:04:05.000000Z",
            door="staff",
            membership_id=str(caseworker.membership_id),
        )
    assert "1/2" in scene.told(scene.staff[Role.ADMINISTRATOR][0], person_id)


class TestSearch:
    def find(self, scene: Scene, member: Member, words: str) -> str:
        browser = logged_in(scene.app, member)
        answer = posted(browser, f"/t/{scene.town.slug}/seen-by/find", q=words)
        assert answer.status_code == 303
        assert words not in answer.headers["Location"]
        return browser.get(answer.headers["Location"]).get_data(as_text=True)

    def number(self, scene: Scene, person_id: UUID) -> str:
        with inside(scene.app, scene.staff[Role.SUPERVISING_CASEWORKER][0]):
            return one(Participant, person_id).case_number

    def test_an_administrator_finds_by_number_and_sees_no_name(self, scene: Scene) -> None:
        number = self.number(scene, scene.person())
        page = self.find(scene, scene.staff[Role.ADMINISTRATOR][0], number)
        assert number in page
        assert "いま閲覧できる人" in page
        assert "山田" not in page

    def test_a_restricted_person_is_not_found_by_those_who_may_not_see_them(self, scene: Scene) -> None:
        number = self.number(scene, scene.person(restricted=True))
        assert "該当する方はいません" in self.find(scene, scene.staff[Role.ADMINISTRATOR][0], number)
        assert "いま閲覧できる人" in self.find(scene, scene.staff[Role.SUPERVISING_CASEWORKER][0], number)

    def test_the_beginning_of_a_number_finds_nobody(self, scene: Scene) -> None:
        number = self.number(scene, scene.person())
        assert "該当する方はいません" in self.find(scene, scene.staff[Role.ADMINISTRATOR][0], number[:-1])


def test_only_those_who_lead_or_administer_may_ask(scene: Scene, app: Flask) -> None:
    person_id = scene.person()
    allowed = {Role.ADMINISTRATOR, Role.SUPERVISING_CASEWORKER, Role.SECTION_HEAD}
    for role in STAFF:
        status = logged_in(app, scene.staff[role][0]).get(f"/t/{scene.town.slug}/seen-by/{person_id}").status_code
        assert status == (200 if role in allowed else 403), role


def test_a_person_of_another_town_is_not_there(scene: Scene, app: Flask) -> None:
    elsewhere: Town = a_town(app)
    other = a_member(app, elsewhere, Party.STAFF, Role.CASEWORKER)
    with inside(app, other):
        person_id = a_person().id
    answer = logged_in(app, scene.staff[Role.ADMINISTRATOR][0]).get(f"/t/{scene.town.slug}/seen-by/{person_id}")
    assert answer.status_code == 404


def test_an_operator_behind_broken_glass_is_named_but_not_for_the_restricted(scene: Scene) -> None:
    plain, hidden = scene.person(), scene.person(restricted=True)
    now, account_id = clock.now(), scene.staff[Role.CASEWORKER][0].account_id
    with scene.app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        session.add(
            GlassBreak(
                asked_by=account_id,
                asked_by_name="運営 三郎",
                asked_at=now,
                reason="調査",
                ticket="T-1",
                hours=1,
                needs_consent=False,
                approved_by=scene.staff[Role.CASEWORKER][1].account_id,
                approved_at=now,
                status=GlassStatus.OPEN,
                opened_at=now - timedelta(minutes=1),
                ends_at=now + timedelta(minutes=9),
            )  # fmt: skip
        )
    supervisor = scene.staff[Role.SUPERVISING_CASEWORKER][0]
    assert "運営 三郎" in scene.told(supervisor, plain)
    assert "運営 三郎" not in scene.told(supervisor, hidden)
