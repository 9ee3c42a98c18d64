"""The same button pressed twice at the same moment: it is done once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from ayumi.employers.model import PriceStatus, UnitPrice
from ayumi.kernel.db import visiting
from ayumi.kernel.journal import Entry
from ayumi.kernel.tenancy import Door, Place
from tests.isolation.populated import populate
from tests.world import csrf_of, logged_in


def test_a_price_approved_twice_at_once_is_approved_once(app: Flask) -> None:
    town = populate(app, "競争")
    price, start = town.ids["price_2"], Barrier(2)

    def press(kind: str) -> int:
        browser = logged_in(app, town.members[kind])
        token = csrf_of(browser)
        start.wait(timeout=20)
        path = f"/t/{town.town.slug}/prices/{price}/approve"
        return browser.post(path, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(press, ["section_head", "finance_officer"]))
    assert all(status < 500 for status in answers)
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.town.tenant_id)) as session:
        done = session.scalar(
            select(func.count()).where(Entry.subject_id == price, Entry.status_after == PriceStatus.APPROVED.value)
        )
        status = session.get_one(UnitPrice, (town.town.tenant_id, price)).status
    assert (done, status) in ((1, PriceStatus.APPROVED), (0, PriceStatus.PROPOSED))
