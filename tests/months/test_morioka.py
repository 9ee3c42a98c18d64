"""One month in Morioka, where the municipality's own staff deliver the support: from the list to the report."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from ayumi.kernel import clock
from tests.months.clean_start import FirstDay
from tests.months.play.book import NOTIFIED, Calendar, Day, Month, Person, Stay, Week
from tests.months.play.bookkeeper import Bookkeeper
from tests.months.play.caseworker import SCAN, Caseworker, as_csv
from tests.months.play.desk import PHONE, Desk, logged_in
from tests.months.play.employer import Employer
from tests.months.play.placing import Placing
from tests.months.play.section_head import Reader, Signer
from tests.months.play.supporter import Supporter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TALK, FLOWERS = "相談員との面談", "見守りつきボランティア（花壇）"
RANCH, SHOP = "特定非営利活動法人 こま岳ふれあい牧場", "株式会社 きたかみマルシェ"
HARU = Person(
    ("髙橋", "はる"), ("タカハシ", "ハル"), "S52.3.4", "第0301号", "はるさん",
    wish="動物のいる所で働いてみたい", goal="週2回、朝から外に出る", for_a_job=True,
)  # fmt: skip
TORU = Person(
    ("菊池", "透"), ("ｷｸﾁ", "ﾄｵﾙ"), "昭和60年11月2日", "第0302号", "とおるさん", consent="口頭",
    wish="まず人と話せるようになりたい", goal="月に4回は面談に来る", for_a_job=False,
)  # fmt: skip
MIDORI = Person(
    ("及川", "みどり"), ("おいかわ", "みどり"), "1970/6/9", "第0303号", "みどりさん",
    wish="近所の店で少しずつ働きたい", goal="週1回、店で2時間過ごす", for_a_job=True,
)  # fmt: skip
SAKU = Person(("千葉", "朔"), ("チバ", "サク"), "H8.1.20", "第0304号", "さくさん")


def the_month() -> Month:
    calendar = Calendar.before(clock.today())
    month = Month(calendar, [HARU, TORU, MIDORI, SAKU], [HARU, TORU, MIDORI])
    for number, monday in enumerate(calendar.mondays):
        month.weeks += [
            Week(HARU, monday, [Day(monday, TALK)], f"第{number + 1}週。面談に来て、牧場の話をした。"),
            Week(
                TORU,
                monday,
                [Day(monday + timedelta(days=2), TALK, starts="13:00", ends="13:50")],
                "落ち着いて話せた。",
            ),
            Week(MIDORI, monday, [Day(monday + timedelta(days=1), FLOWERS)], "花壇で汗を流した。"),
        ]
    haru_days = [monday + timedelta(days=extra) for monday in calendar.mondays[:3] for extra in (1, 3)]
    midori_days = [monday + timedelta(days=2) for monday in calendar.mondays[:3]]
    month.stays = [
        Stay(HARU, RANCH, "こま岳牧場", 2160, haru_days, haru_days[:-1]),
        Stay(MIDORI, SHOP, "盛岡南店", 2160, midori_days, midori_days),
    ]
    absent = month.weeks[1]
    absent.days = [replace(absent.days[0], attendance=NOTIFIED, reason="前の晩に眠れなかったと電話があった")]
    absent.concern = "二週続けて眠れていないと話している"
    return month


def test_a_month_in_morioka(first: FirstDay, browser: Browser) -> None:
    month = the_month()
    caseworker = Caseworker(logged_in(browser, first, "caseworker.1@morioka.example", "/t/morioka"), "谷口 勝")
    taken_in(caseworker, month)
    supporter = Supporter(logged_in(browser, first, "employment-support-worker.1@morioka.example", "/t/morioka"))
    written(supporter, month)
    read_on_the_phone(first, browser, supporter, month)
    placed(supporter.desk, month)
    confirmed(first, browser, supporter.desk, month)
    paid(first, browser, supporter.desk, month)
    reported(first, browser, month)


def taken_in(caseworker: Caseworker, month: Month) -> None:
    rows = caseworker.rows(month.people)
    wrong = [(*rows[0][:2], "昭和99年13月1日", *rows[0][3:]), *rows[1:]]
    caseworker.hand_in(as_csv(wrong, "cp932"))
    caseworker.is_refused(2, "生年月日", "")
    caseworker.hand_in(as_csv(rows, "cp932"))
    caseworker.is_taken_over(len(month.people))
    for person, kana in ((HARU, "たか"), (TORU, "きく"), (MIDORI, "おい")):
        caseworker.find(kana, person)
        caseworker.enrol(person, month.calendar.mondays[0], witness="谷口 勝", scopes=["事業所へのプロフィール票"])


def written(supporter: Supporter, month: Month) -> None:
    with_concern = month.weeks[1]
    supporter.open_week(TORU, with_concern.monday)
    supporter.write(with_concern)
    supporter.draft_is_saved()
    supporter.hand_in()
    for monday in month.calendar.mondays:
        in_grid = [week for week in month.weeks if week.monday == monday and week is not with_concern]
        supporter.write_in_the_grid(monday, in_grid)


def read_on_the_phone(first: FirstDay, browser: Browser, supporter: Supporter, month: Month) -> None:
    desk = logged_in(browser, first, "caseworker.1@morioka.example", "/t/morioka", width=PHONE)
    reader = Caseworker(desk, "谷口 勝")
    returned, concerned = month.weeks[0], month.weeks[1]
    reader.read(concerned)
    desk.no_wider_than_the_window()
    reader.acknowledge("あす家庭訪問し、通院に付き添う")
    reader.accept()
    reader.read(returned)
    reader.send_back("牧場の話をもう少しくわしく")
    supporter.reads_the_comment("牧場の話をもう少しくわしく")
    supporter.desk.follow(HARU.name, within=supporter.desk.page.get_by_role("table"))
    returned.summary = "牧場の話をした。馬の世話をしたいと自分から話し、見学の日を決めた。"
    supporter.write(returned)
    supporter.hand_in()
    assert reader.accept_all() == len(month.weeks) - 1


def placed(desk: Desk, month: Month) -> None:
    """Work experience is planned, prepared and started, and its days are recorded."""
    placing = Placing(desk)
    for stay in month.stays:
        placing.plan(stay, month.calendar)
        placing.record(stay, month.calendar)


def confirmed(first: FirstDay, browser: Browser, desk: Desk, month: Month) -> None:
    """One employer corrects a day, questions one and confirms the rest on a phone; the other answers on paper."""
    placing = Placing(desk)
    at_ranch, at_shop = month.stays
    placing.ask(at_ranch, month.calendar)
    rancher = Employer.of(browser, first, "contact@koma-ranch.example")
    rancher.comes_in()
    rancher.sees_only("はるさん", "髙橋", "第0301号", "きたかみ", "みどりさん")
    rancher.corrects(at_ranch.days[0], "10:00", "11:30")
    rancher.questions(at_ranch.days[-1], "この日は雨で、来ていません")
    rancher.confirms(len(at_ranch.confirmed), at_ranch.fee)
    placing.open_question(at_ranch, at_ranch.days[-1], "この日は雨で、来ていません", month.calendar)
    placing.take_back("牧場に確かめた。雨のため休みだった")
    placing.enter_paper(at_shop, month.calendar, SCAN)


def paid(first: FirstDay, browser: Browser, desk: Desk, month: Month) -> None:
    """Fees are compiled, handed in, sent back once, approved line by line, and read in the papers."""
    keeper, calendar = Bookkeeper(desk), month.calendar
    for stay in month.stays:
        keeper.compile(stay, calendar)
        keeper.hand_in("牧場の雨の日は取り消し済み")
    head = Signer(logged_in(browser, first, "section-head.1@morioka.example", "/t/morioka"))
    head.open(month.stays[0], calendar)
    head.send_back("日数・日付が違う", "雨の日はどうなりましたか")
    keeper.open_returned(month.stays[0], calendar, "雨の日はどうなりましたか")
    keeper.hand_in("雨の日は入っていません")
    for stay in month.stays:
        head.open(stay, calendar)
        head.sees_total(stay.fee)
        head.approve_by_line()
        head.reads_the_papers([stay])


def reported(first: FirstDay, browser: Browser, month: Month) -> None:
    """The month's report says what was put in, on the page, in the workbook and on paper."""
    reader = Reader(logged_in(browser, first, "section-head.1@morioka.example", "/t/morioka"))
    reader.compile(month.calendar)
    expected = month.figures(clock.today(), accepted=len(month.weeks))
    shown = reader.figures()
    assert {name: shown.get(name) for name in expected} == expected
    assert reader.parts("メニュー") == {menu: list(both) for menu, both in month.by_menu().items()}
    assert reader.parts("事業所") == {stay.employer: [1, len(stay.confirmed), 0, 0] for stay in month.stays}
    reader.sees_behind("支援している人", [person.name for person in month.enrolled])
    reader.sees_behind("欠席（連絡あり）", [TORU.name])
    reader.sees_behind("体験した人（確認済み）", [HARU.name, MIDORI.name])
    reader.reads_the_files(expected)
