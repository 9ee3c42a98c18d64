"""Jinja's environment for our pages: no template has globals of its own, so all of them share one plain dictionary.

Jinja lays an empty dictionary over the common one for each template, and walks through both at every import.
"""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class PageEnvironment(Environment):
    """Flask's environment, quicker at finding what all templates know."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template knows: what all of them know, unless it was given something besides."""
        return super().make_globals(d) if d else self.globals
