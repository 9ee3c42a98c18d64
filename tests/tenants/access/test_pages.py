"""The administrator's page of logging in: what it changes, for whom, and what it never shows."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from ayumi.accounts.model import LoginSession, Party, Role
from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.journal import Entry
from ayumi.kernel.sealed import unseal
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import AccessPolicy
from ayumi.signon.model import IdentityProvider
from tests.signon.providers import give_provider
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, logged_in, posted

ISSUER = "https://login.city.example"
SECRET = "a-secret-nobody-may-read"


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def administrator(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.ADMINISTRATOR)


def settings_of(edition: int = 1, **changed: object) -> dict[str, object]:
    return {"idle_minutes": 120, "session_hours": 12, "glass_needs_consent": "1", "edition": edition} | changed


def provider_of(**changed: object) -> dict[str, object]:
    known = {"label": "職員ログイン", "issuer": ISSUER, "client_id": "ayumi", "client_secret": SECRET}
    return known | {"_token": str(ids.new())} | changed


def policy(app: Flask, town: Town) -> AccessPolicy:
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        found = session.scalars(select(AccessPolicy)).one()
        session.expunge(found)
        return found


def provider(app: Flask, town: Town) -> IdentityProvider:
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        found = session.scalars(select(IdentityProvider)).one()
        assert found.sealed_client_secret
        session.expunge(found)
        return found


def journal(app: Flask, town: Town) -> list[Entry]:
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        found = list(session.scalars(select(Entry).order_by(Entry.seq)))
        session.expunge_all()
        return found


class TestPolicy:
    """What is asked of those who log in."""

    def path(self, town: Town) -> str:
        return f"/t/{town.slug}/access/edit"

    def test_it_is_changed_and_written_down(self, app: Flask, town: Town, administrator: Member) -> None:
        client = logged_in(app, administrator)
        answer = posted(client, self.path(town), **settings_of(idle_minutes=15, second_factor_required="1"))
        assert answer.status_code == 302
        assert (policy(app, town).idle_minutes, policy(app, town).second_factor_required) == (15, True)
        entry = journal(app, town)[-1]
        assert entry.changes == {"idle_minutes": [120, 15], "second_factor_required": [False, True]}

    def test_a_stricter_limit_ends_sessions_that_run_already(
        self, app: Flask, town: Town, administrator: Member
    ) -> None:
        colleague = a_member(app, town, Party.STAFF, Role.CASEWORKER)
        theirs = logged_in(app, colleague)
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            query = select(LoginSession).where(LoginSession.account_id == colleague.account_id)
            session.scalars(query).one().seen_at = clock.now() - timedelta(minutes=30)
        posted(logged_in(app, administrator), self.path(town), **settings_of(idle_minutes=15))
        assert theirs.get(f"/t/{town.slug}/").headers["Location"].startswith("/login")

    @pytest.mark.parametrize(("name", "value"), [("idle_minutes", 4), ("idle_minutes", 721), ("session_hours", 25)])
    def test_limits_have_limits(self, app: Flask, town: Town, administrator: Member, name: str, value: int) -> None:
        answer = posted(logged_in(app, administrator), self.path(town), **settings_of(**{name: value}))
        assert answer.status_code == 422
        assert policy(app, town).idle_minutes == 120

    def test_the_second_of_two_administrators_is_told(self, app: Flask, town: Town, administrator: Member) -> None:
        client = logged_in(app, administrator)
        posted(client, self.path(town), **settings_of(idle_minutes=15))
        answer = posted(client, self.path(town), **settings_of(idle_minutes=60))
        assert answer.status_code == 409
        assert policy(app, town).idle_minutes == 15

    def test_a_section_head_reads_and_does_not_change(self, app: Flask, town: Town) -> None:
        client = logged_in(app, a_member(app, town, Party.STAFF, Role.SECTION_HEAD))
        assert client.get(f"/t/{town.slug}/access/").status_code == 200
        assert client.get(self.path(town)).status_code == 403
        assert client.get(f"/t/{town.slug}/access/provider").status_code == 403

    def test_it_says_how_many_have_no_second_factor(self, app: Flask, town: Town, administrator: Member) -> None:
        a_member(app, town, Party.STAFF, Role.CASEWORKER)
        page = logged_in(app, administrator).get(f"/t/{town.slug}/access/").text
        assert "2段階認証なし 2人" in page


class TestOnlyTheProvider:
    """A municipality whose staff come in by its provider and no other way."""

    def demand(self, app: Flask, town: Town, administrator: Member) -> int:
        path = f"/t/{town.slug}/access/edit"
        return posted(logged_in(app, administrator), path, **settings_of(single_sign_on_only="1")).status_code

    def test_it_needs_a_provider_that_works(self, app: Flask, town: Town, administrator: Member) -> None:
        assert self.demand(app, town, administrator) == 422
        give_provider(app, town, ISSUER, is_enabled=False)
        assert self.demand(app, town, administrator) == 422

    def test_a_password_opens_its_console_no_longer(self, app: Flask, town: Town, administrator: Member) -> None:
        give_provider(app, town, ISSUER)
        assert self.demand(app, town, administrator) == 302
        worker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
        client = logged_in(app, worker)
        answer = client.get(f"/t/{town.slug}/people/")
        assert answer.headers["Location"] == f"/login/{town.slug}?next=/t/{town.slug}/people/"
        assert client.get(f"/t/{town.slug}/", headers={"HX-Request": "true"}).status_code == 401
        assert client.get(f"/t/{town.slug}/access/").status_code == 403

    def test_an_administrator_can_still_mend_it(self, app: Flask, town: Town, administrator: Member) -> None:
        give_provider(app, town, ISSUER)
        self.demand(app, town, administrator)
        client = logged_in(app, administrator)
        assert client.get(f"/t/{town.slug}/").headers["Location"].startswith(f"/login/{town.slug}")
        assert client.get(f"/t/{town.slug}/access/").status_code == 200
        assert f"/t/{town.slug}/access/" in client.get(f"/login/{town.slug}").text
        one_factor = logged_in(app, administrator)
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            query = select(LoginSession).where(LoginSession.account_id == administrator.account_id)
            for each in session.scalars(query):
                each.second_factor_at = None
        assert one_factor.get(f"/t/{town.slug}/access/").status_code != 200

    def test_firms_are_not_asked_for_it(self, app: Flask, town: Town, administrator: Member) -> None:
        give_provider(app, town, ISSUER)
        self.demand(app, town, administrator)
        firm_id = a_firm(app)
        a_contract(app, town, firm_id)
        client = logged_in(app, a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=firm_id))
        assert client.get(f"/portal/{town.slug}/").status_code == 200

    def test_the_only_way_in_is_not_switched_off(self, app: Flask, town: Town, administrator: Member) -> None:
        give_provider(app, town, ISSUER)
        self.demand(app, town, administrator)
        client = logged_in(app, administrator)
        assert posted(client, f"/t/{town.slug}/access/provider/off").status_code == 409
        changed = provider_of(client_id="another", edition=1)
        assert posted(client, f"/t/{town.slug}/access/provider", **changed).status_code == 409
        assert provider(app, town).is_enabled


class TestProvider:
    """The municipality's provider."""

    def path(self, town: Town) -> str:
        return f"/t/{town.slug}/access/provider"

    def test_its_secret_goes_in_and_never_comes_out(self, app: Flask, town: Town, administrator: Member) -> None:
        client = logged_in(app, administrator)
        assert posted(client, self.path(town), **provider_of()).status_code == 302
        with app.app_context():
            assert unseal(provider(app, town).sealed_client_secret) == SECRET
        wrong = posted(client, self.path(town), **provider_of(issuer="http://x", edition=1))
        assert wrong.status_code == 422
        for text in (client.get(self.path(town)).text, client.get(f"/t/{town.slug}/access/").text, wrong.text):
            assert SECRET not in text
        assert all(SECRET not in str(entry.changes) for entry in journal(app, town))

    def test_the_staffs_door_cannot_read_the_secret(self, app: Flask, town: Town, administrator: Member) -> None:
        give_provider(app, town, ISSUER)
        with app.app_context(), pytest.raises(ProgrammingError, match="permission denied"):  # noqa: SIM117
            with visiting(administrator.place) as session:
                session.scalars(select(IdentityProvider.sealed_client_secret)).all()

    def test_sent_twice_it_is_entered_once(self, app: Flask, town: Town, administrator: Member) -> None:
        client, once = logged_in(app, administrator), provider_of()
        assert [posted(client, self.path(town), **once).status_code for _time in range(2)] == [302, 302]
        assert [entry.action for entry in journal(app, town) if entry.subject == "identity_provider"] == ["entered"]

    @pytest.mark.parametrize(
        "issuer",
        ["http://login.city.example", "https://user@login.city.example", "https://x/?a=1", "javascript:alert(1)", "x"],
    )
    def test_only_an_issuer_over_tls_is_taken(self, app: Flask, town: Town, administrator: Member, issuer: str) -> None:
        client = logged_in(app, administrator)
        assert posted(client, self.path(town), **provider_of(issuer=issuer)).status_code == 422

    def test_what_decides_whether_it_works_has_to_be_tried_again(
        self, app: Flask, town: Town, administrator: Member
    ) -> None:
        give_provider(app, town, ISSUER)
        client = logged_in(app, administrator)
        named = provider_of(label="新しい名前", client_secret="", edition=1)
        assert posted(client, self.path(town), **named).status_code == 302
        assert provider(app, town).is_enabled
        moved = provider_of(label="新しい名前", client_secret="another secret", edition=2)
        assert posted(client, self.path(town), **moved).status_code == 302
        assert (provider(app, town).is_enabled, provider(app, town).tried_at) == (False, None)
        assert posted(client, f"{self.path(town)}/on").status_code == 409

    def test_the_second_of_two_administrators_is_told(self, app: Flask, town: Town, administrator: Member) -> None:
        give_provider(app, town, ISSUER)
        client = logged_in(app, administrator)
        posted(client, self.path(town), **provider_of(label="一番", client_secret="", edition=1))
        late = posted(client, self.path(town), **provider_of(label="二番", client_secret="", edition=1))
        assert late.status_code == 409
        assert provider(app, town).label == "一番"

    def test_there_is_nothing_to_switch_where_nothing_was_entered(
        self, app: Flask, town: Town, administrator: Member
    ) -> None:
        client = logged_in(app, administrator)
        for step in ("on", "off"):
            assert posted(client, f"{self.path(town)}/{step}").status_code == 404
        assert client.get(f"/signon/{town.slug}/try").status_code == 404
