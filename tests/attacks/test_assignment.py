"""More fields than a form has: whatever is sent along, only what the form offers is written."""

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Membership
from ayumi.employers.model import Employer
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants.model import Participant
from tests.isolation.battle import Battlefield, battlefield
from tests.isolation.learned import learn
from tests.isolation.pageforms import PageForm

HELD = {
    "participant": ("tenant_id", "id", "is_restricted", "firm_id", "delivery_firm_id", "caseworker_id", "created_at"),
    "employer": ("tenant_id", "id", "firm_id", "created_at"),
    "membership": ("tenant_id", "id", "account_id", "party", "roles", "firm_id", "employer_id"),
}
MODELS = {"participant": Participant, "employer": Employer, "membership": Membership}
EDITS = ("participants/", "/people/", "/employers/")


@pytest.fixture(scope="module")
def field(app: Flask) -> Battlefield:
    return battlefield(app)


def held(field: Battlefield) -> dict[str, list[str]]:
    """Return what no form of theirs may change."""
    place = Place(Door.OWNER, tenant_id=field.mine.town.tenant_id)
    with field.app.app_context(), visiting(place) as session:
        found = {}
        for name, columns in HELD.items():
            wanted = [getattr(MODELS[name], each) for each in columns]
            found[name] = sorted(repr(tuple(row)) for row in session.execute(select(*wanted)))
        return found


def more(field: Battlefield) -> dict[str, str]:
    """Return fields no form has."""
    return {
        "tenant_id": str(field.theirs.town.tenant_id), "id": str(field.theirs.ids["participant_id"]),
        "is_restricted": "true", "role": "administrator", "roles": "administrator", "party": "staff",
        "is_operator": "true", "account_id": str(field.mine.members["administrator"].account_id),
        "created_at": "1999-01-01", "approved_by": str(field.mine.ids["membership_id"]),
        "firm_id": str(field.theirs.firm_id), "employer_id": str(field.theirs.ids["employer_id"]),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["caseworker", "section_head", "manager", "supporter"])
def test_fields_a_form_does_not_have_are_not_written(field: Battlefield, kind: str) -> None:
    before = held(field)
    for form in learn(field, kind).forms.values():
        if form.method == "post" and plain(form):
            extra = {name: value for name, value in more(field).items() if name not in names(form)}
            data = [*form.pairs(), *extra.items(), ("csrf_token", field.token(kind))]
            body: dict[str, list[str]] = {}
            for name, value in data:
                body.setdefault(name, []).append(value)
            body["csrf_token"] = [field.token(kind)]
            assert field.browser(kind).post(form.action, data=body).status_code < 500, form.action
    after = held(field)
    assert all(row in after[name] for name, rows in before.items() for row in rows)


def plain(form: PageForm) -> bool:
    """Tell whether a form edits without moving anybody: moving and hiding people is what the others are for."""
    return any(each in form.action for each in EDITS) and form.action.endswith(("/edit", "/new"))


def names(form: PageForm) -> set[str]:
    """Return the fields a form has."""
    return {each.name for each in form.controls}
