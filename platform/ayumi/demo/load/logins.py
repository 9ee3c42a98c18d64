"""The list of ready-made logins, for people who try the demonstration."""

from datetime import date

from ayumi.config import settings
from ayumi.demo.crew import operators, staff_of
from ayumi.demo.employers import employers_of
from ayumi.demo.firms import firms
from ayumi.demo.partner_seeds import MemberSeed
from ayumi.demo.places import municipalities, municipality

FIRST_SHOWN = ("morioka", "yokohama", "nagasaki", "koshigaya")


def logins(password: str, secrets: dict[str, str], as_of: date) -> list[dict[str, str]]:
    """Return address, role, place, e-mail, password and the app's secret of everybody, those to try first on top."""
    rows = [row for slug in _order() for row in _of_municipality(slug, password)]
    rows += [row for firm in firms(as_of) for row in _of_firm(firm.name_ja, firm.staff, password)]
    rows += [row for slug in FIRST_SHOWN for row in _employers(slug, as_of)]
    rows += [_row("/operator/", each, "operator", "Ayumi", password) for each in operators()]
    return [row | {"totp_secret": secrets.get(row["email"], "")} for row in rows]


def _order() -> list[str]:
    rest = [each.slug for each in municipalities() if each.slug not in FIRST_SHOWN]
    return [*FIRST_SHOWN, *rest]


def _of_municipality(slug: str, password: str) -> list[dict[str, str]]:
    return [
        _row(f"/t/{slug}/", each, "・".join(each.roles), municipality(slug).name_ja, password)
        for each in staff_of(slug)
    ]


def _of_firm(name: str, staff: tuple[MemberSeed, ...], password: str) -> list[dict[str, str]]:
    return [_row(f"/portal/{each.municipalities[0]}/", each, "・".join(each.roles), name, password) for each in staff]


def _employers(slug: str, as_of: date) -> list[dict[str, str]]:
    """Employers have no password: their way in is the link in the mail of the month, readable at /dev/mail."""
    return [
        {
            "address": f"{settings().base_url}/dev/mail/",
            "role": "employer contact",
            "municipality_or_firm": f"{municipality(slug).name_ja} {each.name_ja}",
            "email": each.contact.email,
            "password": "",
        }
        for each in employers_of(slug, as_of)[:1]
    ]


def _row(path: str, member: MemberSeed, role: str, where: str, password: str) -> dict[str, str]:
    return {
        "address": f"{settings().base_url}{path}",
        "role": role,
        "municipality_or_firm": where,
        "email": member.email,
        "password": password,
    }
