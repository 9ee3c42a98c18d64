"""The month's fees as section head and finance see them: is it right, and can I sign?"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.delivery.fees.views import shown
from ayumi.delivery.fees.words import hand_out, month_asked, words
from ayumi.fees import approval, documents, queries
from ayumi.fees.approval import Return
from ayumi.fees.labels import RETURN_REASONS
from ayumi.fees.month import MonthOverview, MonthRow
from ayumi.fees.schemas import ReturnInput
from ayumi.kernel.db import db
from ayumi.kernel.errors import AyumiError, Conflict, Invalid
from ayumi.kernel.words import _
from ayumi.papers.csv_out import Encoding
from ayumi.web.errors import sentence
from ayumi.web.frame import may
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again, asks_again_for_file

pages = Blueprint("approval", __name__, url_prefix="/approval")
pages.context_processor(words)


@pages.get("/")
@needs("fees.read")
def index() -> ResponseReturnValue:
    """Show a month's fees, an employer a row, with what can be approved."""
    overview = queries.month_overview(month_asked())
    rows = [row for row in overview.rows if row.statement is not None]
    placed = {line.placement_id for row in rows for line in row.lines if line.placement_id}
    people = queries.people_in(placed) if sees_people() else {}
    return render_template(
        "tenants/fees/month.html",
        overview=overview,
        month=overview.month,
        rows=rows,
        without=[row for row in overview.rows if row.statement is None],
        clean=clean(overview),
        people=people,
    )


def sees_people() -> bool:
    """Those who read about people see whose days they are; those who only pay see nicknames."""
    return may("people.read")


def clean(overview: MonthOverview) -> list[MonthRow]:
    """Rows that whoever is here may approve at once: nothing about them raises a question."""
    if not may("fees.approve"):
        return []
    return [row for row in overview.rows if row.is_decidable and not row.questions]


@pages.post("/clean")
@asks_again
@needs("fees.approve")
def approve_clean() -> ResponseReturnValue:
    """Approve the statements of a month that raise no question, as they were shown."""
    done, left = approval.approve_all(editions_shown())
    if done:
        flash(gettext("Approved and frozen: %(count)s.", count=done), "good")
    if left:
        flash(gettext("Left alone because something had changed meanwhile: %(count)s.", count=left), "warn")
    return redirect(to("approval.index", month=str(month_asked())))


def editions_shown() -> dict[UUID, int]:
    """Return which editions the page showed: statement -> edition."""
    shown = (name.partition("seen-") for name in request.form if name.startswith("seen-"))
    return {UUID(id): request.form.get(f"seen-{id}", 0, type=int) for _none, _mark, id in shown if is_id(id)}


@pages.get("/<uuid:statement_id>")
@needs("fees.read")
def statement(statement_id: UUID) -> ResponseReturnValue:
    """Show a statement to whoever decides on it."""
    return statement_page(statement_id)


@pages.post("/<uuid:statement_id>")
@asks_again
@needs("fees.approve")
def decide(statement_id: UUID) -> ResponseReturnValue:
    """Approve a line or all without questions, or send lines back."""
    queries.statement(statement_id)
    word, _colon, line = request.form.get("do", "").partition(":")
    try:
        said = WORDS[word](statement_id, request.form.get("edition", 0, type=int), line)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        return statement_page(statement_id, refusal=error)
    flash(said, "good")
    return redirect(to("approval.statement", statement_id=statement_id))


def approve(statement_id: UUID, edition: int, line: str) -> str:
    """Approve one line, or all without questions."""
    chosen = [UUID(line)] if is_id(line) else None
    made = approval.approve(statement_id, edition=edition, line_ids=chosen)
    if made.approved_at is not None:
        return str(gettext("Approved and frozen."))
    return str(gettext("The line is approved. The statement follows with its last line."))


def send_back(statement_id: UUID, edition: int, _line: str) -> str:
    """Send back the lines beside which a reason was chosen."""
    approval.send_back(statement_id, edition=edition, lines=reasons_given())
    return str(gettext("Sent back."))


def nothing(_statement_id: UUID, _edition: int, _line: str) -> str:
    """Neither of the two: the form was sent without one of its buttons."""
    raise Invalid(_("Please use one of the buttons."))


WORDS: Mapping[str, Callable[[UUID, int, str], str]] = defaultdict(
    lambda: nothing, {"approve": approve, "send_back": send_back}
)


def reasons_given() -> dict[UUID, Return]:
    """Return line -> why it goes back, for the lines beside which a reason was chosen."""
    found: dict[UUID, Return] = {}
    for name, reason in request.form.items():
        line = name.removeprefix("reason-")
        if line != name and reason and is_id(line):
            said = {"reason": reason, "word": request.form.get(f"word-{line}", "")}
            if wrong := ReturnInput().validate(said):
                raise unfit(wrong)
            found[UUID(line)] = Return(**ReturnInput().load(said))
    return found


def unfit(wrong: Mapping[str, Any]) -> Invalid:
    """Return the refusal that says what does not fit."""
    text = next(iter(wrong.values()))[0]
    return Invalid(getattr(text, "msgid", text), **getattr(text, "params", {}))


def is_id(text: str) -> bool:
    """Tell whether a text is an identifier."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def statement_page(statement_id: UUID, *, refusal: AyumiError | None = None) -> ResponseReturnValue:
    """Return the page on which a statement is decided."""
    content = queries.statement(statement_id)
    can_decide = may("fees.approve") and approval.may_decide(content.statement)
    page = render_template(
        "tenants/fees/statement.html",
        **shown(content),
        can_decide=can_decide,
        left=queries.left_of(content.statement),
        reason_choices=[(reason.value, gettext(word)) for reason, word in RETURN_REASONS.items()],
        typed=request.form if refusal else {},
        refusal=sentence(refusal) if refusal else "",
    )
    return page, refusal.status if refusal else 200


@pages.get("/month.csv")
@asks_again_for_file
@needs("fees.read")
def month_file() -> ResponseReturnValue:
    """Hand out a month's statements as CSV for the accounts."""
    encoding: Encoding = "cp932" if request.args.get("encoding") == "cp932" else "utf-8-sig"
    return hand_out(documents.month_csv(queries.month_overview(month_asked()), encoding))
