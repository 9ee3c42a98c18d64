"""In which language somebody reads: their choice, else Japanese."""

from pathlib import Path

from babel import Locale
from flask import Flask
from flask import session as cookie

from ayumi.kernel.clock import JAPAN
from ayumi.web import login
from ayumi.web.catalogue import babel
from ayumi.web.wording import init_wording

LANGUAGES = {"ja": "日本語", "en": "English"}
LOCALES = {code: Locale.parse(code) for code in LANGUAGES}


def init_language(app: Flask, roots: list[Path]) -> None:
    """Read the catalogues that lie beside what they translate, below these folders."""
    found = sorted({str(path) for root in roots for path in root.rglob("translations") if path.is_dir()})
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(found)
    babel.init_app(app, default_locale="ja", locale_selector=locale, timezone_selector=lambda: JAPAN.key)
    init_wording(app)


def locale() -> Locale:
    """Return the language of this request as those see it who translate."""
    return LOCALES[language()]


def language() -> str:
    """Return the language of this request."""
    chosen = cookie.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    visitor = login.visitor()
    return visitor.language if visitor and visitor.language in LANGUAGES else "ja"
