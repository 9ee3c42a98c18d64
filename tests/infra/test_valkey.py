"""The embedded Valkey, started for real."""

import stat
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
import redis

from infra.embedded.process import ServiceError
from infra.embedded.valkey import LONGEST_SOCKET_PATH, Server

ROOT = Path(__file__).parents[2]


def test_what_was_queued_survives_a_stop(tmp_path: Path) -> None:
    with Server(tmp_path) as server, redis.Redis.from_url(server.url()) as client:
        client.rpush("queue", "job")
    with Server(tmp_path) as server, redis.Redis.from_url(server.url()) as client:
        assert client.lrange("queue", 0, -1) == [b"job"]


def test_only_its_owner_can_reach_it(tmp_path: Path) -> None:
    with Server(tmp_path, durable=False) as server, redis.Redis.from_url(server.url()) as client:
        socket = tmp_path / "valkey.sock"
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert cast(dict[str, str], client.config_get("port")) == {"port": "0"}


def test_a_folder_too_deep_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * LONGEST_SOCKET_PATH)
    server = Server(deep, durable=False)
    with server, redis.Redis.from_url(server.url()) as client:
        socket = Path(server.url().removeprefix("unix://").split("?")[0])
        assert client.ping()
        assert len(str(socket)) < LONGEST_SOCKET_PATH
    assert not socket.parent.exists()


def test_nothing_is_written_when_it_is_for_tests(tmp_path: Path) -> None:
    with Server(tmp_path, durable=False) as server, redis.Redis.from_url(server.url()) as client:
        client.set("a", "b")
    assert not list(tmp_path.rglob("*.aof"))
    assert not list(tmp_path.rglob("*.rdb"))


def test_a_killed_launcher_blocks_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from infra.embedded.valkey import Server\n"
        "s = Server(Path(sys.argv[1])); s.start(); print('up', flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    with launcher.stdout as output:
        assert output.readline() == "up\n"
    launcher.kill()
    launcher.wait()
    with Server(tmp_path) as server, redis.Redis.from_url(server.url()) as client:
        assert client.ping()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "appendonlydir"
    broken.write_text("not a folder")
    with pytest.raises(ServiceError, match="appendonlydir"):
        Server(tmp_path).start()
