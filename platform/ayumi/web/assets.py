"""Style, scripts and letters for the browser, each under an address that names its content."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, abort, current_app, request, send_file, url_for

from ayumi.web.permissions import open_to_all

HERE: Final = Path(__file__).parent / "looks" / "static"
REPOSITORY: Final = Path(__file__).parents[3]
FOREVER: Final = "public, max-age=31536000, immutable"
A_MOMENT: Final = "public, max-age=60"

KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
TOKENS: Final = "@digital-go-jp/design-tokens/dist/tokens.css"
HTMX: Final = "htmx.org/dist/htmx.min.js"
FONT: Final = "@fontsource-variable/noto-sans-jp"
# The order is the cascade: what stands later may overrule what stands earlier.
CSS_PARTS: Final = (
    "base", "type", "frame", "nav", "band", "card", "button", "form", "choice", "upload", "filters",
    "table", "pager", "tag", "banner", "disclosure", "dialog", "tabs", "summary", "timeline", "weeks",
    "grid", "records", "placements", "calendar", "figure", "progress", "chart", "reports", "actions", "bare",
    "places", "phone", "contrast", "print",
)  # fmt: skip

pages = Blueprint("assets", __name__)


class AssetsMissing(RuntimeError):
    """A file that the pages need is not installed."""


@dataclass(frozen=True)
class Asset:
    """One file: either held in memory, with its packed twin, or read from where it lies."""

    kind: str
    body: bytes = b""
    packed: bytes = b""
    path: Path | None = None


@dataclass(frozen=True)
class Shelf:
    """Files that point at each other by relative addresses, so they share one edition."""

    edition: str
    assets: Mapping[str, Asset]


SHELVES: Final = "ayumi.assets"


def init_assets(app: Flask, node_modules: Path | None = None) -> None:
    """Read every asset once, give templates `asset(name)` and serve /assets/."""
    shelves = load(node_modules or REPOSITORY / "node_modules")
    app.extensions[SHELVES] = shelves
    app.register_blueprint(pages)
    app.jinja_env.globals["asset"] = asset_url


def load(node_modules: Path) -> tuple[Shelf, ...]:
    """All shelves: our own style and scripts, htmx, the letters."""
    return (_own(node_modules), _shelf({"htmx.js": _held(node_modules / HTMX)}), _letters(node_modules))


def _own(node_modules: Path) -> Shelf:
    parts = [node_modules / TOKENS, *(HERE / "css" / f"{part}.css" for part in CSS_PARTS)]
    style = "\n".join(_read(part).decode() for part in parts).encode()
    assets = {"ayumi.css": _packed(".css", style)}
    for file in sorted((HERE / "js").glob("*.js")):
        assets[f"js/{file.name}"] = _held(file)
    for file in sorted(HERE.glob("*.svg")):
        assets[file.name] = _held(file)
    return _shelf(assets)


def _letters(node_modules: Path) -> Shelf:
    folder = node_modules / FONT
    assets = {"letters.css": _held(folder / "wght.css")}
    for file in sorted((folder / "files").glob("*-wght-normal.woff2")):
        assets[f"files/{file.name}"] = Asset(KINDS[file.suffix], path=file)
    return _shelf(assets)


def _shelf(assets: Mapping[str, Asset]) -> Shelf:
    seal = hashlib.sha256()
    for name, asset in sorted(assets.items()):
        seal.update(name.encode())
        seal.update(_read(asset.path) if asset.path else asset.body)
    return Shelf(seal.hexdigest()[:12], assets)


def _held(file: Path) -> Asset:
    return _packed(file.suffix, _read(file))


def _packed(suffix: str, body: bytes) -> Asset:
    return Asset(KINDS[suffix], body, gzip.compress(body, 9, mtime=0))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise AssetsMissing(f"{file} is missing: install the page assets with npm") from error


def asset_url(name: str) -> str:
    """The address of an asset; an unknown name is a mistake in the template."""
    for shelf in _shelves():
        if name in shelf.assets:
            return url_for("assets.serve", edition=shelf.edition, name=name)
    raise KeyError(f"no asset is called {name!r}")


def _shelves() -> Iterable[Shelf]:
    shelves: tuple[Shelf, ...] = current_app.extensions[SHELVES]
    return shelves


@pages.get("/assets/<edition>/<path:name>")
@open_to_all
def serve(edition: str, name: str) -> Response:
    """One file; an old edition gets today's file, but may keep it only for a moment."""
    shelf = next((shelf for shelf in _shelves() if name in shelf.assets), None)
    if shelf is None:
        abort(404)
    return _answer(shelf.assets[name], FOREVER if edition == shelf.edition else A_MOMENT)


def _answer(asset: Asset, keep: str) -> Response:
    if asset.path:
        response = send_file(asset.path, mimetype=asset.kind)
    elif request.accept_encodings["gzip"] > 0:
        response = Response(asset.packed, content_type=asset.kind)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(asset.body, content_type=asset.kind)
    response.headers["Cache-Control"] = keep
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept-Encoding")
    return response
