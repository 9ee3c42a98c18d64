"""The certificate of a disposal: what kind, how many, by whom decided, when; nothing of what was in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from ayumi.accounts.model import Membership
from ayumi.config import settings
from ayumi.japan.eras import to_era
from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.municipalities import queries as municipalities
from ayumi.papers import pdf
from ayumi.papers.shapes import Certificate, Fact, PlainTable
from ayumi.retention import rules
from ayumi.retention.model import Artefact, Disposal, DisposalItem

TITLE: Final = "文書廃棄証明書"
OPENING: Final = (
    "保存期間が満了した次の文書について、決裁のうえ、記録、版、添付ファイル、出力物および検索用の情報を含めて"
    "消去したことを証明します。"
)
KINDS: Final[dict[Artefact, str]] = {
    Artefact.CASE: "ケース",
    Artefact.SUPPORT_RECORD: "支援記録",
    Artefact.PLAN: "計画・目標",
    Artefact.CONSENT: "同意書",
    Artefact.PAYMENT_VOUCHER: "支払証拠書類",
    Artefact.CONTRACT: "契約・協定",
    Artefact.STATISTICS: "統計",
    Artefact.ACCESS_LOG: "操作記録",
}
FILES: Final = "添付ファイル"
JOURNAL: Final = "内容を消去した操作記録"
LOOSENED: Final = "氏名等を外した支払明細など"
ROWS: Final = "記録（行）"
REMARKS: Final = (
    "この証明書には、消去した文書の内容および対象者の氏名は記載していません。",
    "操作記録の連鎖は保たれており、消去した事実は操作記録に残っています。",
    "保留とした文書は消去していません。",
)


def printed(disposal: Disposal, number: int) -> bytes:
    """Print the certificate; ``number``: of the journal's entry that says it was erased."""
    at = disposal.carried_out_at or clock.now()
    return pdf.render(
        "certificate", _data(disposal, number, at), packages=settings().page_packages, substitute=True, made=at
    )


def _data(disposal: Disposal, number: int, at: datetime) -> Certificate:
    digest, here = rules.digest(disposal.id), municipalities.present().name
    return {
        "head": {
            "municipality": here,
            "title": TITLE,
            "issued_on": to_era(clock.day_of(at)),
            "edition": f"廃棄一覧 {to_era(disposal.due_on)}",
            "fingerprint": digest[:16],
        },
        "sender": here,
        "opening": OPENING,
        "facts": _facts(disposal, number, at, digest),
        "tables": [_kinds(disposal.id), erased_table(disposal.erased or {})],
        "remarks": list(REMARKS),
    }


def _facts(disposal: Disposal, number: int, at: datetime, digest: str) -> list[Fact]:
    return [
        {"label": "基準日", "value": to_era(disposal.due_on)},
        {"label": "起案", "value": f"{_name(disposal.drafted_by)}　{moment(disposal.drafted_at)}"},
        {"label": "決裁", "value": f"{_name(disposal.approved_by)}　{moment(disposal.approved_at)}"},
        {"label": "消去の完了", "value": moment(at)},
        {"label": "操作記録の番号", "value": str(number)},
        {"label": "一覧の確認値（SHA-256）", "value": digest},
    ]


def _kinds(disposal_id: UUID) -> PlainTable:
    counts = db.session.execute(
        select(
            DisposalItem.artefact,
            func.count(DisposalItem.erased_at).label("erased"),
            func.count().filter(DisposalItem.is_kept_back).label("kept_back"),
        )
        .where(DisposalItem.disposal_id == disposal_id)
        .group_by(DisposalItem.artefact)
    ).all()
    found = {row.artefact: row for row in counts}
    rows: list[list[Any]] = [
        [KINDS[each], found[each].erased, found[each].kept_back] for each in Artefact if each in found
    ]
    return {"title": "廃棄した文書", "headings": ["種類", "廃棄（件）", "保留（件）"], "rows": rows}


def erased_table(erased: Mapping[str, int]) -> PlainTable:
    """Return what was erased in rows, files and entries."""
    plain = {name: count for name, count in erased.items() if "." not in name}
    rows: list[list[Any]] = [
        [ROWS, sum(count for name, count in plain.items() if name not in ("files", "journal"))],
        [FILES, plain.get("files", 0)],
        [JOURNAL, plain.get("journal", 0)],
        [LOOSENED, sum(count for name, count in erased.items() if "." in name)],
    ]
    return {"title": "消去の内訳", "headings": ["内訳", "件数"], "rows": rows}


def _name(membership_id: UUID | None) -> str:
    return db.session.scalar(select(Membership.name).where(Membership.id == membership_id)) or "―"


def moment(at: datetime | None) -> str:
    """令和8年12月1日 5時00分."""
    if at is None:
        return "―"
    local = at.astimezone(clock.JAPAN)
    return f"{to_era(local.date())} {local.hour}時{local.minute:02}分"
