"""Which clusters there are, as AYUMI_CLUSTERS says, and what it may not say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ayumi.config import settings
from ayumi.kernel import clusters
from ayumi.kernel.tenancy import Door, Place, WrongPlace

HERE = {"worker": "postgresql://w:secret@one/ayumi", "owner": "postgresql://o:secret@one/ayumi"}
THERE = {"worker": "postgresql://w:secret@two/ayumi", "owner": "postgresql://o:secret@two/ayumi"}
OWN = {"base_url": "https://own.example", "files_url": "s3://own", "databases": THERE, "municipalities": {"kita": 7}}


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for each in Door:
        monkeypatch.delenv(f"AYUMI_DATABASE_URL_{each.value.upper()}", raising=False)
    for door, url in HERE.items():
        monkeypatch.setenv(f"AYUMI_DATABASE_URL_{door.upper()}", url)
    monkeypatch.setenv("AYUMI_FILES_URL", "s3://home")
    monkeypatch.setenv("AYUMI_BASE_URL", "https://ayumi.example")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Any:
    def said(**named: dict[str, Any]) -> None:
        monkeypatch.setenv("AYUMI_CLUSTERS", json.dumps(named))
        settings.cache_clear()

    return said


def test_without_the_setting_everybody_lives_at_home() -> None:
    assert clusters.names() == ("home",)
    assert clusters.of(7) == clusters.of_slug("kita") == clusters.of_host("own.example") == "home"
    assert set(clusters.binds()) == {"worker", "owner"}


def test_a_municipality_is_found_by_number_by_name_and_by_address(say: Any) -> None:
    say(own=OWN)
    assert (clusters.of(7), clusters.of_slug("kita"), clusters.of_host("own.example")) == ("own", "own", "own")
    assert (clusters.of(8), clusters.of_slug("minami"), clusters.of_host("ayumi.example")) == ("home",) * 3
    assert clusters.binds()["own:worker"]["url"] == "postgresql+psycopg://w:secret@two/ayumi"


def test_the_settings_in_force_are_those_of_the_cluster_one_is_in(say: Any) -> None:
    say(own=OWN)
    with clusters.at("own"):
        assert (settings().files_url, settings().base_url) == ("s3://own", "https://own.example")
        with clusters.at("home"):
            assert settings().files_url == "s3://home"
        assert settings().database_urls()["owner"] == "postgresql+psycopg://o:secret@two/ayumi"
    assert (settings().files_url, clusters.present()) == ("s3://home", "home")


def test_no_door_opens_where_a_municipality_does_not_live(say: Any) -> None:
    say(own=OWN)
    with pytest.raises(WrongPlace, match="lives in own"):
        clusters.bind(Place(Door.WORKER, tenant_id=7))
    with clusters.at("own"):
        assert clusters.bind(Place(Door.WORKER, tenant_id=7)) == "own:worker"
        with pytest.raises(WrongPlace, match="lives in home"):
            clusters.bind(Place(Door.WORKER, tenant_id=8))


def test_it_may_lie_in_a_file(say: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "clusters.json"
    path.write_text(json.dumps({"own": OWN}), encoding="utf-8")
    monkeypatch.setenv("AYUMI_CLUSTERS", str(path))
    settings.cache_clear()
    assert clusters.of(7) == "own"


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ({"home": OWN}, "small name"),
        ({"Own!": OWN}, "small name"),
        ({"own": {key: OWN[key] for key in OWN if key != "files_url"}}, "exactly"),
        ({"own": OWN | {"databases": {"worker": THERE["worker"]}}}, "same doors"),
        ({"own": OWN | {"databases": {door: url.replace("w:secret", "x:y") for door, url in HERE.items()}}}, "twice"),
        ({"own": OWN | {"files_url": "s3://home"}}, "twice"),
        ({"own": OWN | {"base_url": "https://ayumi.example/"}}, "twice"),
        ({"own": OWN | {"municipalities": {"kita": "7"}}}, "number"),
        ({"own": OWN | {"municipalities": {"kita": 7, "nishi": 7}}}, "twice"),
        ({"own": []}, "cannot be read"),
    ],
)
def test_what_does_not_add_up_is_refused_and_no_password_is_shown(say: Any, named: dict[str, Any], why: str) -> None:
    say(**named)
    with pytest.raises(clusters.BadClusters, match=why) as refused:
        clusters.further()
    assert "secret" not in str(refused.value)


def test_a_cluster_nobody_named_is_refused(say: Any) -> None:
    say(own=OWN)
    with pytest.raises(clusters.BadClusters, match="home, own"), clusters.at("other"):
        pass
