"""How templates translate: a sentence is text, never mark-up, even when it is what somebody has typed.

Jinja's own newstyle ``_`` believes every translated sentence to be safe HTML and to hold place-holders. Pages translate
reasons that are either words of ours or words of a person (a journal's why), so here nothing is believed: the sentence
is escaped like its values, and a percent sign means something only where values are given.
"""

from typing import Any

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape

from ayumi.web.catalogue import translations


def init_wording(app: Flask) -> None:
    """Give templates ``_`` and its sisters; Jinja's own ``_`` would look for ``gettext`` at each call."""
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext, pgettext=pgettext, npgettext=npgettext)


@pass_context
def gettext(context: Context, text: str, /, **values: Any) -> str:
    """Translate a sentence."""
    return _written(context, translations().ugettext(str(text)), values)


@pass_context
def ngettext(context: Context, one: str, many: str, num: int, /, **values: Any) -> str:
    """Translate a sentence that counts something."""
    return _written(context, translations().ungettext(one, many, num), {"num": num} | values)


@pass_context
def pgettext(context: Context, about: str, text: str, /, **values: Any) -> str:
    """Translate a sentence that means something else elsewhere."""
    return _written(context, translations().upgettext(about, str(text)), values)


@pass_context
def npgettext(context: Context, about: str, one: str, many: str, num: int, /, **values: Any) -> str:
    """Translate a sentence that counts something and means something else elsewhere."""
    return _written(context, translations().unpgettext(about, one, many, num), {"num": num} | values)


def _written(context: Context, sentence: str, values: dict[str, Any]) -> str:
    words = escape(sentence) if context.eval_ctx.autoescape else sentence
    return words % values if values else words
