"""In the portal a person's history shows what the firm's own people did, and nothing of who looked in the town hall."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from ayumi.accounts.model import Party, Role
from ayumi.audit import reading
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants.model import Participant
from tests.participants.people import a_person
from tests.world import a_contract, a_firm, a_member, a_town, inside, logged_in, working


def test_a_firm_sees_its_own_looks_and_no_others(app: Flask) -> None:
    town, firm_id = a_town(app), a_firm(app)
    a_contract(app, town, firm_id)
    caseworker = a_member(app, town, Party.STAFF, Role.CASEWORKER, name="役所 花子")
    supporter = a_member(app, town, Party.FIRM, Role.SUPPORTER, name="支援 太郎", firm_id=firm_id)
    with inside(app, caseworker):
        person_id = a_person().id
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        until = clock.today() + timedelta(days=30)
        values = {"delivery_firm_id": firm_id, "firm_id": firm_id, "firm_until": until}
        session.execute(update(Participant).where(Participant.id == person_id).values(**values))
    for member in (caseworker, supporter):
        firm = {"firm_id": str(firm_id)} if member.firm_id else {}
        with working(app, town):
            reading.write_down(
                subject="participant",
                subject_id=str(person_id),
                action=reading.LOOKED,
                page="participants.detail",
                at="2026-01-02T03:04:05.000000Z",
                door="firm" if firm else "staff",
                membership_id=str(member.membership_id),
                **firm,
            )
    answer = logged_in(app, supporter).get(f"/portal/{town.slug}/people/{person_id}/history")
    assert answer.status_code == 200
    body = answer.get_data(as_text=True).partition("<tbody")[2]
    assert "支援 太郎" in body
    assert "役所 花子" not in body
    assert "登録しました" not in body
