"""Lines smuggled into headers: names of files, subjects of mails, the name of the host."""

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.consents.model import Consent
from ayumi.kernel.db import visiting
from ayumi.kernel.files.rules import keep
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices import mail
from tests.isolation.populated import populate
from tests.notices.inbox import links
from tests.portal.employer.visitors import address_of, an_asked_employer, press
from tests.world import a_member, a_town, inside, logged_in

EVIL = 'a"; filename=evil.html\r\nX-Injected: 1\r\n\r\n<script>.pdf'


def test_the_name_of_a_kept_file_stays_within_its_header(app: Flask) -> None:
    town = populate(app, "名前")
    with inside(app, town.members["caseworker"]):
        kept = keep(b"%PDF-1.7", filename=EVIL, content_type="application/pdf", purpose="consent").id
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.town.tenant_id)) as session:
        session.get_one(Consent, (town.town.tenant_id, town.ids["consent_id"])).file_id = kept
    browser = logged_in(app, town.members["caseworker"])
    answer = browser.get(f"/t/{town.town.slug}/consents/{town.ids['consent_id']}/scan")
    assert answer.status_code == 200
    assert "X-Injected" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["x\r\nBcc: all@evil.example", "x\nX: 1", "x\u2028y", "=?utf-8?q?x?="])
def test_a_mail_gets_no_lines_it_was_not_meant_to_have(app: Flask, name: str) -> None:
    with app.test_request_context():
        made = mail.compose("confirmation_code", to="shop@test.example", code=name)
        assert "Bcc" not in made
        assert made["To"] == "shop@test.example"
        with pytest.raises(ValueError, match=r"linefeed|newline|header"):
            mail.compose("confirmation_code", to=f"shop@test.example\r\nBcc: {name}", code="1")


def test_mails_lead_to_the_address_of_the_product_whatever_host_was_asked(app: Flask) -> None:
    address = address_of(app, an_asked_employer(app))
    link = links(address)[0]
    browser = app.test_client()
    press(browser, link, link)
    for header in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        page = browser.get(link, headers=header)
        assert "evil.example" not in page.text
    press(browser, link, f"{link}/again")
    assert all("evil" not in each for each in links(address))
    assert settings().base_url.startswith("http")


def test_a_strange_host_is_not_repeated_on_any_page(app: Flask) -> None:
    member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    for path in ("/login", "/", f"/t/{member.town.slug}/", "/nothing-here"):
        answer = app.test_client().get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.text
        assert "evil.example" not in answer.headers.get("Location", "")
