"""Backups: key, take, list, verify, extract."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from ayumi.kernel import meters
from infra.backups import checking, extracting, sealing, shelf, taking
from infra.backups.figures import Backups
from infra.backups.sealing import BackupError
from infra.embedded.process import ServiceError

backup = AppGroup("backup", help="Backups: key, take, list, verify, extract.")


def init_commands(app: Flask) -> None:
    app.cli.add_command(backup)
    app.extensions.setdefault(meters.FURTHER, []).append(Backups())


@contextmanager
def in_one_sentence() -> Iterator[None]:
    try:
        yield
    except (BackupError, ServiceError) as error:
        raise click.ClickException(str(error)) from error


@backup.command("key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def key(path: Path) -> None:
    """Make the key that opens backups, in a file; prints its public half for AYUMI_BACKUP_RECIPIENTS."""
    try:
        click.echo(sealing.make_key(path))
    except FileExistsError as error:
        raise click.ClickException(f"{path} is there already") from error


@backup.command("take")
def take() -> None:
    """Take a base backup and every new file, encrypted; then forget backups older than AYUMI_BACKUP_DAYS."""
    with in_one_sentence():
        made = taking.take()
        click.echo(line_of(made))
        for name in shelf.forget_old():
            click.echo(f"{name}  forgotten: older than {shelf.days()} days")


@backup.command("list")
def show() -> None:
    """List the backups, the oldest first."""
    with in_one_sentence():
        for each in shelf.every():
            click.echo(line_of(each))


def line_of(made: shelf.Backup) -> str:
    position = f"{made.wal_start}-{made.wal_end}"
    return f"{made.name}  {position}  {made.base_size} bytes  {len(made.files)} files  schema {made.schema}"


@backup.command("verify")
@click.argument("name", required=False)
@click.option("--all", "whole", is_flag=True, help="every backup")
def verify(name: str | None, whole: bool) -> None:
    """Check a backup (the newest, when none is named); with AYUMI_BACKUP_IDENTITY set every part is opened as well."""
    with in_one_sentence():
        if not all([_verified(each, click.echo) for each in (shelf.every() if whole else [shelf.one(name)])]):
            raise SystemExit(1)


def _verified(each: shelf.Backup, say: Callable[[str], None]) -> bool:
    found = list(checking.faults(each))
    shelf.mark(each.name, sound=not found)
    how = "opened and checked" if sealing.can_open() else "hashes of the encrypted parts checked"
    say(f"{each.name}: {'BROKEN' if found else 'sound'}, {1 + len(each.files)} parts {how}")
    for sentence in found:
        say(f"  {sentence}")
    return not found


@backup.command("extract")
@click.argument("slug")
@click.option("--backup", "name", help="name of the backup; the newest when left out")
@click.option("--to", "target", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option(
    "--server", help="address of a server restored by its provider (as the owner), instead of the base backup"
)
def extract(slug: str, name: str | None, target: Path, server: str | None) -> None:
    """Bring up a backup beside the running platform and pack one municipality out of it.

    The packing goes back by `ayumi municipality restore` (or `import`, where it is gone altogether).
    """
    with in_one_sentence():
        if server:
            said = extracting.extract_from(server, slug, target)
        else:
            said = extracting.extract(shelf.one(name), slug, target)
        click.echo(said, nl=False)
