"""Putting a month's fees together: by a firm in its portal, by own staff in the console."""

from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.accounts.model import Party
from ayumi.contracts import queries as contracts
from ayumi.delivery.fees.words import FILE_KINDS, hand_out, month_asked, words
from ayumi.fees import documents, queries, rules
from ayumi.fees.content import Content
from ayumi.fees.model import Statement, StatementStatus
from ayumi.fees.month import MonthRow
from ayumi.fees.schemas import GiveUpInput, NoteInput
from ayumi.japan.calendar import Month
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.db import db
from ayumi.kernel.errors import AyumiError, Conflict, Invalid, NotFound
from ayumi.web.errors import sentence
from ayumi.web.forms import TOKEN, Form
from ayumi.web.frame import may
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again_for_file
from ayumi.web.visit import visit

pages = Blueprint("fees", __name__, url_prefix="/fees")
pages.context_processor(words)


@pages.get("/")
@needs("fees.read")
def index() -> ResponseReturnValue:
    """Show a month: what is in a statement, what is not yet, and why."""
    return month_page(month_asked())


def month_page(month: Month, refusal: AyumiError | None = None) -> ResponseReturnValue:
    """Return the page of a month, with what could not be done when something was tried."""
    overview, token = queries.month_overview(month), ids.new()
    page = render_template(
        "ayumi/delivery/fees/month.html",
        overview=overview,
        month=month,
        mine=[row for row in overview.rows if compiles(row)],
        others=[row for row in overview.rows if not compiles(row)],
        without_firm=firms_that_cannot(overview.rows),
        refusal=sentence(refusal) if refusal else "",
        token=token,
        token_for=lambda row: uuid5(token, f"{row.employer_id}{row.firm_id}"),
    )
    return page, refusal.status if refusal else 200


def compiles(row: MonthRow) -> bool:
    """Tell whether whoever is here puts this employer's fees together."""
    return row.firm_id == visit().belonging.firm_id


def firms_that_cannot(rows: tuple[MonthRow, ...]) -> set[UUID]:
    """Firms for which the municipality has to compile: their contract is over."""
    if visit().party is Party.FIRM or all(row.firm_id is None for row in rows):
        return set()
    in_force = {firm.id for firm in contracts.firms_in_force(clock.today())}
    return {row.firm_id for row in rows if row.firm_id and row.firm_id not in in_force}


@pages.post("/compile")
@needs("fees.compile")
def compile() -> ResponseReturnValue:  # noqa: A001  as the rule
    """Compile one employer's month."""
    month, employer_id, firm_id = month_asked(), given("employer_id"), given("firm_id")
    if employer_id is None:
        raise NotFound
    try:
        made = rules.compile(employer_id, month, firm_id, id=given(TOKEN))
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return month_page(month, error)
    flash(gettext("The statement has been compiled. Please look through it and hand it in."), "good")
    return redirect(to("fees.statement", statement_id=made.id))


@pages.post("/compile-all")
@needs("fees.compile")
def compile_all() -> ResponseReturnValue:
    """Compile every employer that has something to be paid, and drafts anew."""
    month = month_asked()
    try:
        made, again = rules.compile_all(month, id=given(TOKEN) or ids.new())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return month_page(month, error)
    flash(
        gettext("Statements compiled: %(made)s. Drafts compiled again: %(again)s.", made=made, again=again),
        "good" if made or again else "info",
    )
    return redirect(to("fees.index", month=str(month)))


@pages.get("/<uuid:statement_id>")
@needs("fees.read")
def statement(statement_id: UUID) -> ResponseReturnValue:
    """Show a statement with its lines and days, and what can be done with it."""
    return statement_page(statement_id)


@pages.post("/<uuid:statement_id>/compile")
@needs("fees.compile")
def recompile(statement_id: UUID) -> ResponseReturnValue:
    """Compile a statement again."""
    queries.statement(statement_id)
    try:
        made = rules.recompile(statement_id, seen=request.form.get("seen"))
    except Conflict as error:
        return told(statement_id, error)
    if made.status is StatementStatus.DROPPED:
        flash(gettext("Nothing is left to be paid, so the statement has been given up."), "warn")
    else:
        flash(gettext("The statement has been compiled again."), "good")
    return redirect(to("fees.statement", statement_id=statement_id))


@pages.post("/<uuid:statement_id>/hand-in")
@needs("fees.compile")
def hand_in(statement_id: UUID) -> ResponseReturnValue:
    """Save the note, or hand the statement in with it."""
    queries.statement(statement_id)
    form, only_save = Form(NoteInput()), request.form.get("do") == "save"
    try:
        made = form.send(rules.annotate if only_save else rules.submit, statement_id=statement_id)
    except Conflict as error:
        return told(statement_id, error, note=form)
    if made is None:
        return statement_page(statement_id, note=form)
    flash(gettext("The note has been saved.") if only_save else gettext("Handed in for approval."), "good")
    return redirect(to("fees.statement", statement_id=statement_id))


@pages.post("/<uuid:statement_id>/give-up")
@needs("fees.compile")
def give_up(statement_id: UUID) -> ResponseReturnValue:
    """Give a statement up."""
    queries.statement(statement_id)
    form = Form(GiveUpInput())
    try:
        made = form.send(rules.drop, statement_id=statement_id)
    except Conflict as error:
        return told(statement_id, error)
    if made is None:
        return statement_page(statement_id, giving_up=form)
    flash(gettext("The statement has been given up. Its days can be compiled again."), "good")
    return redirect(to("fees.index", month=f"{made.month:%Y-%m}"))


@pages.get(f"/<uuid:statement_id>/file/<any({', '.join(FILE_KINDS)}):kind>")
@asks_again_for_file
@needs("fees.read")
def file(statement_id: UUID, kind: str) -> ResponseReturnValue:
    """Hand out a statement as PDF or workbook."""
    content = queries.statement(statement_id)
    return hand_out(documents.statement_pdf(content) if kind == "pdf" else documents.statement_xlsx(content))


def told(statement_id: UUID, error: Conflict, *, note: Form | None = None) -> ResponseReturnValue:
    """Show the statement as it is now, and say why nothing was done."""
    db.session.rollback()
    return statement_page(statement_id, refusal=error, note=note)


def statement_page(
    statement_id: UUID,
    *,
    note: Form | None = None,
    giving_up: Form | None = None,
    refusal: Conflict | None = None,
) -> ResponseReturnValue:
    """Return the page of a statement."""
    content = queries.statement(statement_id)
    note, giving_up = note or note_form(content), giving_up or fresh(GiveUpInput(), {})
    page = render_template(
        "ayumi/delivery/fees/statement.html",
        **shown(content),
        note=note,
        giving_up=giving_up,
        may_work=may_work(content.statement),
        refusal=sentence(refusal) if refusal else "",
    )
    return page, refusal.status if refusal else max(note.status, giving_up.status)


def shown(content: Content) -> dict[str, Any]:
    """Return what every page of a statement shows. Names only to those who may see people: money is not lives."""
    history = journal.history(content.statement.id)
    placements = {line.placement_id for line in content.lines if line.placement_id}
    people = queries.people_in(placements) if may("people.read") else {}
    return {
        "content": content,
        "statement": content.statement,
        "people": people,
        "history": history,
        "names": accounts.names_of({each.membership_id for each in history if each.membership_id}),
    }


def may_work(statement: Statement) -> bool:
    """Tell whether whoever is here can still work on a statement."""
    return may("fees.compile") and statement.status in rules.IN_WORK


def note_form(content: Content) -> Form:
    """Return the form of the note, as it stands."""
    return fresh(NoteInput(), {"note": content.statement.note})


def fresh(schema: Any, initial: dict[str, Any]) -> Form:
    """Return a form that shows what is known, although another form of its page has been sent."""
    form = Form(schema, initial)
    form.typed = None
    return form


def given(name: str) -> UUID | None:
    """Return an identifier that a form has sent, or None."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        return None
