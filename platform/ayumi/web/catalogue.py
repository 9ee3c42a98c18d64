"""Finds a sentence's translation without looking up, each time, which request, which language and which file.

A page translates a thousand sentences. Flask-Babel asks for the language and its catalogue anew for each of them; here
both are remembered in the request, and asked for again when the language is another one.
"""

from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import g
from flask_babel import Babel, Domain, get_locale
from werkzeug.utils import cached_property

KEPT = "quick_catalogue"


class Catalogue(Domain):  # type: ignore[misc]  # Flask-Babel says nothing of its types
    """All translations beside the code."""

    def get_translations(self) -> NullTranslations:
        """Return the translations of this request's language."""
        known = _known()
        found, locale = known.get(KEPT), known.get("babel_locale")
        if found is not None and found[0] is locale:
            return found[1]  # type: ignore[no-any-return]
        translations: NullTranslations = super().get_translations()
        if g:
            _known()[KEPT] = (get_locale(), translations)
        return translations


class Translator(Babel):  # type: ignore[misc]
    """Flask-Babel with that catalogue."""

    @cached_property
    def domain_instance(self) -> Catalogue:
        """The one catalogue."""
        return Catalogue(domain=self.domain)


def _known() -> dict[str, Any]:
    """What Flask-Babel knows of this request; nothing of it, outside of one."""
    try:
        about = g._get_current_object().__dict__
    except RuntimeError:
        return {}
    return vars(about["_flask_babel"]) if "_flask_babel" in about else {}


babel = Translator()


def locale() -> Locale | None:
    """Return the language of this request; None outside of one."""
    found: Locale | None = _known().get("babel_locale") or get_locale()
    return found


def translations() -> NullTranslations:
    """Return the translations of this request's language."""
    return babel.domain_instance.get_translations()
