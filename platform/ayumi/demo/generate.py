"""The whole cast of a municipality for a day: who the people are and the six months behind them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from ayumi.demo.answers import Answers, Worked
from ayumi.demo.crew import holders, staff_of
from ayumi.demo.diary import Diary
from ayumi.demo.employers import employers_of
from ayumi.demo.enrolments import consents, enrolment, history, note
from ayumi.demo.experience import Plan, Sites, placement, plans
from ayumi.demo.folk import WEEK, Draft, folk
from ayumi.demo.opening import moment
from ayumi.demo.pen import Pen
from ayumi.demo.person_seeds import CastSeed, PersonSeed
from ayumi.demo.place_seeds import MunicipalitySeed
from ayumi.demo.places import municipality
from ayumi.demo.statements import Statements
from ayumi.demo.stories import stories
from ayumi.demo.tables import table
from ayumi.demo.timetable import Timetable
from ayumi.demo.week_seeds import DaySeed, WeekSeed
from ayumi.demo.weeks import Chronicle, Story
from ayumi.demo.work_seeds import ExperienceDaySeed
from ayumi.japan.calendar import Month, week_start

WEEKS = 26
CASE_NUMBER_FIRST = 207
CASE_NUMBER_STEP = 17
WITHDRAWN_JA = "休みの日に誤って記録したため、取り消し。"


@dataclass(frozen=True, slots=True)
class Lived:
    """A person's placements, weeks and days at employers, before the employers have answered."""

    draft: Draft
    plans: tuple[Plan, ...]
    weeks: tuple[WeekSeed, ...]
    worked: tuple[Worked, ...]


@cache
def people_of(slug: str, as_of: date) -> CastSeed:
    """Everybody of a municipality as things stand when a day begins. The same day gives the same cast."""
    place = municipality(slug)
    drafts = folk(place, as_of)
    lives = _lives(place, drafts, as_of)
    answers = Answers(slug, as_of, (day for life in lives for day in life.worked))
    special = _special(drafts)
    return CastSeed(
        slug=slug,
        as_of=as_of,
        first_week=first_week(as_of),
        staff=staff_of(slug),
        people=tuple(_person(place, life, answers, special) for life in lives),
        confirmations=answers.confirmations,
        statements=Statements(answers, place.band).all(),
    )


def nobody_yet(slug: str, as_of: date) -> CastSeed:
    """The staff of a municipality into which nobody has been taken yet."""
    return CastSeed(slug, as_of, first_week(as_of), staff_of(slug), people=(), confirmations=(), statements=())


def first_week(as_of: date) -> date:
    """The Monday of the first of 26 weeks, this week being the last."""
    return week_start(as_of) - (WEEKS - 1) * WEEK


def _lives(place: MunicipalitySeed, drafts: tuple[Draft, ...], as_of: date) -> list[Lived]:
    sites = Sites(employers_of(place.slug, as_of))
    told = stories(drafts, place.band)
    lives = [_live(place, draft, sites, told) for draft in drafts]
    return _with_a_mistake(lives, as_of)


def _live(place: MunicipalitySeed, draft: Draft, sites: Sites, told: dict[tuple[int, int], Story]) -> Lived:
    work = next(menu for menu in place.menus if menu.is_work_experience)
    mine = plans(draft, work, sites)
    timetable = Timetable(draft, place.menus, mine)
    diary = Diary(draft, Pen(draft.rng))
    chronicle = Chronicle(draft, diary, {menu.key: menu for menu in place.menus})
    weeks, worked = [], []
    for number in range(WEEKS):
        monday = first_week(draft.as_of) + number * WEEK
        if not _is_expected(draft, monday):
            continue
        story = told.get((draft.number, WEEKS - 1 - number)) or chronicle.story()
        days = [diary.day(each) for each in timetable.planned(monday) if each.on < draft.as_of]
        weeks.append(chronicle.week(monday, days, story))
        worked += [] if story.course == "skipped" else _worked(draft, mine, days)
    return Lived(draft, mine, tuple(weeks), tuple(worked))


def _is_expected(draft: Draft, monday: date) -> bool:
    if draft.started_on is None:
        return False
    sunday = monday + timedelta(days=6)
    return draft.started_on <= sunday and monday <= (draft.stopped_on or sunday)


def _worked(draft: Draft, mine: tuple[Plan, ...], days: list[DaySeed]) -> list[Worked]:
    employer_of = {plan.key: plan.employer for plan in mine}
    return [
        Worked(employer_of[day.placement_key], draft.key, day.placement_key, _experience_day(draft, day))
        for day in days
        if day.placement_key and day.attendance == "attended"
    ]


def _experience_day(draft: Draft, day: DaySeed) -> ExperienceDaySeed:
    assert day.starts_at and day.ends_at and day.minutes
    return ExperienceDaySeed(
        on=day.on,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        minutes=day.minutes,
        recorded_by=draft.supporters[0],
        recorded_at=_recorded_at(draft, day.on),
        status="recorded",
        recorded_ends_at=None,
        word_ja=None,
    )


def _recorded_at(draft: Draft, on: date) -> datetime:
    return moment(on, 17, 10 + draft.number % 45)


def _with_a_mistake(lives: list[Lived], as_of: date) -> list[Lived]:
    """In every place one day was recorded although the person was absent, and was withdrawn."""
    for index, life in enumerate(lives):
        slip = _slip(life, as_of)
        if slip:
            lives[index] = Lived(life.draft, life.plans, life.weeks, (*life.worked, slip))
            return lives
    return lives


def _slip(life: Lived, as_of: date) -> Worked | None:
    """An absence at work in a month that is over, as if it had been a day of work."""
    recorded = [version.days for week in life.weeks for version in week.versions[-1:]]
    for day in (each for days in recorded for each in days):
        plan = next((each for each in life.plans if each.key == day.placement_key), None)
        if plan and day.attendance == "absent_notified" and Month.of(day.on) < Month.of(as_of):
            step = plan.step_in(week_start(day.on))
            assert step
            wrong = ExperienceDaySeed(
                on=day.on,
                starts_at=step.starts_at,
                ends_at=step.ends_at,
                minutes=step.minutes,
                recorded_by=life.draft.supporters[0],
                recorded_at=_recorded_at(life.draft, day.on),
                status="withdrawn",
                recorded_ends_at=None,
                word_ja=WITHDRAWN_JA,
            )
            return Worked(plan.employer, life.draft.key, plan.key, wrong)
    return None


# People ------------------------------------------------------------------------------------------------------


def _special(drafts: tuple[Draft, ...]) -> dict[str, int]:
    """Whose consent was withdrawn and whose ends soon, by number."""
    paused = next(each.number for each in drafts if each.status == "paused")
    active = next(each.number for each in drafts if each.status == "active")
    return {"withdrawn": paused, "expiring": active}


def _person(place: MunicipalitySeed, life: Lived, answers: Answers, special: dict[str, int]) -> PersonSeed:
    draft, pen = life.draft, Pen(life.draft.rng)
    return PersonSeed(
        key=draft.key,
        family_name=draft.name.family,
        given_name=draft.name.given,
        family_kana=draft.name.family_kana,
        given_kana=draft.name.given_kana,
        nickname=draft.nickname,
        birth_date=draft.birth_date,
        case_number=_case_number(draft),
        household_number=f"世帯{CASE_NUMBER_FIRST + draft.number * 3}",
        barriers=draft.barriers,
        firm_key=draft.firm_key,
        caseworker=draft.caseworker,
        supporters=draft.supporters,
        is_restricted=draft.is_restricted,
        named_staff=_named_staff(draft),
        status=draft.status,
        note_ja=note(draft),
        history=history(draft),
        enrolment=enrolment(draft, place),
        consents=consents(
            draft,
            place,
            expires_soon=draft.number == special["expiring"],
            is_withdrawn=draft.number == special["withdrawn"],
        ),
        weeks=life.weeks,
        placements=tuple(placement(draft, plan, _days(plan, life, answers), pen) for plan in life.plans),
    )


def _days(plan: Plan, life: Lived, answers: Answers) -> tuple[ExperienceDaySeed, ...]:
    mine = sorted(each.day.on for each in life.worked if each.placement_key == plan.key)
    return tuple(answers.days[(plan.key, on)] for on in mine)


def _case_number(draft: Draft) -> str:
    """The office's own way of numbering; never seven or eight bare digits, which would be another number."""
    row = table(f"municipalities/{draft.slug}")
    wards: list[str] = row.get("wards", [""])
    number = CASE_NUMBER_FIRST + draft.number * CASE_NUMBER_STEP
    text: str = row["case_number"].format(ward=wards[draft.number % len(wards)], n=number)
    return text


def _named_staff(draft: Draft) -> tuple[str, ...]:
    if not draft.is_restricted:
        return ()
    return (holders(draft.slug, "supervising_caseworker")[0], holders(draft.slug, "section_head")[0])
