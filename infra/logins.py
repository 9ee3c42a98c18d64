"""The ready-made logins of the demonstration, as lines of a terminal: a few of each kind, all in the file."""

import json
from collections import Counter
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

HOUSES_OF_A_KIND = 4
BY_LINK = "comes in by a link, see /dev/mail"

Login = dict[str, str]


def readdress(path: Path, base: str) -> None:
    """Let the file name the port of this start, whichever it was written on."""
    if not path.exists():
        return
    logins: list[Login] = json.loads(path.read_text(encoding="utf-8"))
    moved = [each | {"address": f"{base}{place_of(each)}"} for each in logins]
    if moved != logins:
        path.write_text(json.dumps(moved, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    logins: list[Login] = json.loads(path.read_text(encoding="utf-8"))
    chosen = selection(logins)
    with_app = any(each.get("totp_secret") for each in logins)
    usual = Counter(each["password"] for each in logins).most_common(1)[0][0] if logins else ""
    return [
        *listed(chosen, usual),
        f"\n{len(chosen)} of {len(logins)} logins; all of them: {path}",
        f"password: {usual}",
        *([f"codes of the second step (marked +): {base_of(logins[0])}/dev/codes/"] if with_app else []),
    ]


def selection(logins: list[Login]) -> list[Login]:
    """One person of each role, in the first few houses of each kind."""
    first: dict[tuple[str, str], Login] = {}
    for each in logins:
        first.setdefault((each["municipality_or_firm"], each["role"]), each)
    houses: dict[str, list[str]] = {}
    for name, kind in dict.fromkeys((each["municipality_or_firm"], kind_of(each)) for each in first.values()):
        houses.setdefault(kind, []).append(name)
    kept = {name for names in houses.values() for name in names[:HOUSES_OF_A_KIND]}
    return [each for (name, _role), each in first.items() if name in kept]


def kind_of(login: Login) -> str:
    """The first word of its address: the console, the portal, ..."""
    return place_of(login).split("/")[1]


def listed(logins: list[Login], usual: str) -> list[str]:
    text: list[str] = []
    for heading, people in groupby(logins, key=lambda each: f"{each['municipality_or_firm']}  {each['address']}"):
        text.append(f"\n{heading}")
        text += [
            f"  {each['role'].replace('_', ' '):<27}{each['email']}{mark(each)}{aside(each, usual)}" for each in people
        ]
    return text


def mark(login: Login) -> str:
    """A sign for those who are asked for a code after their password."""
    return " +" if login.get("totp_secret") else ""


def aside(login: Login, usual: str) -> str:
    """What this one needs instead of the usual password."""
    if login["password"] == usual:
        return ""
    return f"  {login['password'] or BY_LINK}"


def base_of(login: Login) -> str:
    parts = urlsplit(login["address"])
    return f"{parts.scheme}://{parts.netloc}"


def place_of(login: Login) -> str:
    return urlsplit(login["address"]).path
