"""How support began, was agreed, changed and ended."""

from datetime import date, timedelta

from ayumi.demo.crew import holders
from ayumi.demo.folk import Draft
from ayumi.demo.opening import moment, next_open, previous_open
from ayumi.demo.pen import Pen
from ayumi.demo.person_seeds import ConsentSeed, EnrolmentSeed, GoalSeed, StatusSeed
from ayumi.demo.place_seeds import MunicipalitySeed
from ayumi.demo.tables import table
from ayumi.japan.calendar import legal_age, months_after, period_end

CONSENT_MONTHS = 12
SOON = timedelta(days=12)
PARENTS = (28, 52)
END_REASONS = ("job", "job", "job_search", "welfare_work", "moved_away", "declined", "period_over")

Desire = dict[str, str]
"""What is said, and the goal that follows from it: job, other or both."""


def decided_on(draft: Draft) -> date:
    """Somebody is taken in some ten days before the first day."""
    return previous_open((draft.started_on or draft.as_of) - timedelta(days=9 + draft.number % 5))


def enrolment(draft: Draft, place: MunicipalitySeed) -> EnrolmentSeed | None:
    """The decision to take somebody in; nothing for candidates."""
    if draft.started_on is None:
        return None
    pen, words = Pen(draft.rng), table("words/enrolment")
    desire, has_ended = _desire(draft, pen), draft.status == "ended"
    reason = draft.rng.choice(END_REASONS) if has_ended else None
    return EnrolmentSeed(
        route_key=place.selection.key,
        route_label_ja=place.selection.label_ja,
        decided_on=decided_on(draft),
        decided_by_ja=place.selection.body_ja,
        reason_ja=_reason(draft, place, pen),
        wish_ja=_wish(desire, pen),
        starts_on=draft.started_on,
        ends_on=draft.stopped_on if has_ended else None,
        end_reason=reason,
        end_note_ja=pen.pick(words["finish"][reason]) if reason else None,
        status=draft.status,
        entered_by=draft.caseworker,
        goals=_goals(draft, desire, pen),
    )


def _reason(draft: Draft, place: MunicipalitySeed, pen: Pen) -> str:
    words = table("words/enrolment")["reason"]
    first = pen.pick(words[draft.barriers[0]])
    return first + pen.write(words["closing"], route=place.selection.body_ja)


def _desire(draft: Draft, pen: Pen) -> Desire:
    """What somebody wishes: half of the time something that belongs to their age or to what weighs on them."""
    desires = table("words/enrolment")["wish"]["desire"]
    groups = [each for each in (*draft.barriers, *_ages(draft)) if each in desires]
    group = draft.rng.choice(groups) if groups and draft.rng.random() < 0.5 else "anybody"
    found: Desire = draft.rng.choice(desires[group])
    return found


def _ages(draft: Draft) -> tuple[str, ...]:
    age = legal_age(draft.birth_date, draft.as_of)
    if age < PARENTS[0]:
        return ("younger",)
    return ("parent",) if age < PARENTS[1] else ("older",)


def _wish(desire: Desire, pen: Pen) -> str:
    words = table("words/enrolment")["wish"]
    return pen.pick(words["opening"]) + desire["say"] + pen.pick(words["condition"])


def _goals(draft: Draft, desire: Desire, pen: Pen) -> tuple[GoalSeed, ...]:
    """The goal agreed at the start, from the wish; where two make sense it was sometimes changed on the way."""
    first_day = draft.started_on or draft.as_of
    kinds = [kind for kind in ("other", "job") if kind in desire]
    draft.rng.shuffle(kinds)
    goals = [_goal(1, kinds[0], first_day, None, desire, pen)]
    changed_on = next_open(first_day + timedelta(weeks=9))
    may_change = len(kinds) == 2 and changed_on < (draft.stopped_on or draft.as_of)
    if may_change and draft.rng.random() < 0.35:
        why = pen.pick(table("words/enrolment")["goal"]["change"])
        goals.append(_goal(2, kinds[1], changed_on, why, desire, pen))
    return tuple(goals)


def _goal(version: int, kind: str, agreed_on: date, why: str | None, desire: Desire, pen: Pen) -> GoalSeed:
    text = pen.fill(desire[kind])
    return GoalSeed(version, kind, text, agreed_on, months_after(agreed_on, 3), why)


def consents(
    draft: Draft, place: MunicipalitySeed, *, expires_soon: bool, is_withdrawn: bool
) -> tuple[ConsentSeed, ...]:
    """What somebody agreed may be shared."""
    if draft.started_on is None:
        return ()
    decided = decided_on(draft)
    earlier = previous_open(decided - timedelta(days=2))
    given_on = earlier if place.selection.consent_before_enrolment else decided
    expires_on = _expiry(draft, given_on, expires_soon)
    withdrawn_on = draft.stopped_on if is_withdrawn else None
    is_spoken = draft.rng.random() < 0.25
    return (
        ConsentSeed(
            scopes=_scopes(draft),
            form="spoken" if is_spoken else "paper",
            given_on=given_on,
            expires_on=expires_on,
            witness=holders(draft.slug, "supervising_caseworker")[0] if is_spoken else None,
            withdrawn_on=withdrawn_on,
            withdrawal_reason_ja=table("words/enrolment")["consent"]["withdrawn"] if withdrawn_on else None,
            status=_consent_status(expires_on, withdrawn_on, draft.as_of),
            entered_by=draft.caseworker,
        ),
    )


def _expiry(draft: Draft, given_on: date, expires_soon: bool) -> date:
    if expires_soon:
        return draft.as_of + SOON
    if draft.status == "ended" and draft.stopped_on:
        return draft.stopped_on
    return period_end(given_on, CONSENT_MONTHS)


def _scopes(draft: Draft) -> tuple[str, ...]:
    asked = {"employer_profile": 1.0, "hello_work": 0.4, "medical": 0.3}
    firm = ("firm",) if draft.firm_key else ()
    agreed = tuple(scope for scope, share in asked.items() if draft.rng.random() < share)
    health = ("health",) if firm and "medical" in agreed else ()
    return (*firm, *agreed, *health)


def _consent_status(expires_on: date, withdrawn_on: date | None, as_of: date) -> str:
    if withdrawn_on:
        return "withdrawn"
    return "expired" if expires_on < as_of else "in_force"


def history(draft: Draft) -> tuple[StatusSeed, ...]:
    """How somebody's status changed."""
    if draft.started_on is None:
        listed = previous_open(draft.as_of - timedelta(days=10 + draft.number))
        return (StatusSeed(moment(listed, 14, 20), "candidate", draft.caseworker, None),)
    decided = decided_on(draft)
    listed = previous_open(decided - timedelta(days=20))
    rows = [
        StatusSeed(moment(listed, 11, 5), "candidate", draft.caseworker, None),
        StatusSeed(moment(decided, 16, 30), "active", draft.caseworker, None),
    ]
    if draft.stopped_on:
        why = "支援の終了。" if draft.status == "ended" else _pause_reason(draft)
        rows.append(StatusSeed(moment(draft.stopped_on, 17), draft.status, draft.caseworker, why))
    return tuple(rows)


def _pause_reason(draft: Draft) -> str:
    reasons: list[str] = table("words/enrolment")["pause"]["reasons"]
    return reasons[draft.number % len(reasons)]


def note(draft: Draft) -> str | None:
    """A word beside the name: why a candidate waits, why somebody rests."""
    if draft.status == "candidate":
        notes: list[str] = table("words/enrolment")["candidate"]["notes"]
        return notes[draft.number % len(notes)]
    return _pause_reason(draft) if draft.status == "paused" else None
