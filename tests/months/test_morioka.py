"""One month in Morioka, where the municipality's own staff deliver the support: from the list to the report."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from ayumi.kernel import clock
from tests.months.clean_start import FirstDay
from tests.months.play.book import NOTIFIED, Calendar, Day, Month, Person, Week
from tests.months.play.caseworker import Caseworker, as_csv
from tests.months.play.desk import PHONE, logged_in
from tests.months.play.supporter import Supporter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TALK, FLOWERS, EXPERIENCE = "相談員との面談", "見守りつきボランティア（花壇）", "職場体験"
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
