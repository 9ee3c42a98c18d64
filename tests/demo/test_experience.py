"""Work experience: placements, days, employers' answers and the months' statements."""

from collections import Counter
from datetime import date, timedelta

import pytest

from ayumi.demo.answers import month_in_hand
from ayumi.demo.employers import employers_of
from ayumi.demo.generate import people_of
from ayumi.demo.tables import slugs
from ayumi.japan.calendar import Month
from ayumi.placements.model import Channel, DayStatus

from .casts import TODAY, every_cast, everybody


def test_no_day_is_counted_twice_for_an_employer_a_person_and_a_date():
    for _, person in everybody():
        days = Counter(
            (placement.employer_key, day.on)
            for placement in person.placements
            for day in placement.days
            if day.status != "withdrawn"
        )
        assert all(number == 1 for number in days.values())


def test_days_lie_inside_their_placement_and_before_today():
    for cast, person in everybody():
        for placement in person.placements:
            for day in placement.days:
                assert placement.starts_on <= day.on <= placement.ends_on
                assert day.on < cast.as_of and day.recorded_at.date() < cast.as_of
                assert day.starts_at < day.ends_at and 0 < day.minutes <= 720


def test_days_at_work_are_those_the_weekly_records_tell_of():
    for _, person in everybody():
        told = {
            (day.placement_key, day.on)
            for week in person.weeks
            for version in week.versions[-1:]
            for day in version.days
            if day.placement_key and day.attendance == "attended"
        }
        counted = {
            (placement.key, day.on)
            for placement in person.placements
            for day in placement.days
            if day.status != "withdrawn"
        }
        assert told <= counted


def test_the_load_is_raised_step_by_step():
    for _, person in everybody():
        for placement in person.placements:
            loads = [(step.days_per_week, step.minutes) for step in placement.steps]
            assert loads == sorted(set(loads)) and loads[0] == (1, 120)
            assert placement.step_on(placement.starts_on) == placement.steps[0]


def test_people_go_to_sites_that_agreed_with_employers_of_their_own_side():
    for cast, person in everybody():
        employers = {each.key: each for each in employers_of(cast.slug, cast.as_of)}
        for placement in person.placements:
            employer = employers[placement.employer_key]
            site = next(each for each in employer.sites if each.key == placement.site_key)
            assert site.accepted_on and employer.firm_key == person.firm_key == placement.firm_key
            assert placement.nickname == person.nickname


def test_the_state_of_a_placement_follows_its_dates():
    seen = set()
    for cast, person in everybody():
        for placement in person.placements:
            seen.add(placement.status)
            assert (placement.status == "planned") == (placement.starts_on >= cast.as_of)
            assert (placement.status == "ended") == (placement.ends_on < cast.as_of)
            assert not (placement.status == "planned" and placement.days)
            assert placement.meeting_on is None or placement.meeting_on < placement.starts_on
            assert all(visit.on < cast.as_of for visit in placement.visits)
    assert seen == {"planned", "active", "ended"}


def test_every_employer_has_people_and_every_place_has_days_in_every_state():
    for slug in slugs():
        cast = people_of(slug, TODAY)
        placements = [placement for person in cast.people for placement in person.placements]
        assert {each.employer_key for each in placements} == {each.key for each in employers_of(slug, TODAY)}
        days = Counter(day.status for placement in placements for day in placement.days)
        assert set(days) == set(DayStatus), slug
        assert (days["disputed"], days["withdrawn"]) == (1, 1)
        corrected = [day for each in placements for day in each.days if day.recorded_ends_at]
        assert len(corrected) == 1 and corrected[0].status == "confirmed"


def test_words_stand_with_every_day_that_is_not_simply_right():
    for _, person in everybody():
        for day in (day for placement in person.placements for day in placement.days):
            odd = day.status in ("disputed", "withdrawn") or day.recorded_ends_at is not None
            assert odd == (day.word_ja is not None)


def test_only_days_of_answered_months_are_confirmed():
    for cast in every_cast():
        answered = {(each.employer_key, each.month) for each in cast.confirmations if each.answered_at}
        for placement in (placement for person in cast.people for placement in person.placements):
            for day in placement.days:
                key = (placement.employer_key, day.on.replace(day=1))
                if day.status != "withdrawn":
                    assert (day.status in ("confirmed", "disputed")) == (key in answered)


def test_employers_are_asked_once_a_month_after_it_is_over():
    for cast in every_cast():
        asked = [(each.employer_key, each.month) for each in cast.confirmations]
        assert len(set(asked)) == len(asked)
        for each in cast.confirmations:
            assert Month.of(each.month) < Month.of(cast.as_of)
            assert each.sent_at.date() == Month.of(each.month).next.first
            assert each.answered_at is None or each.sent_at < each.answered_at
            assert each.answered_at is None or each.answered_at.date() < cast.as_of
            assert (each.channel in ("paper", "phone")) == (each.entered_by is not None)


def test_employers_are_asked_only_about_months_in_which_somebody_worked():
    for cast in every_cast():
        worked = {
            (placement.employer_key, day.on.replace(day=1))
            for person in cast.people
            for placement in person.placements
            for day in placement.days
            if day.status != "withdrawn"
        }
        assert {(each.employer_key, each.month) for each in cast.confirmations} <= worked


def test_answers_come_by_every_channel_and_some_are_still_awaited():
    answers = [each for slug in slugs() for each in people_of(slug, TODAY).confirmations]
    assert {each.channel for each in answers if each.channel} == set(Channel)
    assert any(each.answered_at is None for each in answers)


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 11, 23), "2026-10"),
        (date(2026, 12, 2), "2026-10"),
        (date(2026, 12, 12), "2026-11"),
        (date(2027, 1, 5), "2026-11"),
    ],
)
def test_the_month_in_hand_is_last_month_once_employers_had_time(day: date, month: str):
    assert str(month_in_hand(day)) == month


def test_past_statements_are_approved_and_the_month_in_hand_is_not():
    for cast in every_cast():
        in_hand = month_in_hand(cast.as_of).first
        assert any(each.month == in_hand and each.status == "submitted" for each in cast.statements)
        for each in cast.statements:
            assert each.month <= in_hand
            assert (each.status == "approved") == (each.month < in_hand)


def test_statements_are_met_in_every_state():
    statements = [each for slug in slugs() for each in people_of(slug, TODAY).statements]
    assert {each.status for each in statements} == {"draft", "submitted", "returned", "approved"}
    again = [each for each in statements if [event.action for event in each.events].count("submitted") == 2]
    assert again and all(each.status == "approved" for each in again)


def test_whoever_submits_does_not_approve_and_nothing_lies_ahead():
    for cast in every_cast():
        for statement in cast.statements:
            by = {event.action: event.by for event in statement.events}
            assert by["compiled"] != by.get("approved")
            assert by.get("submitted", "nobody") != by.get("approved", "somebody")
            told = [event.at for event in statement.events]
            assert told == sorted(told) and told[-1].date() < cast.as_of
            returned = [event for event in statement.events if event.action == "returned"]
            assert all(event.reason_ja and event.person_key for event in returned)


def test_only_employers_with_a_fee_get_statements():
    for cast in every_cast():
        fees = {each.key for each in employers_of(cast.slug, cast.as_of) if each.agreements[-1].fee_kind != "none"}
        assert {each.employer_key for each in cast.statements} <= fees
        open_ones = Counter(each.employer_key for each in cast.statements if each.status != "approved")
        assert all(number == 1 for number in open_ones.values())


def test_six_months_of_statements_reach_back():
    for slug in slugs():
        cast = people_of(slug, TODAY)
        assert min(each.month for each in cast.statements) - cast.first_week < timedelta(days=35)
