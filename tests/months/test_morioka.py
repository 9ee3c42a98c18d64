"""One month in Morioka, where the municipality's own staff deliver the support: from the list to the report."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import Browser

from ayumi.kernel import clock
from tests.months.clean_start import FirstDay
from tests.months.play.book import ABSENT, NOTIFIED, Calendar, Day, Month, Person, Stay, Week
from tests.months.play.bookkeeper import Bookkeeper
from tests.months.play.caseworker import SCAN, Caseworker, as_csv
from tests.months.play.desk import PHONE, Desk, logged_in
from tests.months.play.employer import Employer
from tests.months.play.placing import Placing
from tests.months.play.section_head import Reader, Signer
from tests.months.play.story import approve, place, report, send_back_once, take_in, write_down
from tests.months.play.supporter import Supporter

pytestmark = pytest.mark.browser

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
    for number, monday in enumerate(calendar.mondays[:3]):
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
    month, desk = the_month(), partial(logged_in, browser, first, where="/t/morioka")
    caseworker = Caseworker(desk("caseworker.1@morioka.example"), "谷口 勝")
    rows = caseworker.rows(month.people)
    wrong = [(*rows[0][:2], "昭和99年13月1日", *rows[0][3:]), *rows[1:]]
    take_in(
        caseworker,
        month,
        wrong=as_csv(wrong, "cp932"),
        problem=(2, "生年月日", "日付"),
        right=as_csv(rows, "cp932"),
    )
    supporter = Supporter(desk("employment-support-worker.1@morioka.example"))
    written(supporter, month)
    reader = Caseworker(desk("caseworker.1@morioka.example", width=PHONE), "谷口 勝")
    read_on_the_phone(reader, supporter, month)
    put_right_after_acceptance(reader, supporter, month)
    for stay in month.stays:
        place(Placing(supporter.desk), month, stay)
    confirmed(Employer.of(browser, first.product, "contact@koma-ranch.example"), supporter.desk, month)
    paid(Signer(desk("section-head.1@morioka.example")), Bookkeeper(supporter.desk), month)
    report(first, browser, "morioka", month, today=clock.today(), accepted=len(month.weeks))
    concerns_of_this_month(Reader(desk("supervising-caseworker.1@morioka.example")))


def written(supporter: Supporter, month: Month) -> None:
    """One week is written by itself, with a draft that saves itself; the others in the grid."""
    with_concern = month.weeks[1]
    supporter.open_week(TORU, with_concern.monday)
    supporter.write(with_concern)
    supporter.draft_is_saved()
    supporter.hand_in()
    write_down(supporter, [week for week in month.weeks if week is not with_concern])


def read_on_the_phone(reader: Caseworker, supporter: Supporter, month: Month) -> None:
    """The caseworker acknowledges a concern, sends a week back, and accepts it and all others in the end."""
    returned, concerned = month.weeks[0], month.weeks[1]
    reader.read(concerned)
    reader.desk.no_wider_than_the_window()
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


def put_right_after_acceptance(reader: Caseworker, supporter: Supporter, month: Month) -> None:
    """A day was somebody else's: the week is corrected with a reason, and the new version counts."""
    wrong = month.weeks[2]
    supporter.open_accepted(wrong)
    supporter.correct("出席簿と照らし、この日は来ていなかったと分かったため")
    wrong.days = [replace(wrong.days[0], attendance=ABSENT, reason="連絡がつかなかった")]
    supporter.write(wrong)
    supporter.hand_in()
    reader.read(wrong)
    reader.desk.sees("出席簿と照らし")
    reader.accept()


def confirmed(rancher: Employer, desk: Desk, month: Month) -> None:
    """One employer corrects a day, questions one and confirms the rest on a phone; the other answers on paper."""
    placing, (at_ranch, at_shop) = Placing(desk), month.stays
    placing.ask(at_ranch, month.calendar)
    rancher.comes_in()
    rancher.sees_only("はるさん", "髙橋", "第0301号", "きたかみ", "みどりさん")
    rancher.corrects(at_ranch.days[0], "10:00", "11:30")
    rancher.questions(at_ranch.days[-1], "この日は雨で、来ていません")
    rancher.confirms(len(at_ranch.confirmed), at_ranch.fee)
    placing.open_question(at_ranch, at_ranch.days[-1], "この日は雨で、来ていません", month.calendar)
    placing.take_back("牧場に確かめた。雨のため休みだった")
    placing.enter_paper(at_shop, month.calendar, SCAN)


def paid(head: Signer, keeper: Bookkeeper, month: Month) -> None:
    """Fees are compiled, handed in, sent back once, approved line by line, and read in the papers."""
    for stay in month.stays:
        keeper.compile(stay, month.calendar)
        keeper.hand_in("牧場の雨の日は取り消し済み")
    send_back_once(head, keeper, month, month.stays[0])
    approve(head, month, month.stays)


def concerns_of_this_month(reader: Reader) -> None:
    """The concern was raised and acknowledged today, so it stands in the report of the month that is going on."""
    reader.compile(Calendar.of(clock.today()))
    shown = reader.figures()
    names = ("気がかりの報告", "気がかりの確認", "未確認の気がかり（月末）")
    assert [shown[name] for name in names] == [1, 1, 0]
    reader.sees_behind("気がかりの報告", [TORU.name])
