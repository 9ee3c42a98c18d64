"""The catalogues of sentences: each package that shows text keeps its own, `<package>/translations/ja`.

python -m infra.catalogues compile   .po -> .mo, only what changed
python -m infra.catalogues check     every sentence in the code has its Japanese, and only one
python -m infra.catalogues add       put new sentences, untranslated, at the end of their catalogue
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

from infra.environment import ROOT

SOURCES = ("platform/ayumi", "tenants", "portal", "jobs")
HOME = Path("translations/ja/LC_MESSAGES/messages.po")
METHODS = [("**/translations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {
    "**.html": {"trimmed": "true", "silent": "false"},
    "**.txt": {"trimmed": "true", "silent": "false"},
}
FORMS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "lazy_npgettext": ((1, "c"), 2, 3),
}

Words = str | tuple[str, ...]
Key = tuple[str, Words]  # context and sentence (singular and plural where there are two)


@dataclass(frozen=True)
class Place:
    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def main(words: list[str]) -> int:
    match words:
        case ["compile"]:
            compile_all()
        case ["add"]:
            add_new()
        case ["check"]:
            return check()
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def catalogue_files() -> list[Path]:
    return sorted(file for source in SOURCES for file in (ROOT / source).glob(f"**/{HOME}"))


def read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return pofile.read_po(stream, locale="ja", abort_invalid=True)


# -- compile -----------------------------------------------------------------


def compile_all() -> None:
    for source in catalogue_files():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            unfinished = target.with_suffix(".mo.part")
            with unfinished.open("wb") as stream:
                mofile.write_mo(stream, read(source))
            unfinished.replace(target)


# -- check -------------------------------------------------------------------


def check() -> int:
    complaints = [*untranslated(), *contradictions(), *unfinished()]
    for line in complaints:
        print(line)
    print(f"catalogues: {len(catalogue_files())} files, {len(complaints)} complaints")
    return 1 if complaints else 0


def untranslated() -> Iterator[str]:
    known = {key_of(message) for file in catalogue_files() for message in sentences(read(file)) if said(message)}
    for key, places in sorted(in_code().items(), key=lambda item: str(item[1][0])):
        if key not in known:
            yield f"{places[0]}: no Japanese for {shown(key)}"


def contradictions() -> Iterator[str]:
    """The catalogues are read as one, so the same sentence must not mean two things."""
    first: dict[Key, tuple[object, Path]] = {}
    for file in catalogue_files():
        for message in sentences(read(file)):
            key = key_of(message)
            text, where = first.setdefault(key, (message.string, file))
            if text != message.string:
                place = Place(file, message.lineno or 0)
                yield f"{place}: {shown(key)} is said otherwise in {where.relative_to(ROOT)}"


def unfinished() -> Iterator[str]:
    for file in catalogue_files():
        for message in sentences(read(file)):
            place = Place(file, message.lineno or 0)
            if message.fuzzy or not said(message):
                yield f"{place}: {shown(key_of(message))} is empty or only a guess"
            elif blanks(message.id) != blanks(message.string):
                yield f"{place}: {shown(key_of(message))} has other blanks in Japanese"


def blanks(words: object) -> set[str]:
    """The places where a value is filled in. A plural may leave out the number in one of its forms."""
    texts = words if isinstance(words, (tuple, list)) else (words,)
    return {name for text in texts for name in re.findall(r"%\(\w+\)[sd]", str(text))}


def sentences(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def said(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(texts)


def key_of(message: Message) -> Key:
    words = tuple(message.id) if isinstance(message.id, (tuple, list)) else message.id
    return (message.context or "", words)


def shown(key: Key) -> str:
    context, words = key
    text = words if isinstance(words, str) else words[0]
    return f"{text!r} ({context})" if context else repr(text)


# -- what the code says ------------------------------------------------------


def in_code() -> dict[Key, list[Place]]:
    found: dict[Key, list[Place]] = {}
    for source in SOURCES:
        for key, place in extracted(ROOT / source):
            found.setdefault(key, []).append(place)
    return found


def extracted(folder: Path) -> Iterator[tuple[Key, Place]]:
    if not folder.is_dir():
        return
    for name, line, words, _comments, context in extract_from_dir(folder, METHODS, OPTIONS, FORMS):
        yield (context or "", words), Place(folder / name, line)


# -- add ---------------------------------------------------------------------


def add_new() -> None:
    """Written at the end by hand, so that what people wrote above keeps its shape."""
    known = {key_of(message) for file in catalogue_files() for message in sentences(read(file))}
    missing: dict[Path, list[Key]] = {}
    for key, places in in_code().items():
        if key not in known:
            missing.setdefault(home_of(places[0].file), []).append(key)
    for file, keys in missing.items():
        with file.open("a", encoding="utf-8") as stream:
            stream.writelines(entry(key) for key in keys)
        print(f"{file.relative_to(ROOT)}: {len(keys)} new")


def home_of(file: Path) -> Path:
    """The nearest catalogue above a file."""
    for folder in file.parents:
        if (folder / HOME).exists():
            return folder / HOME
        if folder == ROOT:
            break
    raise SystemExit(f"{file.relative_to(ROOT)} shows text, but no folder above it has {HOME}")


def entry(key: Key) -> str:
    context, words = key
    lines = [f"msgctxt {pofile.normalize(context)}"] if context else []
    if isinstance(words, str):
        lines += [f"msgid {pofile.normalize(words)}", 'msgstr ""']
    else:
        lines += [
            f"msgid {pofile.normalize(words[0])}",
            f"msgid_plural {pofile.normalize(words[1])}",
            'msgstr[0] ""',
        ]
    return "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
