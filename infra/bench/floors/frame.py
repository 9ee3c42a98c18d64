"""What stands around a hand-written page: the way around, as the two roles of the bench see it."""

from typing import Any

from markupsafe import Markup

WORKER, HEAD = "employment_support_worker", "section_head"
BOTH = (WORKER, HEAD)
# (address below the place, label, short label of the phone's bar, heading, who sees it, drawing)
WAYS = (
    ("", "今日", "今日", "", BOTH,
     '<path d="m3.5 11.5 8.5-8 8.5 8M6 9.5V20h12V9.5M10 20v-6h4v6"/>'),
    ("people/", "支援している人", "人", "", BOTH,
     '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M15.5'
     ' 4.8a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8"/>'),
    ("reading/", "読む記録", "読む", "", BOTH,
     '<path d="M2.5 12C6 6.5 18 6.5 21.5 12 18 17.5 6 17.5 2.5 12z"/><circle cx="12" cy="12" r="2.75"/>'),
    ("records/", "週の記録", "記録", "", (WORKER,),
     '<rect x="3.5" y="5" width="17" height="15.5" rx="1.5"/><path d="M3.5'
     ' 10h17M8 3v4M16 3v4M8 14h.1M12 14h.1M16 14h.1M8 17h.1M12 17h.1"/>'),
    ("reports/", "月次報告", "報告", "", BOTH,
     '<path d="M4 4v16h16M8 16v-4M12 16V8M16 16v-6"/>'),
    ("placements/", "就労体験", "", "", BOTH,
     '<path d="M6 21V4M6 4.5h11.5l-2.5 4 2.5 4H6"/>'),
    ("employers/", "協力事業所", "", "", BOTH,
     '<path d="M4 20.5v-11l8-6 8 6v11zM9.5 20.5v-6h5v6"/>'),
    ("approval/", "事業所への支払い", "", "", BOTH,
     '<path d="m6 4 6 8 6-8M12 12v8.5M7.5 12.5h9M7.5 16.5h9"/>'),
    ("fees/", "謝金・委託料の集計", "", "", (WORKER,),
     '<path d="M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4"/>'),
    ("menus/", "支援メニュー", "", "", BOTH,
     '<path d="M6 3.5h9l4 4v13H6zM14.5 3.5V8H19"/>'),
    ("firms/", "委託先・職員", "", "", BOTH,
     '<path d="M3 9.5 12 4l9 5.5M4.5 20h15M6 10v7M10 10v7M14 10v7M18 10v7"/>'),
    ("staff/", "ここで働く人", "", "管理", (HEAD,),
     '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>'),
    ("access/", "ログインの設定", "", "管理", (HEAD,),
     '<path d="M12 3 4.5 6v6c0 4.5 3 7.5 7.5 9 4.5-1.5 7.5-4.5 7.5-9V6z"/>'),
    ("incidents/", "漏えい等の記録", "", "管理", BOTH,
     '<path d="M5.5 21V3.5M5.5 4.5H19v9H5.5"/>'),
    ("seen-by/", "閲覧できる人", "", "管理", (HEAD,),
     '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M15.5'
     ' 4.8a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8"/>'),
    ("glass/", "運用担当者の閲覧", "", "管理", (HEAD,),
     '<path d="M2.5 12C6 6.5 18 6.5 21.5 12 18 17.5 6 17.5 2.5 12z"/><circle cx="12" cy="12" r="2.75"/>'),
    ("retention/", "保存と廃棄", "", "管理", (HEAD,),
     '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2.5"/>'),
)  # fmt: skip
Way = dict[str, Any]


def ways_of(role: str) -> list[Way]:
    """Return the ways open to a role, in their order."""
    names = ("path", "label", "short", "group", "roles", "drawing")
    found = [dict(zip(names, way, strict=True)) for way in WAYS if role in way[4]]
    return [way | {"drawing": Markup(way["drawing"])} for way in found]  # noqa: S704  written above


WAYS_OF = {role: ways_of(role) for role in BOTH}
BAR = {WORKER: ("", "people/", "reading/", "records/"), HEAD: ("", "people/", "reading/", "reports/")}
ROLES = {WORKER: "就労支援員", HEAD: "課長"}
