"""One month in Nagasaki, partly contracted: own staff keep the hardest case, a firm supports the other."""

from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import Browser

from ayumi.kernel import clock
from tests.months.clean_start import FirstDay
from tests.months.play.book import ABSENT, Calendar, Day, Month, Person, Stay, Week
from tests.months.play.bookkeeper import Bookkeeper
from tests.months.play.caseworker import Caseworker, as_csv
from tests.months.play.desk import logged_in
from tests.months.play.employer import Employer
from tests.months.play.placing import Placing
from tests.months.play.section_head import Signer
from tests.months.play.story import approve, place, report, take_in, write_down
from tests.months.play.supporter import Supporter

pytestmark = pytest.mark.browser

FIRM = "株式会社 坂のまちキャリア"
VISIT, COURSE = "家庭訪問と顔合わせ", "働く前の講座"
CARE, KAMABOKO = "社会福祉法人 風まつの家", "株式会社 なぎさ蒲鉾"
KAZUO = Person(
    ("濵田", "和男"), ("ハマダ", "カズオ"), "S39.12.24", "長一-0901", "かずさん",
    wish="人と顔を合わせるのに慣れたい", goal="家の外で週に一度過ごす", for_a_job=False,
)  # fmt: skip
RIN = Person(
    ("浦", "凛"), ("ウラ", "リン"), "H12.5.6", "長二-0902", "りんちゃん",
    wish="早起きして工場で働きたい", goal="月の半分は朝から講座に出る", for_a_job=True, supported_by=FIRM,
)  # fmt: skip
SHO = Person(("森", "翔"), ("モリ", "ショウ"), "H10.10.10", "長三-0903", "しょうくん", supported_by=FIRM)


def the_month() -> Month:
    calendar = Calendar.before(clock.today())
    month = Month(calendar, [KAZUO, RIN, SHO], [KAZUO, RIN])
    mondays = calendar.mondays
    month.weeks = [
        Week(
            KAZUO,
            mondays[0],
            [Day(mondays[0], VISIT, ends="10:40")],
            "玄関先で話した。",
            request="通院の予約をお願いします",
        ),
        Week(KAZUO, mondays[1], [Day(mondays[1], VISIT, ABSENT, reason="呼び鈴に返事がなかった")], "会えなかった。"),
        *(
            Week(RIN, monday, [Day(monday + timedelta(days=extra), COURSE) for extra in (1, 3)], "講座を休まず続けた。")
            for monday in mondays[:3]
        ),
    ]
    at_care, at_factory = [mondays[2] + timedelta(days=2)], [monday + timedelta(days=4) for monday in mondays[:3]]
    month.stays = [
        Stay(KAZUO, CARE, "ケアハウス風まつ", 1800, at_care, at_care),
        Stay(RIN, KAMABOKO, "浜工場", 1800, at_factory, at_factory),
    ]
    return month


def test_a_month_in_nagasaki(first: FirstDay, browser: Browser) -> None:
    month = the_month()
    town = partial(logged_in, browser, first, where="/t/nagasaki")
    firm = partial(logged_in, browser, first, where="/portal/nagasaki")
    caseworker = Caseworker(town("caseworker.1@nagasaki.example"), "菊池 稔")
    rows = caseworker.rows(month.people)
    wrong = [rows[0], (*rows[1][:5], "坂のまち", *rows[1][6:]), rows[2]]
    problem = (3, "支援する側", "坂のまち")
    take_in(caseworker, month, wrong=as_csv(wrong, "utf-8"), problem=problem, right=as_csv(rows, "utf-8-sig"))
    own, contracted = town("employment-support-worker.1@nagasaki.example"), firm("supporter.1@sakanomachi.example")
    sides = [(own, KAZUO, month.stays[0]), (contracted, RIN, month.stays[1])]
    for desk, person, stay in sides:
        write_down(Supporter(desk), [week for week in month.weeks if week.person is person])
        place(Placing(desk), month, stay)
    Supporter(contracted).sees_nobody_but([RIN], [KAZUO, SHO])
    assert caseworker.accept_all() == len(month.weeks)
    asked = Placing(caseworker.desk)
    for stay, address in zip(
        month.stays, ("contact@kaze-care.example", "contact@minami-kamaboko.example"), strict=True
    ):
        asked.ask(stay, month.calendar)
        contact = Employer.of(browser, first.product, address)
        contact.comes_in()
        contact.sees_only(stay.person.nickname, stay.person.names[0])
        contact.confirms(len(stay.confirmed), stay.fee)
    for desk, stay in ((own, month.stays[0]), (firm("accounting@sakanomachi.example"), month.stays[1])):
        keeper = Bookkeeper(desk)
        keeper.compile(stay, month.calendar)
        keeper.hand_in("異状なし")
    approve(Signer(town("finance-officer.1@nagasaki.example")), month, month.stays)
    report(first, browser, "nagasaki", month, today=clock.today(), accepted=len(month.weeks))
