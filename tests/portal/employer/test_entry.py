"""A link and a code let an employer in; neither does alone, nor twice, nor for anybody else."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from ayumi.accounts.model import OneTimeLink
from ayumi.accounts.tokens import digest
from ayumi.employers import queries as employers
from ayumi.employers import rules
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices import post
from tests.employers.scene import Scene
from tests.notices.inbox import codes, links, mails_to
from tests.portal.employer.visitors import MONTH, address_of, an_asked_employer, ask, come_in, press
from tests.world import inside


@pytest.fixture
def scene(app: Flask) -> Scene:
    return an_asked_employer(app)


def alter(app: Flask, link: str, **values: Any) -> None:
    token_hash = digest(link.rpartition("/")[2])
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(update(OneTimeLink).where(OneTimeLink.token_hash == token_hash).values(**values))


def test_link_and_code_open_the_month(app: Flask, scene: Scene) -> None:
    page = come_in(app, scene).get(MONTH)
    assert page.status_code == 200
    assert "ひまわり" in page.get_data(as_text=True)
    assert "高橋" not in page.get_data(as_text=True)


def test_opening_the_link_sends_nothing_and_opens_nothing(app: Flask, scene: Scene) -> None:
    client, address = app.test_client(), address_of(app, scene)
    page = client.get(links(address)[0])
    assert page.status_code == 200
    assert address not in page.get_data(as_text=True)
    assert codes(address) == []
    assert client.get(MONTH).headers["Location"] == "/portal/employer/away"


def test_a_wrong_code_opens_nothing_and_five_wrong_ones_spend_the_code(app: Flask, scene: Scene) -> None:
    client, address = app.test_client(), address_of(app, scene)
    link = links(address)[0]
    press(client, link, link)
    right = codes(address)[0]
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(5):
        assert press(client, f"{link}/code", f"{link}/code", code=wrong).status_code == 422
    assert press(client, f"{link}/code", f"{link}/code", code=right).status_code == 422
    assert client.get(MONTH).status_code == 302


def test_a_code_is_good_for_ten_minutes(app: Flask, scene: Scene) -> None:
    client, address = app.test_client(), address_of(app, scene)
    link = links(address)[0]
    press(client, link, link)
    alter(app, link, code_expires_at=clock.now() - timedelta(seconds=1))
    assert press(client, f"{link}/code", f"{link}/code", code=codes(address)[0]).status_code == 422


def test_a_code_may_be_typed_wide_and_with_blanks(app: Flask, scene: Scene) -> None:
    client, address = app.test_client(), address_of(app, scene)
    link = links(address)[0]
    press(client, link, link)
    wide = codes(address)[0].translate({ord(str(n)): chr(ord("０") + n) for n in range(10)})
    assert press(client, f"{link}/code", f"{link}/code", code=f" {wide[:3]} {wide[3:]} ").status_code == 302


def test_the_code_is_kept_as_a_hash_only(app: Flask, scene: Scene) -> None:
    client, address = app.test_client(), address_of(app, scene)
    link = links(address)[0]
    press(client, link, link)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        kept = session.query(OneTimeLink).filter_by(token_hash=digest(link.rpartition("/")[2])).one()
        assert kept.code_hash is not None and kept.code_hash.startswith("$argon2id$")
        assert codes(address)[0] not in kept.code_hash


def test_a_link_opens_once_and_then_offers_a_new_one(app: Flask, scene: Scene) -> None:
    come_in(app, scene)
    address = address_of(app, scene)
    other, link = app.test_client(), links(address)[0]
    assert other.get(link).status_code == 410
    assert press(other, link, f"{link}/again").status_code == 302
    assert len(links(address)) == 2
    assert come_in(app, scene).get(MONTH).status_code == 200


def test_a_link_whose_time_is_over_offers_a_new_one(app: Flask, scene: Scene) -> None:
    address = address_of(app, scene)
    link = links(address)[0]
    alter(app, link, expires_at=clock.now() - timedelta(seconds=1))
    client = app.test_client()
    assert client.get(link).status_code == 410
    assert press(client, link, link).headers["Location"] == link
    assert codes(address) == []


def test_whether_a_link_is_known_is_not_told(app: Flask, scene: Scene) -> None:
    come_in(app, scene)
    client, known = app.test_client(), links(address_of(app, scene))[0]
    unknown = "/portal/employer/l/nobody-knows-this-one"
    assert client.get(known).status_code == client.get(unknown).status_code == 410
    told, untold = (press(client, path, f"{path}/again") for path in (known, unknown))
    assert (told.status_code, told.location, told.data) == (untold.status_code, untold.location, untold.data)
    assert "お送りしました" in client.get(told.location).get_data(as_text=True)


def test_asking_for_codes_is_slowed_down(app: Flask, scene: Scene) -> None:
    client, address = app.test_client(), address_of(app, scene)
    link = links(address)[0]
    answers = [press(client, link, link).status_code for _try in range(6)]
    assert answers == [302] * 5 + [429]


def test_when_the_mail_does_not_go_out_there_is_no_code(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        raise post.NotSent

    monkeypatch.setattr(post, "keep", refuse)
    client, link = app.test_client(), links(address_of(app, scene))[0]
    assert press(client, link, link).status_code == 503
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        assert session.query(OneTimeLink).filter_by(token_hash=digest(link.rpartition("/")[2])).one().code_hash is None


def test_a_session_reaches_no_other_employer(app: Flask, scene: Scene) -> None:
    other = an_asked_employer(app, 3)
    page = come_in(app, scene).get(MONTH).get_data(as_text=True)
    assert page.count("month__day--marked") == 3
    assert other.town.name not in page


def test_whoever_is_no_longer_the_contact_is_shut_out(app: Flask, scene: Scene) -> None:
    client = come_in(app, scene)
    with inside(app, scene.worker):
        employer = employers.one(scene.employer_id)
        rules.edit(employer.id, edition=employer.edition, name=employer.name, contact_email="new@bakery.example")
    assert client.get(MONTH).status_code == 403


def test_leaving_ends_the_session(app: Flask, scene: Scene) -> None:
    client = come_in(app, scene)
    press(client, MONTH, "/portal/employer/leave")
    assert client.get(MONTH).status_code == 302


def test_a_second_link_leads_straight_on_for_whoever_is_inside(app: Flask, scene: Scene) -> None:
    client = come_in(app, scene)
    ask(app, scene, 2)
    assert client.get(links(address_of(app, scene))[-1]).headers["Location"] == MONTH


def test_mails_name_no_person(app: Flask, scene: Scene) -> None:
    come_in(app, scene)
    assert not [mail for mail in mails_to(address_of(app, scene)) if "高橋" in mail.as_string()]
