"""Somebody's roles change, or they leave: what they are responsible for goes to others, and nobody is orphaned."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from ayumi.accounts import rules as logins
from ayumi.accounts.model import ROLES_OF, Membership, Party, Role
from ayumi.invitations import members, resets
from ayumi.kernel import clock, ids, journal, outbox
from ayumi.kernel.db import db, here, tenant, visiting
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.participants import duties, staff
from ayumi.participants.duties import Duty, Held
from ayumi.participants.model import NamedStaff, Participant, Supporter

KEYS = {Party.STAFF: Role.ADMINISTRATOR, Party.FIRM: Role.MANAGER}


class HandOverFirst(Conflict):
    """Somebody who is responsible for people cannot just go."""

    message = _("This person is still responsible for people. Please hand them over first.")


class TheLast(Conflict):
    """A place without anybody who administers it would be shut for good."""

    message = _("Nobody else administers this place. Name a second administrator or manager first.")


@dataclass(frozen=True, slots=True)
class Plan:
    """Who takes what over: one for all of a kind, single people to others, and the rest that is not to be seen."""

    to: Mapping[Duty, UUID] = field(default_factory=dict)
    each: Mapping[tuple[Duty, UUID], UUID] = field(default_factory=dict)
    rest: UUID | None = None

    def successor(self, held: Held) -> UUID | None:
        """Return who takes one duty over."""
        return self.each.get((held.duty, held.participant_id)) or self.to.get(held.duty)


def change(
    member: Any, *, edition: int, name: str, kana: str | None, roles: Sequence[Role], ends_on: date | None
) -> None:
    """Change somebody's name here, their roles and the last day of their place."""
    _check_edition(member, edition)
    wanted = [role.value for role in ROLES_OF[member.party] if role in roles]
    if not wanted or len(wanted) != len(set(roles)):
        raise Invalid(fields={"roles": _("There is no such role on that side.")})
    if ends_on is not None and ends_on < clock.today():
        raise Invalid(fields={"ends_on": _("This day is over. To end the place now, use the button below.")})
    is_shorter = ends_on is not None and (member.ends_on is None or ends_on < member.ends_on)
    if KEYS[member.party].value not in wanted:
        _keep_somebody(member, until=None)
    elif is_shorter:
        _keep_somebody(member, until=ends_on)
    _check_duties(member, wanted)
    given = {"name": name, "kana": kana, "roles": wanted, "ends_on": ends_on}
    _write(member, given, "changed")


def end(member: Any, *, edition: int | None = None) -> None:
    """End somebody's place at once: the next page they ask for is not there any more. Done twice it is done once."""
    if members.is_over(member):
        return
    if edition is not None:
        _check_edition(member, edition)
    _keep_somebody(member, until=None)
    if duties.of(member.id) or duties.unseen(member.id):
        raise HandOverFirst
    _write(member, {"ends_on": clock.today() - timedelta(days=1)}, "ended")
    resets.drop_of(member.id)
    if here().door is Door.FIRM:  # those whom the firm may not look at just now go with the rest
        outbox.promise("handover_rest", once=f"handover_rest:{ids.new()}", leaver_id=member.id, to_id=_me())
    if not members.other_places(member.account_id, but=member.id, on=clock.today()):
        with visiting(Place(Door.ACCOUNTS, account_id=member.account_id)) as session:
            logins.end_sessions(session, member.account_id)


def hand_over(member: Any, plan: Plan, *, edition: int) -> int:
    """Give all of somebody's duties to others in one go; return for how many people. Twice is once.

    ``edition``: of what was shown before. People whom whoever does this may not see go to ``plan.rest``.
    """
    seen = duties.of(member.id)
    if seen and duties.edition_of(seen) != edition:
        raise ChangedMeanwhile
    moves = [(each, _chosen(plan, each, member)) for each in seen]
    moves += _rest(plan, member)
    if here().door is Door.FIRM and plan.rest is not None:
        outbox.promise("handover_rest", once=f"handover_rest:{ids.new()}", leaver_id=member.id, to_id=plan.rest)
    return _move(member.id, moves)


def hand_over_rest(leaver_id: UUID, to_id: UUID) -> int:
    """Give what a firm could not see of its own member's duties to another of its members. The worker does it."""
    leaver, successor = members.one(leaver_id), members.one(to_id)
    if leaver.firm_id is None or leaver.firm_id != successor.firm_id or members.is_over(successor):
        return 0
    return _move(leaver_id, [(each, to_id) for each in duties.of(leaver_id) if each.duty is Duty.SUPPORTER])


def _me() -> UUID:
    found = here().membership_id
    assert found is not None
    return found


def _check_edition(member: Any, edition: int) -> None:
    if members.edition_of(member) != edition:
        raise ChangedMeanwhile


def _keep_somebody(member: Any, *, until: date | None) -> None:
    """Refuse when nobody would be left who administers. The municipality may take a firm's last manager away."""
    key = KEYS[member.party]
    if key.value not in member.roles or (member.party is Party.FIRM and here().door is Door.STAFF):
        return
    last = until or clock.today() - timedelta(days=1)
    administering = (
        select(Membership.id)
        .where(
            Membership.party == member.party,
            Membership.firm_id.is_not_distinct_from(member.firm_id),
            Membership.roles.contains([key.value]),
            or_(Membership.ends_on.is_(None), Membership.ends_on > last),
        )
        .order_by(Membership.id)
        .with_for_update()
    )
    if not set(db.session.scalars(administering)) - {member.id}:
        raise TheLast


def _check_duties(member: Any, roles: Collection[str]) -> None:
    held = [*duties.of(member.id), *duties.unseen(member.id)]
    for _duty, needed in duties.roles_needed(held, party=member.party):
        if not needed & set(roles):
            raise Invalid(fields={"roles": HandOverFirst.message})


def _write(member: Any, given: Mapping[str, Any], action: str) -> None:
    changes = {
        name: [_plain(getattr(member, name)), _plain(value)]
        for name, value in given.items()
        if getattr(member, name) != value
    }
    if not changes:
        return
    db.session.execute(
        update(Membership).where(Membership.id == member.id).values(**given),
        execution_options={"synchronize_session": False},
    )
    journal.note_of("membership", member.id, action, changes=changes, firm_id=member.firm_id)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value


def _chosen(plan: Plan, held: Held, member: Any) -> UUID:
    chosen = plan.successor(held)
    if chosen is None or chosen not in {row.id for row in duties.successors(held.duty, member)}:
        raise Invalid(fields={f"to_{held.duty.value}": staff.NOT_HERE})
    return chosen


def _rest(plan: Plan, member: Any) -> list[tuple[Held, UUID]]:
    unseen = duties.unseen(member.id)
    if plan.rest is None and not unseen:
        return []
    rest = plan.rest
    if rest is None or rest not in {row.id for row in duties.keepers(member)}:
        raise Invalid(fields={"rest": _("Please choose who takes over what you cannot see.")})
    return [(each, rest) for each in unseen]


def _move(leaver_id: UUID, moves: Sequence[tuple[Held, UUID]]) -> int:
    people = sorted({held.participant_id for held, _to in moves})
    if not people:
        return 0
    if here().door is not Door.FIRM:
        db.session.execute(
            select(Participant.id).where(Participant.id.in_(people)).order_by(Participant.id).with_for_update()
        )
    before = _beside(people)
    for to_id in {to for _held, to in moves}:
        for duty in Duty:
            _give(
                duty, leaver_id, to_id, [held.participant_id for held, to in moves if (held.duty, to) == (duty, to_id)]
            )
    _keep_leading([held.participant_id for held, _to in moves if held.duty is Duty.NAMED])
    _write_down(people, before, _beside(people))
    for each in {held.participant_id for held, _to in moves if held.is_restricted}:
        outbox.promise("restriction_notice", participant_id=each, notice_id=ids.new(), what="changed")
    return len(people)


def _give(duty: Duty, leaver_id: UUID, to_id: UUID, people: Sequence[UUID]) -> None:
    if not people:
        return
    if duty is Duty.CASEWORKER:
        db.session.execute(
            update(Participant)
            .where(Participant.id.in_(people), Participant.caseworker_id == leaver_id)
            .values(caseworker_id=to_id, edition=Participant.edition + 1),
            execution_options={"synchronize_session": False},
        )
        return
    table: Any = Supporter if duty is Duty.SUPPORTER else NamedStaff
    reach = (table.firm_id,) if table is Supporter else ()
    taken = db.session.execute(
        delete(table)
        .where(table.membership_id == leaver_id, table.participant_id.in_(people))
        .returning(table.participant_id, *reach),
        execution_options={"synchronize_session": False},
    ).all()
    rows = [row._asdict() | {"tenant_id": tenant(), "id": ids.new(), "membership_id": to_id} for row in taken]
    if rows:
        db.session.execute(insert(table.__table__).values(rows).on_conflict_do_nothing())


def _keep_leading(people: Sequence[UUID]) -> None:
    """Of everybody who is restricted somebody who leads stays named, or nobody could open them again."""
    if not people:
        return
    leading = select(NamedStaff.participant_id).where(
        NamedStaff.membership_id.in_([row.id for row in staff.with_roles(Party.STAFF, staff.LEADING)])
    )
    orphans = select(func.count(Participant.id)).where(
        Participant.id.in_(people), Participant.is_restricted, Participant.id.not_in(leading)
    )
    if db.session.scalar(orphans):
        raise Invalid(
            fields={
                f"to_{Duty.NAMED.value}": _(
                    "Name at least one supervising caseworker or section head, who can open this person again."
                )
            }
        )


def _beside(people: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return who is there for these people, as the journal says it."""
    found: dict[UUID, dict[str, Any]] = {each: {} for each in people}
    for id, caseworker_id in db.session.execute(
        select(Participant.id, Participant.caseworker_id).where(Participant.id.in_(found))
    ):
        found[id]["caseworker_id"] = str(caseworker_id) if caseworker_id else None
    lists: list[tuple[str, Any]] = [("supporter_ids", Supporter)]
    if here().door is not Door.FIRM:
        lists.append(("staff_ids", NamedStaff))
    for name, table in lists:
        held = func.array_agg(table.membership_id)
        query = select(table.participant_id, held).where(table.participant_id.in_(found)).group_by(table.participant_id)
        for id, membership_ids in db.session.execute(query):
            found[id][name] = sorted(map(str, membership_ids))
    return found


def _write_down(people: Sequence[UUID], before: Mapping[UUID, Any], after: Mapping[UUID, Any]) -> None:
    for each in people:
        names = sorted(before[each].keys() | after[each].keys())
        changes = {
            name: [before[each].get(name), after[each].get(name)]
            for name in names
            if before[each].get(name) != after[each].get(name)
        }
        journal.note_of("participant", each, "handed_over", changes=changes)
