"""One municipality out of a backup: a server beside the running one, its files, its journal checked, and a packing.

The packing is made by the same command as when a municipality leaves, by a process that is told of the side server
and of nothing else of the running platform.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from infra.backups import checking, side
from infra.backups.sealing import BackupError
from infra.backups.shelf import Backup
from infra.environment import ROOT

COMMANDS = "import json, sys, wsgi; [wsgi.cli(words, standalone_mode=False) for words in json.loads(sys.argv[1])]"
WANTED = """
    SELECT 't/' || tenant_id || '/' || left(sha256, 2) || '/' || sha256 FROM stored_file
    WHERE tenant_id = %(t)s AND purpose <> 'packing'
    UNION SELECT file_key FROM signed_head WHERE tenant_id = %(t)s
"""


def extract(backup: Backup, slug: str, target: Path) -> str:
    """Write a municipality, as it was when the backup was taken, into a packing; return what the commands said."""
    with side.opened(backup) as address, files_of(slug, address, backup) as files:
        given = only_there(address) | {"AYUMI_FILES_URL": files.as_uri()}
        return asked(["journal", "verify", "--municipality", slug], packing(slug, target), given=given)


def extract_from(address: str, slug: str, target: Path) -> str:
    """The same out of a server that its provider restored; the files are those of the store as it is.

    The journal is checked when the packing is put back: the store holds signed heads of what came later.
    """
    return asked(packing(slug, target), given=only_there(address))


def packing(slug: str, target: Path) -> list[str]:
    return ["municipality", "export", slug, "--to", str(target.absolute())]


@contextmanager
def files_of(slug: str, address: str, backup: Backup) -> Iterator[Path]:
    """Open exactly the files that the municipality's rows speak of."""
    wanted = _wanted(slug, address)
    with tempfile.TemporaryDirectory(prefix="ayumi-side-files-") as folder:
        for part in backup.files:
            if part.key in wanted:
                checking.open_part(part, Path(folder) / part.key)
        yield Path(folder)


def _wanted(slug: str, address: str) -> set[str]:
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT id FROM municipality WHERE slug = %s", [slug]).fetchone()
        if found is None:
            raise BackupError(f"there was no municipality {slug!r} when this backup was taken")
        connection.execute(f"SET LOCAL ayumi.tenant_id = '{int(found[0])}'")
        return {row[0] for row in connection.execute(WANTED, {"t": found[0]})}


def only_there(address: str) -> dict[str, str]:
    """The settings of this process, without any way to the running platform's database."""
    ways = ("AYUMI_DATABASE_URL_", "AYUMI_BACKUP_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ways)}
    return kept | {"AYUMI_DATABASE_URL_OWNER": address}


def asked(*commands: list[str], given: dict[str, str]) -> str:
    """Run commands of `ayumi` one after the other in a process that knows these settings alone."""
    program = [sys.executable, "-c", COMMANDS, json.dumps(commands)]
    done = subprocess.run(program, env=given, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupError(f"on the side server `ayumi` said:\n{done.stdout}{done.stderr}")
    return done.stdout
