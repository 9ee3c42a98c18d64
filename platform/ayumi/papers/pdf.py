"""Documents as PDF: archivable (PDF/A-2a), readable aloud (PDF/UA-1), in the same fonts everywhere."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final
from xml.etree import ElementTree

import typst

from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.papers.glyphs import Lost, Repertoire, clean

TEMPLATES: Final = Path(__file__).parent / "typst"
FONTS: Final = (
    "biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf",
    "biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf",
    "noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf",
    "noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf",
)
JAPAN: Final = timezone(timedelta(hours=9))
STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]
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
    return press(Path(packages).resolve()).render(template, data, images or {}, substitute=substitute, made=made)


def unprintable(data: object, *, packages: str | Path = "node_modules") -> list[Lost]:
    """The characters in any text of the data that no font can print, without printing."""
    return list(press(Path(packages).resolve()).repertoire.lost(_cleaned(data)))


class Press:
    """A compiler that keeps its fonts and templates at hand; one document at a time."""

    def __init__(self, packages: Path) -> None:
        files = [packages / "@expo-google-fonts" / name for name in FONTS]
        missing = [str(file) for file in files if not file.is_file()]
        if missing:
            raise FileNotFoundError(f"fonts for documents are missing: {', '.join(missing)}")
        self.repertoire = Repertoire(files)
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(file.parent) for file in files],
        )
        self._compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
        self._turn = Lock()

    def render(
        self,
        template: str,
        data: Mapping[str, Any],
        images: Mapping[str, bytes],
        *,
        substitute: bool,
        made: datetime | None,
    ) -> bytes:
        inputs = self._inputs(_cleaned(data), images, substitute)
        with self._turn:
            pdf = self._compiler.compile(
                input=_path(template),
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=STANDARDS,
                timestamp=made and made.astimezone(JAPAN),
            )
        if not isinstance(pdf, bytes):
            raise TypeError("a document is one file")
        return pdf

    def _inputs(self, data: Any, images: Mapping[str, bytes], substitute: bool) -> dict[str, str]:
        pictures = {name: _picture(content) for name, content in images.items()}
        if substitute:
            data, pictures = (
                _each_text(data, self.repertoire.with_geta),
                _each_text(pictures, self._svg_with_geta),
            )
        lost = [*self.repertoire.lost(data), *self._lost_in_pictures(pictures)]
        if lost:
            raise Unprintable(lost)
        return {"data": json.dumps(data, ensure_ascii=False), "images": json.dumps(pictures)}

    def _lost_in_pictures(self, pictures: Mapping[str, dict[str, Any]]) -> list[Lost]:
        return [
            lost
            for name, picture in pictures.items()
            if picture["format"] == "svg"
            for lost in self.repertoire.lost(clean("".join(_svg(picture["content"]).itertext())), name)
        ]

    def _svg_with_geta(self, text: str) -> str:
        return self.repertoire.with_geta(clean(text))


@cache
def press(packages: Path) -> Press:
    """The press of this process for a folder of packages."""
    return Press(packages)


def _path(template: str) -> Path:
    path = TEMPLATES / f"{template}.typ"
    if not re.fullmatch(r"[a-z_]+", template) or not path.is_file():
        raise LookupError(f"no template is called {template!r}")
    return path


def _picture(content: bytes) -> dict[str, Any]:
    for signature, name in _RASTERS.items():
        if content.startswith(signature):
            return {"format": name, "content": list(content)}
    return {"format": "svg", "content": content.decode()}


def _svg(content: str) -> ElementTree.Element:
    return ElementTree.fromstring(content)


def _cleaned(data: Any) -> Any:
    return _each_text(data, clean)


def _each_text(data: Any, change: Any) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {key: _each_text(value, change) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_each_text(value, change) for value in data]
    return data
