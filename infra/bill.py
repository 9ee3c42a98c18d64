"""The bills of materials (CycloneDX, JSON) of what the product is made of: every package with version and hash.

python -m infra.bill FOLDER    python.cdx.json from requirements.lock, npm.cdx.json from package-lock.json
"""

import subprocess
import sys
from pathlib import Path

from infra.environment import ROOT
from infra.npm import find_npm

PYTHON, NPM = "python.cdx.json", "npm.cdx.json"


def main(words: list[str]) -> int:
    if len(words) != 1:
        sys.exit(__doc__)
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    of_python(folder / PYTHON)
    of_npm(folder / NPM)
    print(f"{folder / PYTHON}\n{folder / NPM}")
    return 0


def of_python(target: Path) -> None:
    """Write what is installed to run the product, from the lock and not from what happens to be installed here."""
    options = ["--output-reproducible", "--of", "JSON", "-o", str(target)]
    _run([str(Path(sys.executable).parent / "cyclonedx-py"), "requirements", *options, "requirements.lock"])


def of_npm(target: Path) -> None:
    """Write the page assets and fonts, without what only the checks need."""
    options = ["--sbom-format", "cyclonedx", "--sbom-type", "application", "--package-lock-only", "--omit", "dev"]
    target.write_text(_run([*find_npm(), "sbom", *options]))


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:3])}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
