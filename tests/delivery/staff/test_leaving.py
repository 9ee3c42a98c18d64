"""Somebody leaves, as those who look after the place meet the pages."""

from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.participants.model import Participant
from tests.delivery.staff.acts import ends, path
from tests.invitations.acts import of_town
from tests.participants.people import a_person
from tests.world import Member, Town, a_member, inside, logged_in, posted


class TestLeaving:
    def test_ending_somebody_with_people_leads_to_handing_over(
        self, app: Flask, admin: Member, caseworker: Member
    ) -> None:
        with inside(app, caseworker):
            a_person(caseworker_id=caseworker.membership_id)
        answer = posted(logged_in(app, admin), path(admin, f"{caseworker.membership_id}/end"))
        assert answer.location.endswith(f"{caseworker.membership_id}/hand-over")

    def test_it_is_looked_at_first_and_then_done_with_the_end(
        self, app: Flask, admin: Member, caseworker: Member, heir: Member
    ) -> None:
        with inside(app, caseworker):
            a_person(family_name="秘密野", caseworker_id=caseworker.membership_id)
        browser, tail = logged_in(app, admin), f"{caseworker.membership_id}/hand-over"
        page = browser.get(path(admin, tail)).text
        assert "秘密野" not in page
        to = str(heir.membership_id)
        form = {"edition": page.split('name="edition" value="')[1].split('"')[0], "to_caseworker": to, "rest": to}
        preview = posted(browser, path(admin, tail), **form, end="1", step="preview")
        assert "鈴木 継男" in preview.text
        assert of_town(app, admin.town, Participant)[0].caseworker_id == caseworker.membership_id
        for _click in range(2):
            done = posted(browser, path(admin, tail), **form, end="1", step="do")
            assert done.status_code == 302, done.text[-1500:]
        assert of_town(app, admin.town, Participant)[0].caseworker_id == heir.membership_id
        assert logged_in(app, caseworker).get(f"/t/{admin.town.slug}/").status_code == 404

    def test_whoever_may_see_people_chooses_person_by_person(
        self, app: Flask, town: Town, caseworker: Member, heir: Member
    ) -> None:
        head = a_member(app, town, Party.STAFF, Role.SECTION_HEAD)
        with inside(app, caseworker):
            id = a_person(family_name="見える", caseworker_id=caseworker.membership_id).id
        page = logged_in(app, head).get(path(head, f"{caseworker.membership_id}/hand-over")).text
        assert "見える" in page
        assert f'name="one_caseworker_{id}"' in page

    def test_what_is_not_chosen_is_asked_for(self, app: Flask, admin: Member, caseworker: Member, heir: Member) -> None:
        with inside(app, caseworker):
            a_person(caseworker_id=caseworker.membership_id)
        tail = f"{caseworker.membership_id}/hand-over"
        for given in ({}, {"to_caseworker": str(admin.membership_id)}, {"to_caseworker": "nonsense"}):
            answer = posted(logged_in(app, admin), path(admin, tail), step="do", edition="0", **given)
            assert answer.status_code == 422
            assert 'href="#field-to_caseworker"' in answer.text
        assert of_town(app, admin.town, Participant)[0].caseworker_id == caseworker.membership_id

    def test_a_page_that_is_no_longer_true_is_refused(
        self, app: Flask, admin: Member, caseworker: Member, heir: Member
    ) -> None:
        with inside(app, caseworker):
            a_person(caseworker_id=caseworker.membership_id)
        to = str(heir.membership_id)
        form = {"edition": "1", "to_caseworker": to, "rest": to, "step": "do"}
        answer = posted(logged_in(app, admin), path(admin, f"{caseworker.membership_id}/hand-over"), **form)
        assert answer.status_code == 409
        assert of_town(app, admin.town, Participant)[0].caseworker_id == caseworker.membership_id

    def test_those_who_are_gone_and_still_responsible_stand_out(
        self, app: Flask, admin: Member, caseworker: Member
    ) -> None:
        with inside(app, caseworker):
            a_person(caseworker_id=caseworker.membership_id)
        ends(app, caseworker, -1)
        page = logged_in(app, admin).get(path(admin, f"{caseworker.membership_id}")).text
        assert "担当が残っています" in page
