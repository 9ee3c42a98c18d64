"""A municipality's own settings: programme, way of choosing people, menus."""

from dataclasses import asdict
from typing import Any

from ayumi.demo.load.factors import asks_for_factor
from ayumi.demo.load.town import Town
from ayumi.demo.place_seeds import MenuSeed, StepSeed
from ayumi.hosting.model import Plan, Subscription
from ayumi.kernel import clock
from ayumi.menus.model import Menu, MenuStatus
from ayumi.municipalities.model import AccessPolicy, Programme
from ayumi.selection.model import SelectionRoute

SEATS_BY, MANY = 10, 20


def municipality_row(town_seed: Any, created_at: Any) -> dict[str, Any]:
    """Return the row of a municipality."""
    return {
        "slug": town_seed.slug,
        "code": town_seed.code,
        "name": town_seed.name_ja,
        "kana": town_seed.kana,
        "prefecture": town_seed.prefecture_ja,
        "band": town_seed.band,
        "is_demonstration": True,
        "created_at": created_at,
    }


def put_place(town: Town) -> None:
    """Insert the programme, the route and the menus."""
    town.put(Programme, [_programme(town)])
    town.put(AccessPolicy, [{"id": town.id("access"), "second_factor_required": asks_for_factor(town.place)}])
    town.put(Subscription, [_booking(town)])
    town.put(SelectionRoute, [_route(town)])
    town.put(Menu, [_menu(town, each) for each in town.place.menus])


def _booking(town: Town) -> dict[str, Any]:
    people = len(town.cast.staff)
    plan = Plan.LARGE if people > MANY else Plan.STANDARD
    seats = (people // SEATS_BY + 1) * SEATS_BY
    return {"id": town.id("booking"), "plan": plan, "seats": seats, "changed_at": clock.now(), "edition": 1}


def _programme(town: Town) -> dict[str, Any]:
    place, figures = town.place, town.place.figures
    return {
        "id": town.id("programme"),
        "runs_programme": place.runs_programme,
        "delivery": place.delivery,
        "contractor_kind": place.contractor_kind,
        "poverty_programme_relation": place.poverty_programme_relation,
        "population": figures.population,
        "protection_rate_pct": figures.protection_rate_pct,
        "cases_per_caseworker": figures.cases_per_caseworker,
        "figures_as_of": f"{figures.population_month:%Y-%m} / FY{figures.cases_fiscal_year}",
        "staffing": asdict(place.staffing),
        "record_due_days": 1,
        "contract_tail_days": 90,
        "link_days": 14,
        "started_on": town.cast.first_week,
    }


def _route(town: Town) -> dict[str, Any]:
    seed = town.place.selection
    return {
        "id": town.id("route"),
        "key": seed.key,
        "edition": 1,
        "is_current": True,
        "label": seed.label_ja,
        "steps": [_step(each) for each in seed.steps],
        "parties": [each.role for each in seed.parties],
        "sheets": [each.label_ja for each in seed.sheets],
        "decided_by": seed.decided_by if seed.decided_by == "caseworker" else seed.body_ja,
        "consent_before_enrolment": seed.consent_before_enrolment,
        "review_every_months": seed.review_every_months,
    }


def _step(step: StepSeed) -> dict[str, Any]:
    return {
        "ja": step.text_ja,
        "en": step.text_en,
        "by": list(step.by),
        "decides": step.decides,
        "consent": step.is_consent,
    }


def _menu(town: Town, menu: MenuSeed) -> dict[str, Any]:
    return {
        "id": town.id("menu", menu.key),
        "name": menu.name_ja,
        "tier": menu.tier,
        "description": menu.description_ja,
        "usual_place": menu.usual_place_ja,
        "usual_time": menu.usual_time_ja,
        "is_work_experience": menu.is_work_experience,
        "position": menu.position,
        "status": MenuStatus.PUBLISHED,
    }
