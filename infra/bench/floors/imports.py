"""A list of people by hand: read, COPY into a temporary table, INSERT from there; the journal the same way."""

import csv
import io
import re
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from uuid_utils.compat import uuid7

from infra.bench.calendar import NOW, TODAY

STORED = """
SELECT f.sha256 FROM participant_import i JOIN stored_file f ON f.tenant_id = %(t)s AND f.id = i.file_id
WHERE i.tenant_id = %(t)s AND i.id = %(id)s
"""
TEMPORARY = """
CREATE TEMP TABLE poured (id uuid, entry uuid, family_name text, given_name text, family_kana text, given_kana text,
  kana_key text, name_key text, birth_date date, case_number text, phone text, note text, place int) ON COMMIT DROP
"""
COPY = """
COPY poured (id, entry, family_name, given_name, family_kana, given_kana, kana_key, name_key, birth_date, case_number,
  phone, note, place) FROM STDIN
"""
KNOWN = """
SELECT count(*) FROM participant p JOIN poured ON poured.case_number = p.case_number WHERE p.tenant_id = %(t)s
"""
PEOPLE = """
INSERT INTO participant (tenant_id, id, family_name, given_name, family_kana, given_kana, kana_key, name_key,
  birth_date, case_number, phone, note, barriers, status, created_at)
SELECT %(t)s, id, family_name, given_name, family_kana, given_kana, kana_key, name_key, birth_date, case_number, phone,
  note, '{}', 'candidate', %(now)s FROM poured
"""
ENTRIES = """
INSERT INTO journal_entry (tenant_id, id, subject, subject_id, action, status_after, at, door, membership_id)
SELECT %(t)s, entry, 'participant', id, 'imported', 'candidate', %(now)s, 'worker', %(me)s FROM poured ORDER BY place
"""
DONE = """
UPDATE participant_import SET status = 'applied', rows_done = rows_total, created = %(count)s, ended_at = %(now)s
WHERE tenant_id = %(t)s AND id = %(id)s
"""
# Keys by which names are found: katakana, all of one size, without what is not heard, kanji in one of their forms.
SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
KANA = (
    {code: chr(code + 0x60).translate(SMALL) for code in range(0x3041, 0x3097)}
    | SMALL
    | str.maketrans(
        "髙﨑𠮷齋齊斎邊邉濵濱嶋嶌澤廣國櫻德惠眞桒淵渕瀨榮曾萬龍",
        "高崎吉斉斉斉辺辺浜浜島島沢広国桜徳恵真桑渕渕瀬栄曽万竜",
    )
)
UNHEARD = re.compile(r"[\sー\-\u2010-\u2015\u2212\u2500〜~・゠=\u200b-\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
HEADINGS = ("姓", "名", "姓カナ", "名カナ", "生年月日", "ケース番号", "電話番号", "備考")


def apply(connection: psycopg.Connection[Any], tenant_id: int, me: UUID, import_id: UUID, files: Path) -> int:
    """Take a list over whole; return how many people are in it."""
    with connection.transaction():
        connection.execute(f"SET LOCAL ayumi.tenant_id = '{tenant_id}'")
        rows = list(read(stored(connection, tenant_id, import_id, files)))
        connection.execute(TEMPORARY)
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for place, row in enumerate(rows):
                copy.write_row((uuid7(), uuid7(), *row, place))
        said = {"t": tenant_id, "me": me, "id": import_id, "now": NOW, "count": len(rows)}
        found = connection.execute(KNOWN, said).fetchone()
        if found is None or found[0]:
            raise RuntimeError("somebody is there already")
        for statement in (PEOPLE, ENTRIES, DONE):
            connection.execute(statement, said)
    return len(rows)


def stored(connection: psycopg.Connection[Any], tenant_id: int, import_id: UUID, files: Path) -> bytes:
    """The list as it was handed in."""
    found = connection.execute(STORED, {"t": tenant_id, "id": import_id}).fetchone()
    assert found is not None
    sha = str(found[0])
    return (files / "t" / str(tenant_id) / sha[:2] / sha).read_bytes()


@cache
def search_key(name: str) -> str:
    """By what a name is found; names repeat."""
    folded = UNHEARD.sub("", unicodedata.normalize("NFKC", name).casefold())
    return unicodedata.normalize("NFC", folded.translate(KANA))


def read(data: bytes) -> list[tuple[Any, ...]]:
    """Return the rows of a list, checked for what cannot be."""
    lines = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    if tuple(next(lines)) != HEADINGS:
        raise ValueError("other headings")
    rows, numbers = [], set()
    for cells in lines:
        family, given, family_kana, given_kana, born, number, phone, note = (each.strip() for each in cells)
        on, number = date.fromisoformat(born.replace("/", "-")), unicodedata.normalize("NFKC", number)
        if not (family and given and family_kana and given_kana) or on > TODAY or number in numbers:
            raise ValueError(number)
        numbers.add(number)
        keys = search_key(family_kana + given_kana), search_key(family + given)
        rows.append((family, given, family_kana, given_kana, *keys, on, number, phone or None, note or None))
    return rows
