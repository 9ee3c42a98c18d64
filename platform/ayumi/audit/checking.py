"""Checks a municipality's chain in the database, some thousand entries at a time, and names the first broken link."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ayumi.audit import heads
from ayumi.audit.canonical import HASHED, hash_of, moment
from ayumi.audit.faults import Fault, Finding

AT_ONCE = 5000
NEAR = 60  # how far away an entry is looked for that stands in another's place

# One batch: how many, where it ends, and the first entry that does not fit.
BATCH = text("""
WITH linked AS (
    SELECT e.seq, e.hash,
           lag(e.seq, 1, cast(:seq AS bigint)) OVER w AS before,
           journal_hash(ROW(e.*)::journal_entry, lag(e.hash, 1, cast(:hash AS text)) OVER w) AS made,
           CASE WHEN e.forgotten_at IS NULL THEN journal_digest(e.salt, e.why, e.changes) IS NOT DISTINCT FROM e.digest
                ELSE e.why IS NULL AND e.changes IS NULL AND e.salt IS NULL END AS says
    FROM journal_entry e
    WHERE e.tenant_id = :t AND e.seq > :seq AND e.seq <= :seq + :n
    WINDOW w AS (ORDER BY e.seq)
), judged AS (
    SELECT *, seq = before + 1 AND made = hash AND says AS sound FROM linked
)
SELECT count(*) AS entries, max(seq) AS seq, (array_agg(hash ORDER BY seq DESC))[1] AS hash,
       min(seq) FILTER (WHERE NOT sound) AS first,
       (array_agg(before ORDER BY seq) FILTER (WHERE NOT sound))[1] AS before,
       (array_agg(made = hash ORDER BY seq) FILTER (WHERE NOT sound))[1] AS linked
FROM judged
""")

# Where it ends, in one look: entries are added while the check goes on.
END = text("""
SELECT coalesce(max(e.seq), 0) AS seq, coalesce(max(h.seq), 0) AS head_seq, coalesce(max(h.hash), '') AS head_hash,
       coalesce((SELECT l.hash FROM journal_entry l WHERE l.tenant_id = :t ORDER BY l.seq DESC LIMIT 1), '') AS hash
FROM (SELECT cast(:t AS int) AS t) AS here
LEFT JOIN LATERAL (
    SELECT seq FROM journal_entry WHERE tenant_id = here.t ORDER BY seq DESC LIMIT 1
) AS e ON true
LEFT JOIN journal_head h ON h.tenant_id = here.t
""")

NEIGHBOURS = text("SELECT * FROM journal_entry WHERE tenant_id = :t AND seq BETWEEN :first AND :last ORDER BY seq")

Tell = Callable[[int, int], None]


@dataclass(slots=True)
class Result:
    """What a check has found: nothing, when all is well."""

    entries: int = 0
    heads: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def check(session: Session, tenant_id: int, tell: Tell = silent, at_once: int = AT_ONCE) -> Result:
    """Check the chain of the municipality the session is in, and all heads that were signed."""
    result = Result()
    broken = next(_links(session, tenant_id, result, tell, at_once), None)
    result.findings += [broken] if broken else []
    result.heads, found = heads.check(session, tenant_id)
    result.findings += found
    return result


def _links(session: Session, tenant_id: int, result: Result, tell: Tell, at_once: int) -> Iterator[Finding]:
    seq, last = 0, ""
    while True:
        end = session.execute(END, {"t": tenant_id}).one()
        if seq >= max(end.seq, end.head_seq):
            break
        row = session.execute(BATCH, {"t": tenant_id, "seq": seq, "hash": last, "n": at_once}).one()
        if row.first is not None:
            yield _named(session, tenant_id, row)
        if not row.entries:
            yield Finding(Fault.MISSING, seq + 1)
        seq, last, result.entries = row.seq, row.hash, result.entries + row.entries
        tell(result.entries, max(end.seq, end.head_seq))
    if (end.seq, end.hash) != (end.head_seq, end.head_hash):
        yield Finding(Fault.HEAD, end.head_seq)


def _named(session: Session, tenant_id: int, row: Any) -> Finding:
    """Say what is wrong with the first entry that does not fit."""
    if row.first != row.before + 1:
        return Finding(Fault.MISSING, row.before + 1)
    if row.linked:
        return Finding(Fault.CONTENT, row.first)
    near = {"t": tenant_id, "first": row.first - NEAR, "last": row.first + NEAR}
    entries = [plain(each) for each in session.execute(NEIGHBOURS, near)]
    entry = next(each for each in entries if each["seq"] == row.first)
    return Finding(Fault.OUT_OF_ORDER if _is_anothers(entry, entries) else Fault.CHANGED, row.first)


def _is_anothers(entry: dict[str, Any], entries: list[dict[str, Any]]) -> bool:
    """Whether it would fit unchanged with another number, behind another entry."""
    numbers = range(entry["seq"] - NEAR, entry["seq"] + NEAR)
    behind = [each["hash"] for each in entries]
    return any(hash_of(entry | {"seq": number}, previous) == entry["hash"] for number in numbers for previous in behind)


def plain(row: Any) -> dict[str, Any]:
    """Return an entry as it goes into its hash, and that hash."""
    said = {name: getattr(row, name) for name in HASHED} | {"at": moment(row.at), "hash": row.hash}
    kept = (str, int, type(None))
    return {name: value if isinstance(value, kept) else str(value) for name, value in said.items()}
