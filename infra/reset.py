"""`make reset`: throw away everything this tree remembers. Never while it runs."""

import shutil
import sys

from infra import environment
from infra.environment import StartError, Tree


def main(words: list[str]) -> int:
    tree = environment.tree_named(words)
    try:
        with environment.only_start(tree):
            throw_away(tree)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"everything under {tree.var} is gone; make run begins anew")
    return 0


def throw_away(tree: Tree) -> None:
    cluster = tree.var / "postgres" / "cluster"
    if cluster.is_symlink():  # root on a machine without user namespaces, see embedded/postgres_files.py
        shutil.rmtree(cluster.resolve(), ignore_errors=True)
    for each in tree.var.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
