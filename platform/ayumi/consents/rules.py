"""Consent: given, scanned, withdrawn, run out; and what a firm may see because of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ayumi.consents import queries
from ayumi.consents.model import TRANSITIONS, Consent, ConsentStatus, Form, Scope
from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import add, db, here
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.files import rules as files
from ayumi.kernel.words import _
from ayumi.papers.errors import FileRefused
from ayumi.papers.safety import MEGABYTE, Kind, check_upload
from ayumi.participants import queries as participants
from ayumi.participants import reach
from ayumi.participants import rules as people
from ayumi.participants.model import Participant

SCANS = (Kind.PDF, Kind.PNG, Kind.JPEG)
LARGEST_SCAN = 10 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned paper as it was handed in."""

    filename: str
    data: bytes


class NotInForce(Conflict):
    """The consent has been withdrawn or has run out since the page was opened."""

    message = _("This consent is no longer in force. Please look at it again.")


def give(
    participant: Participant,
    *,
    id: UUID,
    scopes: list[Scope],
    form: Form,
    given_on: date,
    expires_on: date | None = None,
    witness: str | None = None,
    scan: Scan | None = None,
    any_firm: bool = False,
) -> Consent:
    """Write down a consent. A firm that supports the person sees them from now on if that was agreed.

    It names the firm that supports on this day; ``any_firm``: it also covers the one that follows.
    """
    made = db.session.get(Consent, (participant.tenant_id, id))
    if made is not None:
        return made
    _check(scopes, form, given_on, expires_on, witness)
    consent = add(
        Consent(
            id=id,
            participant_id=participant.id,
            scopes=[scope.value for scope in scopes],
            form=form,
            given_on=given_on,
            expires_on=expires_on,
            witness=witness,
            status=ConsentStatus.IN_FORCE,
            for_firm_id=None if any_firm else participant.delivery_firm_id,
            firm_id=participant.firm_id,
            entered_by=here().membership_id,
            entered_at=clock.now(),
        )
    )
    journal.note(consent, "given", after=ConsentStatus.IN_FORCE.value)
    if scan is not None:
        attach(consent, scan=scan)
    people.settle_sight(participant)
    return consent


def _check(scopes: list[Scope], form: Form, given_on: date, expires_on: date | None, witness: str | None) -> None:
    wrong: dict[str, str] = {}
    if not scopes:
        wrong["scopes"] = _("Please choose at least one.")
    if given_on > clock.today():
        wrong["given_on"] = _("A consent cannot be given in the future.")
    if expires_on is not None and expires_on < max(given_on, clock.today()):
        wrong["expires_on"] = _("This day is over. Please enter until when the consent is in force.")
    if form is Form.SPOKEN and not witness:
        wrong["witness"] = _("Please enter who heard the spoken consent.")
    if wrong:
        raise Invalid(fields=wrong)


def attach(consent: Consent, *, scan: Scan | None) -> Consent:
    """Keep the scanned paper of a consent. What was attached before stays in the store, for the history."""
    if scan is None:
        raise Invalid(fields={"scan": _("Please choose a file.")})
    try:
        kind = check_upload(scan.data, scan.filename, SCANS, LARGEST_SCAN)
    except FileRefused as error:
        raise Invalid(fields={"scan": error.sentence}, **error.params) from error
    kept = files.keep(
        scan.data, filename=scan.filename, content_type=kind.value, purpose="consent", subject_id=consent.id
    )
    before, consent.file_id = consent.file_id, kept.id
    journal.note(consent, "scan_attached", changes={"file_id": [str(before) if before else None, str(kept.id)]})
    return consent


def withdraw(consent: Consent, *, withdrawn_on: date, reason: str) -> Consent:
    """Take a consent back, and the same matters in every other one in force. The firm's sight closes at once."""
    if consent.status is not ConsentStatus.IN_FORCE:
        raise NotInForce
    if not consent.given_on <= withdrawn_on <= clock.today():
        raise Invalid(fields={"withdrawn_on": _("Please enter a day from the consent until today.")})
    taken_back = set(consent.scopes)
    for each in queries.withdrawn_with(consent):
        left = [scope for scope in each.scopes if scope not in taken_back]
        _narrow(each, left) if left else _close(each, withdrawn_on, reason)
    people.settle_sight(participants.one(consent.participant_id, lock=True))
    return consent


def _close(consent: Consent, withdrawn_on: date, reason: str) -> None:
    consent.withdrawn_on, consent.withdrawal_reason = withdrawn_on, reason
    consent.firm_id = None  # what was said is between the person and the municipality
    states.change(consent, ConsentStatus.WITHDRAWN, table=TRANSITIONS, action="withdrawn", why=reason)


def _narrow(consent: Consent, left: list[str]) -> None:
    changes = {"scopes": [list(consent.scopes), left]}
    consent.scopes = left
    journal.note(consent, "narrowed", changes=changes, for_firm=False)


def expire_all() -> int:
    """Mark what has run out, close the sight that hung on it, and return how many consents it were."""
    over = queries.run_out()
    for consent in over:
        states.change(consent, ConsentStatus.EXPIRED, table=TRANSITIONS, action="expired")
    for participant_id in sorted({*(consent.participant_id for consent in over), *reach.run_out()}):
        people.settle_sight(participants.one(participant_id, lock=True))
    return len(over)
