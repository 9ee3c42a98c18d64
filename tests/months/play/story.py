"""Chapters that every town's month has, whoever plays them."""

from datetime import date

from playwright.sync_api import Browser, FilePayload

from tests.months.clean_start import FirstDay
from tests.months.play.book import Month, Stay, Week
from tests.months.play.bookkeeper import Bookkeeper
from tests.months.play.caseworker import Caseworker
from tests.months.play.desk import logged_in
from tests.months.play.placing import Placing
from tests.months.play.section_head import Reader, Signer
from tests.months.play.supporter import Supporter

PROFILE, SHARING = "事業所へのプロフィール票", "支援する委託先との共有"


def take_in(
    caseworker: Caseworker, month: Month, *, wrong: FilePayload, problem: tuple[int, str, str], right: FilePayload
) -> None:
    """A list with a mistake changes nothing; put right, it is taken over; people are found by reading and enrolled."""
    caseworker.hand_in(wrong)
    caseworker.is_refused(*problem)
    caseworker.hand_in(right)
    caseworker.is_taken_over(len(month.people))
    for person in month.enrolled:
        caseworker.find(person.beginning, person)
        scopes = [PROFILE] if person.supported_by == "直営" else [SHARING, PROFILE]
        caseworker.enrol(person, month.calendar.mondays[0], witness=caseworker.name, scopes=scopes)


def write_down(supporter: Supporter, weeks: list[Week]) -> None:
    """Weeks are written in the grid, all of one week at once."""
    for monday in sorted({week.monday for week in weeks}):
        supporter.write_in_the_grid(monday, [week for week in weeks if week.monday == monday])


def place(placing: Placing, month: Month, stay: Stay) -> None:
    """Work experience is planned, prepared and started, and its days are recorded."""
    placing.plan(stay, month.calendar)
    placing.record(stay, month.calendar)


def approve(signer: Signer, month: Month, stays: list[Stay]) -> None:
    """Statements are approved line by line, and their papers say what was put in."""
    for stay in stays:
        signer.open(stay, month.calendar)
        signer.sees_total(stay.fee)
        signer.approve_by_line()
        signer.reads_the_papers([stay])


def send_back_once(signer: Signer, keeper: Bookkeeper, month: Month, stay: Stay) -> None:
    """A statement goes back with a reason, and comes again with an answer."""
    question = "雨の日はどうなりましたか"
    signer.open(stay, month.calendar)
    signer.send_back("日数・日付が違う", question)
    keeper.open_returned(stay, month.calendar, question)
    keeper.hand_in("雨の日は入っていません")


def report(first: FirstDay, browser: Browser, slug: str, month: Month, *, today: date, accepted: int) -> Reader:
    """The month's report says what was put in, on the page, in the workbook and on paper."""
    reader = Reader(logged_in(browser, first, f"section-head.1@{slug}.example", f"/t/{slug}"))
    reader.compile(month.calendar)
    expected = month.figures(today, accepted=accepted)
    shown = reader.figures()
    assert {name: shown.get(name) for name in expected} == expected
    assert reader.parts("メニュー") == month.by_menu()
    assert reader.parts("週ごとの出席") == month.by_week()
    assert reader.parts("事業所別の体験日数") == month.by_employer()
    assert reader.parts("事業所別の金額") == month.money()
    for figure, people in month.behind().items():
        reader.sees_behind(figure, people)
    reader.reads_the_files(expected)
    return reader
