"""What the form of taking somebody in begins with: who decides here, who could support, what is usual."""

from datetime import date
from typing import Any

from flask_babel import gettext

from ayumi.consents.labels import FORMS, SCOPE_HINTS
from ayumi.contracts import queries as contracts
from ayumi.japan.calendar import months_after, next_municipal_day, period_end
from ayumi.kernel import clock
from ayumi.participants import queries as participants
from ayumi.selection import queries as selection
from ayumi.selection.labels import DECIDERS, PARTIES
from ayumi.web.formats import is_english
from ayumi.web.forms import Form
from tenants.consents import scans

REVIEW_MONTHS = 3
CONSENT_MONTHS = 12


def firms(person: Any) -> list[tuple[Any, str]]:
    """Return (id, name) of the firms that could support: under contract today, or the one that does already."""
    found = [(firm.id, firm.name) for firm in contracts.firms_in_force(clock.today())]
    if person.delivery_firm_id and person.delivery_firm_id not in dict(found):
        found.append((person.delivery_firm_id, contracts.firm(person.delivery_firm_id).name))
    return found


def initial(person: Any, route: Any) -> dict[str, Any]:
    """Return what stands in the form before anything is typed."""
    today = clock.today()
    if route is None:
        return {}
    return {
        "decided_on": today,
        "decided_by": decider(person, route),
        "starts_on": first_day(today),
        "delivery_firm_id": person.delivery_firm_id,
        "goal_review_on": months_after(today, route.review_every_months or REVIEW_MONTHS),
        "consent_given_on": today,
        "consent_expires_on": period_end(today, CONSENT_MONTHS),
    }


def first_day(today: date) -> date:
    """Return the usual first day: the next day on which the office is open."""
    return next_municipal_day(date.fromordinal(today.toordinal() + 1))


def decider(person: Any, route: Any) -> str:
    """Return who decides by this route; a caseworker by name."""
    word = gettext(DECIDERS[route.decided_by]) if route.decided_by in DECIDERS else str(route.decided_by)
    name = participants.around(person).caseworker if route.decided_by == "caseworker" else None
    return f"{word} {name}" if name else word


def asks_consent(route: Any, consent: Any) -> bool:
    """Tell whether nobody is taken in here without a consent that is not there yet."""
    return bool(route and route.consent_before_enrolment and consent is None)


def choices(firms: list[tuple[Any, str]], *, asks_consent: bool) -> dict[str, Any]:
    """Return the lists to choose from."""
    none = gettext("Please choose") if asks_consent else gettext("Not in this form")
    return {
        "delivery_firm_id": [("", gettext("Own staff")), *firms],
        "consent_form": [("", none), *((form.value, gettext(word)) for form, word in FORMS.items())],
    }


def shown(person: Any, route: Any, form: Form) -> dict[str, Any]:
    """Return what the page shows around its form, and the words for it."""
    return {
        "person": person,
        "route": route,
        "steps": selection.steps(route, english=is_english()) if route else [],
        "earlier": selection.last_ended(person.id),
        "form": form,
        "scan": scans.field_of(form, "consent_scan"),
        "deciders": DECIDERS,
        "parties": PARTIES,
        "scope_hints": SCOPE_HINTS,
    }
