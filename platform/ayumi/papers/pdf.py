"""Documents as PDF: archivable (PDF/A-2a), readable aloud (PDF/UA-1), in the same fonts everywhere."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.papers.glyphs import Lost, Repertoire, clean
from ayumi.papers.press import TEMPLATES, font_files, print_pdf

_RASTERS: Final = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


class Unprintable(Invalid):
    """Some characters are in none of the fonts; `lost` says which, and in which text each stands."""

    message = _("“%(characters)s” cannot be printed (in “%(text)s”).")

    def __init__(self, lost: Sequence[Lost]) -> None:
        self.lost = list(lost)
        characters = "、".join(dict.fromkeys(each.character for each in lost))
        super().__init__(characters=characters, text=lost[0].text)


def render(
    template: str,
    data: Mapping[str, Any],
    images: Mapping[str, bytes] | None = None,
    *,
    packages: str | Path = "node_modules",
    substitute: bool = False,
    made: datetime | None = None,
) -> bytes:
    """Print a template of the folder `typst` with data shaped as `papers.shapes` says.

    Images are SVG, PNG or JPEG by the names the data calls them. Raises Unprintable when a character has no
    glyph; with substitute it becomes 〓. `packages` is the folder of the npm packages, where the fonts lie.
    `made` is the moment written into the file; the same data at the same moment make the same bytes.
    """
    _require(template)
    folder = Path(packages).resolve()
    inputs = _inputs(_cleaned(data), images or {}, _repertoire(folder), substitute=substitute)
    return print_pdf(folder, template, inputs, int(made.timestamp()) if made else None)


def read_fonts(packages: str | Path = "node_modules") -> None:
    """Read now which characters the fonts have, so that processes forked from this one need not."""
    _repertoire(Path(packages).resolve())


def unprintable(data: object, *, packages: str | Path = "node_modules") -> list[Lost]:
    """The characters in any text of the data that no font can print, without printing."""
    return list(_repertoire(Path(packages).resolve()).lost(_cleaned(data)))


def _inputs(data: Any, images: Mapping[str, bytes], fonts: Repertoire, *, substitute: bool) -> dict[str, str]:
    pictures = {name: _picture(content) for name, content in images.items()}
    if substitute:
        data = _each_text(data, fonts.with_geta)
        pictures = _each_text(pictures, lambda text: fonts.with_geta(clean(text)))
    lost = [*fonts.lost(data), *_lost_in_pictures(pictures, fonts)]
    if lost:
        raise Unprintable(lost)
    return {"data": json.dumps(data, ensure_ascii=False), "images": json.dumps(pictures)}


def _lost_in_pictures(pictures: Mapping[str, dict[str, Any]], fonts: Repertoire) -> Iterator[Lost]:
    for name, picture in pictures.items():
        if picture["format"] == "svg":
            text = "".join(ElementTree.fromstring(picture["content"]).itertext())
            yield from fonts.lost(clean(text), name)


@cache
def _repertoire(packages: Path) -> Repertoire:
    return Repertoire(font_files(packages))


def _require(template: str) -> None:
    if not re.fullmatch(r"[a-z_]+", template) or not (TEMPLATES / f"{template}.typ").is_file():
        raise LookupError(f"no template is called {template!r}")


def _picture(content: bytes) -> dict[str, Any]:
    for signature, name in _RASTERS.items():
        if content.startswith(signature):
            return {"format": name, "content": list(content)}
    svg = content.decode()
    if "var(" in svg:
        raise ValueError("a picture to be printed says its colours literally: CSS variables come out black")
    return {"format": "svg", "content": svg}


def _cleaned(data: Any) -> Any:
    return _each_text(data, clean)


def _each_text(data: Any, change: Any) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: _each_text(value, change) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_each_text(value, change) for value in data]
    return data
