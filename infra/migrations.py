"""The migrations checked for real: an empty database brought up to date must be what the models say.

Before that, each is read for what would hold up the release that is still serving (beside.py).
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from infra import beside, environment
from infra.embedded.postgres import Server
from infra.environment import ROOT

AYUMI = str(Path(sys.executable).with_name("ayumi"))


def main() -> int:
    return beside.main() or up_to_date()


def up_to_date() -> int:
    with (
        tempfile.TemporaryDirectory(prefix="ayumi-") as folder,
        Server(Path(folder), durable=False) as server,
    ):
        server.create_database()
        env = os.environ | surroundings(server, Path(folder))
        for words in (["db", "upgrade"], ["db", "check"]):
            code = subprocess.run([AYUMI, *words], env=env, cwd=ROOT, check=False).returncode
            if code != 0:
                print(f"`ayumi {' '.join(words)}` failed", file=sys.stderr)
                return code
    return 0


def surroundings(server: Server, folder: Path) -> dict[str, str]:
    urls = {name: server.url(role) for name, role in environment.DATABASE_URLS.items()}
    return urls | {"AYUMI_SECRET_KEY": "x" * 40, "AYUMI_FILES_URL": (folder / "files").as_uri()}


if __name__ == "__main__":
    sys.exit(main())
