"""The logins as printed at the end of a start."""

import json
from pathlib import Path

from infra import logins


def login(place: str, role: str, number: int = 1, password: str = "usual") -> dict[str, str]:
    return {
        "address": f"http://127.0.0.1:8000{place}",
        "role": role,
        "municipality_or_firm": f"Place {place}",
        "email": f"{role}.{number}@{place.strip('/').split('/')[-1]}.example",
        "password": password,
    }


def shown(folder: Path, *written: dict[str, str]) -> list[str]:
    path = folder / "demo-logins.json"
    path.write_text(json.dumps(written), encoding="utf-8")
    return logins.lines(path)


def test_nothing_is_shown_while_there_are_no_logins(tmp_path: Path) -> None:
    assert logins.lines(tmp_path / "demo-logins.json") == []


def test_one_person_of_each_role_is_shown_and_how_many_there_are(tmp_path: Path) -> None:
    text = shown(
        tmp_path, login("/t/a/", "caseworker"), login("/t/a/", "caseworker", 2), login("/t/a/", "section_head")
    )
    assert "  caseworker                 caseworker.1@a.example" in text
    assert "  section head               section_head.1@a.example" in text
    assert not any("caseworker.2" in line for line in text)
    assert "2 of 3 logins" in text[-2]


def test_a_start_on_another_port_is_written_into_the_file(tmp_path: Path) -> None:
    shown(tmp_path, login("/t/a/", "caseworker"))
    path = tmp_path / "demo-logins.json"
    logins.readdress(path, "http://127.0.0.1:9000")
    assert json.loads(path.read_text()) == [login("/t/a/", "caseworker") | {"address": "http://127.0.0.1:9000/t/a/"}]
    assert logins.lines(path)[0] == "\nPlace /t/a/  http://127.0.0.1:9000/t/a/"


def test_many_houses_of_one_kind_do_not_hide_the_other_kinds(tmp_path: Path) -> None:
    towns = [login(f"/t/town{number}/", "caseworker") for number in range(15)]
    text = shown(tmp_path, *towns, login("/portal/a/", "manager"))
    assert sum("/t/town" in line for line in text if line.startswith("\nPlace")) == logins.HOUSES_OF_A_KIND
    assert any("manager.1@a.example" in line for line in text)


def test_the_password_is_said_once_and_again_only_where_it_differs(tmp_path: Path) -> None:
    text = shown(
        tmp_path,
        login("/t/a/", "caseworker"),
        login("/t/a/", "section_head"),
        login("/t/a/", "other", password="own"),
        login("/t/a/", "contact", password=""),
    )
    assert text[-1] == "password: usual"
    assert sum("usual" in line for line in text) == 1
    assert any(line.endswith("  own") for line in text)
    assert any(line.endswith(logins.BY_LINK) for line in text)


def test_whoever_needs_a_code_is_marked_and_the_way_to_it_is_said(tmp_path: Path) -> None:
    text = shown(tmp_path, login("/t/a/", "caseworker"), login("/t/a/", "section_head") | {"totp_secret": "JBSWY3DP"})
    assert "  section head               section_head.1@a.example +" in text
    assert "  caseworker                 caseworker.1@a.example" in text
    assert text[-1].endswith("http://127.0.0.1:8000/dev/codes/")
    assert not any("JBSWY3DP" in line for line in text)


def test_nothing_is_said_of_codes_where_nobody_needs_one(tmp_path: Path) -> None:
    assert not any("/dev/codes" in line for line in shown(tmp_path, login("/t/a/", "caseworker")))
