"""One month in Yokohama and Koshigaya: both contract, and one firm works in both without mixing them up."""

from datetime import date, timedelta
from functools import partial

import pytest
from playwright.sync_api import Browser, expect

from ayumi.kernel import clock
from tests.months.clean_start import FirstDay
from tests.months.play.book import NOTIFIED, Calendar, Day, Month, Person, Stay, Week
from tests.months.play.bookkeeper import Bookkeeper
from tests.months.play.caseworker import Caseworker, as_csv, as_xlsx
from tests.months.play.desk import Desk, logged_in
from tests.months.play.employer import Employer
from tests.months.play.placing import Placing
from tests.months.play.section_head import Signer
from tests.months.play.story import approve, place, report, send_back_once, take_in, write_down
from tests.months.play.supporter import Supporter

pytestmark = pytest.mark.browser

HAMAKAZE, HIBIKI = "特定非営利活動法人 はまかぜワークステップ", "社会福祉法人 ひびきの杜"
COURSE, TALK, DESK = "実習前の講座", "個別面談", "専門員との面談"
BAKERY, HOME, SENBEI = "有限会社 ひよこ坂ベーカリー", "社会福祉法人 ひだまり丘の会", "有限会社 草の家せんべい"

ASA = Person(
    ("金子", "麻"), ("カネコ", "アサ"), "S58.7.7", "中-00041", "あさちゃん",
    wish="パンの焼けるにおいの中で働きたい", goal="週3日、朝から講座に来る", for_a_job=True, supported_by=HAMAKAZE,
)  # fmt: skip
IKU = Person(
    ("三橋", "郁"), ("みつはし", "いく"), "1968-02-29", "南-00042", "いくさん", consent="口頭",
    wish="昼夜逆転を直したい", goal="午前中の面談に月2回来る", for_a_job=False, supported_by=HAMAKAZE,
)  # fmt: skip
UMI = Person(
    ("小泉", "海"), ("コイズミ", "ウミ"), "H3.8.8", "西-00043", "うみさん",
    wish="お年寄りのそばで働いてみたい", goal="支えのある職場を二つ見る", for_a_job=True, supported_by=HIBIKI,
)  # fmt: skip
ENA = Person(("内田", "恵那"), ("ウチダ", "エナ"), "S50.1.1", "旭-00044", "えなさん", supported_by=HAMAKAZE)
KEN = Person(
    ("会田", "健"), ("アイダ", "ケン"), "S47.9.30", "越-0051", "けんさん",
    wish="手を動かす仕事がしたい", goal="半日の作業を続ける", for_a_job=True, supported_by=HIBIKI,
)  # fmt: skip


def in_yokohama() -> Month:
    calendar = Calendar.before(clock.today())
    month = Month(calendar, [ASA, IKU, UMI, ENA], [ASA, IKU, UMI])
    for monday in calendar.mondays[:2]:
        tuesday = monday + timedelta(days=1)
        month.weeks += [
            Week(
                ASA,
                monday,
                [Day(tuesday, COURSE, ends="12:00"), Day(tuesday + timedelta(days=2), COURSE)],
                "よく笑った。",
            ),
            Week(
                IKU,
                monday,
                [Day(monday + timedelta(days=4), TALK, NOTIFIED, reason="起きられないと電話")],
                "電話で話した。",
            ),
        ]
    month.weeks.append(Week(UMI, calendar.mondays[0], [Day(calendar.mondays[0], TALK)], "見学先を決めた。"))
    at_bakery = [monday + timedelta(days=2) for monday in calendar.mondays[:4]]
    at_home = [monday + timedelta(days=3) for monday in calendar.mondays[:2]]
    month.stays = [
        Stay(ASA, BAKERY, "本店", price_at_bakery(calendar.first), at_bakery, at_bakery),
        Stay(UMI, HOME, "特別養護老人ホーム ひだまり丘", 1200, at_home, at_home),
    ]
    return month


def price_at_bakery(month: date) -> int:
    """The bakery's price rises in the middle of each fiscal year."""
    return 1500 if 4 <= month.month <= 9 else 1650


def in_koshigaya() -> Month:
    calendar = Calendar.before(clock.today())
    weeks = [
        Week(KEN, monday, [Day(monday, DESK, ends="10:50")], "作業の話をした。") for monday in calendar.mondays[:2]
    ]
    days = [calendar.mondays[1] + timedelta(days=extra) for extra in (1, 2, 3)]
    return Month(calendar, [KEN], [KEN], weeks, [Stay(KEN, SENBEI, "せんげん工場", 1500, days, days)])


def test_a_month_in_yokohama_and_koshigaya_with_a_firm_in_both(first: FirstDay, browser: Browser) -> None:
    yokohama, koshigaya = in_yokohama(), in_koshigaya()
    readers = enrolled_in_both(first, browser, yokohama, koshigaya)
    hibiki = the_firm_of_both(first, browser, yokohama, koshigaya)
    written_by_hamakaze(first, browser, yokohama)
    for reader, month in zip(readers, (yokohama, koshigaya), strict=True):
        assert reader.accept_all() == len(month.weeks)
    confirmed(first, browser, readers, hibiki, yokohama, koshigaya)
    paid_in_yokohama(first, browser, yokohama)
    paid_in_koshigaya(first, browser, koshigaya)
    for slug, month in (("yokohama", yokohama), ("koshigaya", koshigaya)):
        report(first, browser, slug, month, today=clock.today(), accepted=len(month.weeks))


def enrolled_in_both(
    first: FirstDay, browser: Browser, yokohama: Month, koshigaya: Month
) -> tuple[Caseworker, Caseworker]:
    """Yokohama hands in a workbook, Koshigaya a plain file; in both somebody made a mistake first."""
    desk = partial(logged_in, browser, first)
    here = Caseworker(desk("caseworker.1@yokohama.example", "/t/yokohama"), "久保 信也")
    rows = here.rows(yokohama.people)
    wrong = [*rows[:2], (*rows[2][:3], rows[0][3], *rows[2][4:]), rows[3]]
    take_in(here, yokohama, wrong=as_xlsx(wrong), problem=(4, "ケース番号", "2行目"), right=as_xlsx(rows))
    there = Caseworker(desk("caseworker.1@koshigaya.example", "/t/koshigaya"), "野田 ゆかり")
    rows = there.rows(koshigaya.people)
    wrong = [(rows[0][0], "会田　健", *rows[0][2:])]
    take_in(
        there, koshigaya, wrong=as_csv(wrong, "utf-8"), problem=(2, "フリガナ", "ひらがな"), right=as_csv(rows, "utf-8")
    )
    return here, there


def the_firm_of_both(first: FirstDay, browser: Browser, yokohama: Month, koshigaya: Month) -> Supporter:
    """One supporter works in both places from one login, and sees in each only the people supported there."""
    desk = logged_in(browser, first, "supporter.1@hibiki.example", "/portal/koshigaya")
    supporter = Supporter(desk)
    desk.choose_place("横浜市")
    supporter.sees_nobody_but([UMI], [ASA, IKU, ENA, KEN])
    works_there(desk, yokohama, UMI)
    desk.choose_place("越谷市")
    supporter.sees_nobody_but([KEN], [ASA, IKU, UMI])
    works_there(desk, koshigaya, KEN)
    return supporter


def works_there(desk: Desk, month: Month, person: Person) -> None:
    write_down(Supporter(desk), [week for week in month.weeks if week.person is person])
    place(Placing(desk), month, next(stay for stay in month.stays if stay.person is person))


def written_by_hamakaze(first: FirstDay, browser: Browser, yokohama: Month) -> None:
    """The other firm writes its own people's weeks, one of them with a draft that saves itself."""
    desk = logged_in(browser, first, "supporter.1@hamakaze.example", "/portal/yokohama")
    supporter, week = Supporter(desk), yokohama.weeks[0]
    supporter.sees_nobody_but([ASA, IKU], [UMI, ENA])
    supporter.open_week(week.person, week.monday)
    supporter.write(week)
    supporter.draft_is_saved()
    supporter.hand_in()
    write_down(supporter, [other for other in yokohama.weeks if other.person is not UMI and other is not week])
    place(Placing(desk), yokohama, yokohama.stays[0])


def confirmed(
    first: FirstDay,
    browser: Browser,
    readers: tuple[Caseworker, Caseworker],
    hibiki: Supporter,
    yokohama: Month,
    koshigaya: Month,
) -> None:
    """The bakery questions a day, is asked again, and then all days are right; the others just confirm."""
    here, there = (Placing(reader.desk) for reader in readers)
    bakery, home, senbei = (
        Employer.of(browser, first.product, f"contact@{name}.example")
        for name in ("hiyoko-bakery", "hidamari-home", "senbei-ya")
    )
    at_bakery, at_home = yokohama.stays
    (at_senbei,) = koshigaya.stays
    here.ask(at_bakery, yokohama.calendar)
    bakery.comes_in()
    bakery.questions(at_bakery.days[0], "午後からでした")
    bakery.confirms(len(at_bakery.days) - 1, at_bakery.fee - (at_bakery.yen or 0))
    put_right_by_the_firm(first, browser, at_bakery, yokohama)
    here.ask_again(at_bakery, yokohama.calendar)
    bakery.comes_in_again()
    bakery.confirms(len(at_bakery.days), at_bakery.fee)
    for placing, contact, stay in ((here, home, at_home), (there, senbei, at_senbei)):
        placing.ask(stay, yokohama.calendar)
        contact.comes_in()
        contact.sees_only(stay.person.nickname, stay.person.names[0])
        contact.confirms(len(stay.days), stay.fee)


def put_right_by_the_firm(first: FirstDay, browser: Browser, stay: Stay, month: Month) -> None:
    """The firm's supporter reads the bakery's word and changes the times."""
    placing = Placing(logged_in(browser, first, "supporter.1@hamakaze.example", "/portal/yokohama"))
    placing.open_question(stay, stay.days[0], "午後からでした", month.calendar)
    placing.change_times("13:00", "15:00")


def paid_in_yokohama(first: FirstDay, browser: Browser, month: Month) -> None:
    """Each firm puts its own employers' fees together; the section head sends one back and signs both."""
    at_bakery, at_home = month.stays
    books = Bookkeeper(logged_in(browser, first, "accounting@hamakaze.example", "/portal/yokohama"))
    books.compile(at_bakery, month.calendar)
    books.desk.does_not_see(HOME)
    books.hand_in("1日は午後に直して確認し直し")
    other = Bookkeeper(logged_in(browser, first, "accounting@hibiki.example", "/portal/yokohama"))
    other.compile(at_home, month.calendar)
    other.hand_in("異状なし")
    head = Signer(logged_in(browser, first, "section-head.1@yokohama.example", "/t/yokohama"))
    send_back_once(head, books, month, at_bakery)
    approve(head, month, month.stays)


def paid_in_koshigaya(first: FirstDay, browser: Browser, month: Month) -> None:
    """The same bookkeeper of the firm that works in both, in the other place."""
    desk = logged_in(browser, first, "accounting@hibiki.example", "/portal/koshigaya")
    books = Bookkeeper(desk)
    desk.open(f"/fees/?month={month.calendar}")
    desk.does_not_see(HOME)
    books.compile(month.stays[0], month.calendar)
    books.hand_in("異状なし")
    approve(
        Signer(logged_in(browser, first, "finance-officer.1@koshigaya.example", "/t/koshigaya")), month, month.stays
    )
    expect(desk.page.locator(".header__place")).to_contain_text("越谷市")
