"""A price is proposed by one person, decided by another, and never edited."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from ayumi.employers import prices, queries, rules
from ayumi.employers.model import FeeKind, PriceStatus, UnitPrice
from ayumi.japan.calendar import fiscal_year
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, one
from ayumi.kernel.errors import Invalid, Refused
from ayumi.kernel.states import IllegalMove
from tests.employers.scene import FIRST, LAST, TERMS, a_price, a_scene, agreement_of
from tests.world import inside


def test_a_proposed_price_does_not_count_yet(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.worker):
        prices.propose(agreement_of(scene).id, id=ids.new(), yen=2160, tax_rate_pct=10, valid_from=FIRST)
        assert queries.price_on(scene.employer_id, FIRST) is None
        assert [row.yen for row in queries.waiting_prices()] == [2160]


def test_an_approved_price_counts_from_its_day_to_the_end_of_the_agreement(app: Flask) -> None:
    scene = a_scene(app)
    a_price(app, scene, 2160, FIRST + timedelta(days=1))
    with inside(app, scene.worker):
        found = queries.price_on(scene.employer_id, LAST)
        assert found is not None
        assert (found.yen, found.version) == (2160, 1)
        assert queries.price_on(scene.employer_id, FIRST) is None
        assert queries.price_on(scene.employer_id, LAST + timedelta(days=1)) is None


def test_nobody_decides_on_their_own_proposal(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.head):
        price = prices.propose(agreement_of(scene).id, id=ids.new(), yen=2160, tax_rate_pct=10, valid_from=FIRST)
        for decide in (lambda: prices.approve(price.id), lambda: prices.reject(price.id, reason="高い")):
            with pytest.raises(Refused):
                decide()


def test_the_database_itself_refuses_one_person_in_both_roles(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.worker):
        price = prices.propose(agreement_of(scene).id, id=ids.new(), yen=2160, tax_rate_pct=10, valid_from=FIRST)
        price.decided_by, price.decided_at, price.status = price.entered_by, clock.now(), PriceStatus.APPROVED
        with pytest.raises(IntegrityError, match="two_people"):
            db.session.flush()
        db.session.rollback()


def test_the_offices_own_door_cannot_alter_an_amount(app: Flask) -> None:
    scene = a_scene(app)
    price_id = a_price(app, scene)
    with inside(app, scene.worker):
        with pytest.raises(ProgrammingError, match="permission denied"):
            db.session.execute(text("UPDATE unit_price SET yen = 9999 WHERE id = :id"), {"id": price_id})
        db.session.rollback()


def test_a_new_price_ends_the_former_the_day_before(app: Flask) -> None:
    scene, october = a_scene(app), FIRST + timedelta(days=183)
    former = a_price(app, scene, 2160)
    a_price(app, scene, 2300, october)
    with inside(app, scene.worker):
        ended = one(UnitPrice, former)
        assert (ended.yen, ended.valid_to) == (2160, october - timedelta(days=1))
        both = [queries.price_on(scene.employer_id, day) for day in (october - timedelta(days=1), october)]
        assert [price.yen for price in both if price] == [2160, 2300]
        assert [row.version for row in queries.prices(scene.employer_id)] == [2, 1]


def test_a_new_price_cannot_begin_where_another_has_begun(app: Flask) -> None:
    scene = a_scene(app)
    a_price(app, scene, 2160)
    with inside(app, scene.worker), pytest.raises(Invalid) as refusal:
        prices.propose(agreement_of(scene).id, id=ids.new(), yen=2300, tax_rate_pct=10, valid_from=FIRST)
    assert "valid_from" in refusal.value.fields


def test_of_two_proposals_for_the_same_day_only_one_is_approved(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.worker):
        agreement_id = agreement_of(scene).id
        said: dict[str, Any] = {"tax_rate_pct": 10, "valid_from": FIRST}
        both = [prices.propose(agreement_id, id=ids.new(), yen=yen, **said).id for yen in (2160, 2300)]
    with inside(app, scene.head):
        prices.approve(both[0])
        with pytest.raises(Invalid):
            prices.approve(both[1])
        db.session.rollback()


def test_a_price_is_decided_once(app: Flask) -> None:
    scene = a_scene(app)
    price_id = a_price(app, scene)
    with inside(app, scene.head), pytest.raises(IllegalMove):
        prices.reject(price_id, reason="やはり高い")


def test_a_rejected_price_keeps_its_reason_and_never_counts(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.worker):
        price_id = prices.propose(agreement_of(scene).id, id=ids.new(), yen=21600, tax_rate_pct=10, valid_from=FIRST).id
    with inside(app, scene.head):
        prices.reject(price_id, reason="桁が違います")
        assert queries.price_on(scene.employer_id, FIRST) is None
        assert queries.prices(scene.employer_id)[0].reason == "桁が違います"


def test_without_payment_there_is_no_price(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.worker):
        agreement = agreement_of(scene)
        rules.amend(agreement.id, edition=agreement.edition, **TERMS | {"fee_kind": FeeKind.NONE})
        with pytest.raises(Invalid):
            prices.propose(agreement.id, id=ids.new(), yen=2160, tax_rate_pct=10, valid_from=FIRST)


def test_the_same_proposal_sent_twice_is_one(app: Flask) -> None:
    scene, id = a_scene(app), ids.new()
    with inside(app, scene.worker):
        for _twice in range(2):
            prices.propose(agreement_of(scene).id, id=id, yen=2160, tax_rate_pct=10, valid_from=FIRST)
        assert len(db.session.scalars(select(UnitPrice.id)).all()) == 1


def test_a_price_lasts_as_long_as_its_agreement_when_that_is_shortened(app: Flask) -> None:
    scene = a_scene(app)
    price_id = a_price(app, scene)
    with inside(app, scene.worker):
        agreement, until = agreement_of(scene), LAST - timedelta(days=31)
        rules.amend(agreement.id, edition=agreement.edition, **TERMS | {"ends_on": until})
        assert one(UnitPrice, price_id).valid_to == until
        assert agreement.fiscal_year == fiscal_year(FIRST)
