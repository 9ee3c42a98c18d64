"""A small site that shows every component, for eyes, for axe and for the tests beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import sleep
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, current_app, flash, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ayumi.web import charts
from ayumi.web.assets import init_assets
from ayumi.web.formats import init_formats
from ayumi.web.remembered import init_remembered

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]
CATALOGUES = REPOSITORY / "platform" / "ayumi" / "web" / "looks" / "translations"
PAGES = tuple(sorted(path.stem for path in (HERE / "pages").glob("*.html")))
NONCE = "a-nonce-for-the-gallery"
POLICY = (
    f"default-src 'none'; script-src 'self' 'nonce-{NONCE}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
NAV = (
    ("/home", "今日", False, 7, "home"),
    ("/people", "支援している人", True, 0, "people", "人"),
    ("/week", "週の記録", False, 12, "week", "記録"),
    ("/fees", "謝金・委託料", False, 0, "yen", "謝金"),
    ("/report", "月次報告", False, 0, "report"),
    ("/components", "協力事業所", False, 0, "employer"),
    ("/forms", "設定", False, 0, "gear"),
)


def create_gallery(catalogues: Path) -> Flask:
    """The gallery's app; `catalogues` is a folder for the compiled translations."""
    compile_catalogues(catalogues)
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY="only for the gallery", BABEL_TRANSLATION_DIRECTORIES=str(catalogues))
    app.jinja_loader = FileSystemLoader([REPOSITORY / "platform", HERE / "pages"])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(csp_nonce=lambda: NONCE, csrf_token=lambda: "a-token")
    Babel(app, default_locale="ja", locale_selector=lambda: request.args.get("lang", "ja"))
    init_assets(app)
    init_formats(app)
    init_remembered(app)
    app.after_request(_protect)
    app.add_url_rule("/<page>", view_func=_show)
    app.add_url_rule("/save", view_func=_save, methods=["POST"])
    app.add_url_rule("/cell/<key>", view_func=_panel)
    app.add_url_rule("/cell/<key>", endpoint="_save_cell", view_func=_save_cell, methods=["POST"])
    app.add_url_rule("/sent", view_func=_sent, methods=["POST"])
    app.config.update(SENT=[], SAVED=[])
    return app


def compile_catalogues(folder: Path) -> None:
    """What `make` does: .mo files out of .po files."""
    for source in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        target = folder / source.relative_to(CATALOGUES).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as written, target.open("wb") as compiled:
            write_mo(compiled, read_po(written))


def _protect(response: Any) -> Any:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _show(page: str) -> ResponseReturnValue:
    if page not in PAGES:
        return "", 404
    if page == "home":
        flash("高橋 陽子さんの週の記録を受理しました。", "good")
    g.page = page
    return render_template(f"{page}.html", **frame(), **charts_of_a_month())


def _save() -> ResponseReturnValue:
    """Stands for a page that saves drafts; the note says how it should answer."""
    note = request.form.get("note", "")
    if "衝突" in note:
        return jsonify(url="/week"), 409
    if "期限" in note:
        return jsonify(error="login"), 401
    if "誤り" in note:
        return jsonify(errors={"note": ["長すぎます。"]}), 422
    current_app.config["SAVED"].append(request.form.to_dict())
    sleep(0.1)
    return jsonify(time="10:42", edition=int(request.form.get("edition", "0")) + 1)


def _panel(key: str) -> ResponseReturnValue:
    """Stands for a part of a page that hands out its panel; somebody else has noted four hours in the meantime."""
    html = f'<p><label>時間<input class="input" name="{key}.hours" value="4.0"></label></p>'
    return jsonify(html=html, edition="2", show={f"hours-{key}": "4.0時間"}, values={f"{key}.menu": ["9", "畑"]})


def _save_cell(key: str) -> ResponseReturnValue:
    """Stands for a cell that saves itself, and copies what it is asked to: a menu that its list does not offer."""
    sent = request.form.to_dict()
    current_app.config["SAVED"].append(sent)
    values = {f"{key}.menu": ["8", "縫製"], f"{key}.attendance": ["absent", ""]} if sent.get(f"{key}.copy") else {}
    kept = {f"{key}.hours": "2.0"} if sent.get(f"{key}.attendance") == "absent" else {}
    return jsonify(time="10:42", edition="5", values=values, kept=kept)


def _sent() -> ResponseReturnValue:
    """Counts what was sent, and is so slow that a second click finds the first still under way."""
    current_app.config["SENT"].append(request.form.to_dict())
    sleep(0.5)
    return "", 204


def frame() -> dict[str, Any]:
    """What a face gives the layout."""
    return {
        "place_name": "盛岡市",
        "place_note": "練習用" if request.args.get("practice") else "",
        "band_class": f"band-{request.args.get('band', '01')}",
        "face_name": "就労準備支援",
        "nav": tuple((url, label, url == f"/{g.page}", *more) for url, label, _current, *more in NAV),
        "visitor_name": "佐々木 美咲",
        "role_name": "ケースワーカー",
        "language_url": f"/{g.page}?lang=en",
        "logout_url": "/sent",
        "today": date(2026, 11, 23),
    }


def charts_of_a_month() -> dict[str, Markup]:
    """The three pictures of a monthly report, and an empty one."""
    weeks = ("10/26", "11/2", "11/9", "11/16", "11/23")
    return {
        "people_chart": charts.stacked_chart(
            "状態ごとの人数",
            [
                charts.Row("直営", (18, 6, 3)),
                charts.Row("委託 もりおか就労支援センター", (24, 2, 5)),
                charts.Row("委託 みちのく", (3, 0, 0)),
            ],
            ("支援中", "休止中", "就労して定着支援中"),
            unit="人",
            desc="直営は27人、委託は34人です。",
        ),
        "attendance_chart": charts.line_chart(
            "週ごとの参加率",
            weeks,
            [charts.Line("直営", (82, 78, None, 88, 91)), charts.Line("委託", (71, 75, 74, 69, 80))],
            unit="%",
        ),
        "days_chart": charts.bar_chart(
            "事業所ごとの体験日数",
            [
                charts.Point("北上川ベーカリー", 24),
                charts.Point("盛岡駅前クリーニング", 18),
                charts.Point("いわて農園", 31),
                charts.Point("みたけ福祉会", 9),
                charts.Point("上田書店", 0),
            ],
            unit="日",
        ),
        "empty_chart": charts.bar_chart("事業所ごとの体験日数", []),
    }
