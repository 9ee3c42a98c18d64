"""The checks that look at the code as it lies there, side by side: none of them keeps two cores busy.

Each is shown when it has ended, with all that it has said; the last line names those that failed.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from infra.environment import ROOT

BIN = Path(sys.executable).parent
CHECKS = {
    "mypy": ["mypy"],
    "migrations": ["python", "-m", "infra.migrations"],
    "imports": ["lint-imports", "--no-logo"],
    "catalogues": ["python", "-m", "infra.catalogues", "check"],
}  # the longest first


def main(checks: dict[str, list[str]] = CHECKS) -> int:
    with ThreadPoolExecutor(os.cpu_count()) as at_work:
        begun = {at_work.submit(done, words): name for name, words in checks.items()}
        failed = [begun[each] for each in as_completed(begun) if not shown(begun[each], each.result())]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def done(words: list[str]) -> "subprocess.CompletedProcess[str]":
    program = [str(BIN / words[0]), *words[1:]]
    return subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def shown(name: str, ended: "subprocess.CompletedProcess[str]") -> bool:
    print(f"-- {name}\n{ended.stdout}", flush=True)
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
