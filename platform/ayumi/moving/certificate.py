"""The certificate that a municipality's data have been erased from the platform."""

from typing import Final

from ayumi.config import settings
from ayumi.japan.eras import to_era
from ayumi.kernel import clock
from ayumi.moving.model import ErasureCertificate
from ayumi.municipalities.model import Municipality
from ayumi.papers import pdf
from ayumi.papers.shapes import Certificate, PlainTable
from ayumi.retention.certificate import moment

TITLE: Final = "データ消去証明書"
SENDER: Final = "就労準備支援プラットフォーム あゆみ"
OPENING: Final = (
    "貴自治体の利用終了にともない、データ一式を引き渡したのち、当サービスに保存していた貴自治体のデータを、"
    "記録、版、添付ファイル、操作記録、利用者の所属を含めてすべて消去したことを証明します。"
)
REMARKS: Final = (
    "他に所属のない利用者のアカウントは、氏名とメールアドレスを消去して閉鎖しました。",
    "この証明書のほかに残るのは、自治体の名称、利用を終えた日時、消去した件数だけです。",
    "変更できない保管庫に置いた操作記録の署名は、保管期間が過ぎるまで消去できません。署名に個人情報は含まれません。",
    "控え（バックアップ）は、運用手順に定めた期間が過ぎると消去されます。",
)


def printed(town: Municipality, made: ErasureCertificate) -> bytes:
    """Print the certificate."""
    data = _data(town, made)
    return pdf.render("certificate", data, packages=settings().page_packages, substitute=True, made=made.erased_at)


def _data(town: Municipality, made: ErasureCertificate) -> Certificate:
    return {
        "head": {
            "municipality": town.name,
            "title": TITLE,
            "issued_on": to_era(clock.day_of(made.erased_at)),
            "edition": "データ消去",
            "document_number": made.id.hex[-12:],
        },
        "addressee": f"{town.name}　御中",
        "sender": SENDER,
        "opening": OPENING,
        "facts": [
            {"label": "自治体", "value": f"{town.prefecture}{town.name}（{town.code or '―'}）"},
            {"label": "消去した日時", "value": moment(made.erased_at)},
            {"label": "引き渡した一式の確認値（目録の SHA-256）", "value": made.manifest_sha256 or "―"},
            {"label": "操作記録の最後の確認値", "value": made.journal_hash or "―"},
        ],
        "tables": [_table(made)],
        "remarks": list(REMARKS),
    }


def _table(made: ErasureCertificate) -> PlainTable:
    others = ("files", "account", "journal_entry")
    counts = made.erased
    return {
        "title": "消去の内訳",
        "headings": ["内訳", "件数"],
        "rows": [
            ["記録（行）", sum(count for name, count in counts.items() if name not in others)],
            ["操作記録", counts.get("journal_entry", 0)],
            ["添付ファイル", counts.get("files", 0)],
            ["閉鎖したアカウント", counts.get("account", 0)],
        ],
    }
