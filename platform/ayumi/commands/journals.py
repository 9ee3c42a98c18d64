"""Journals: check the chains, check an export, show the key that signs."""

from pathlib import Path

import click
from flask.cli import AppGroup

from ayumi.audit import checking, exported, keys
from ayumi.audit.checking import Result
from ayumi.audit.faults import FAULTS, Finding
from ayumi.commands.towns import town, towns
from ayumi.config import settings
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Municipality

journal = AppGroup("journal", help="Journals: check the chains, check an export, show the key.")


@journal.command("verify")
@click.option("--municipality", "slug", help="only this one")
@click.option("--all", "every", is_flag=True, help="all municipalities")
def verify(slug: str | None, every: bool) -> None:
    """Check journals from the first entry to the last, and every signed head; name the first broken link."""
    if bool(slug) == every:
        raise click.UsageError("say --municipality SLUG, or --all")
    if not all([_verified(each) for each in ([town(slug)] if slug else towns(None))]):
        raise SystemExit(1)


def _verified(here: Municipality) -> bool:
    with visiting(Place(Door.OWNER, tenant_id=here.id)) as session:
        result = checking.check(session, here.id)
    click.echo(_line(here.slug, result))
    for finding in result.findings:
        click.echo(f"  {_said(finding)}", err=True)
    return result.is_sound


def _line(slug: str, result: Result) -> str:
    word = "sound" if result.is_sound else "BROKEN"
    return f"{slug}: {word}, {result.entries} entries, {result.heads} signed heads"


def _said(finding: Finding) -> str:
    return FAULTS[finding.fault] % {"seq": finding.seq}


@journal.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--complete", is_flag=True, help="the file must hold every entry from the first on")
def check(file: Path, complete: bool) -> None:
    """Check an exported journal (JSON Lines) by itself, without any database."""
    try:
        with file.open("rb") as lines:
            found = exported.read(lines)
    except exported.NoJournal as error:
        raise click.ClickException(str(error)) from error
    lacking = complete and (found.gaps or found.first != 1)
    click.echo(
        f"{found.entries} entries, {found.first} to {found.last}, {found.gaps} gaps, "
        f"{found.withheld} without what they say; ends with {found.hash or '-'}"
    )
    for finding in found.findings:
        click.echo(_said(finding), err=True)
    if found.findings or lacking:
        raise SystemExit(1)


@journal.command("key")
def key() -> None:
    """Show the public key by which signed heads are checked."""
    public = keys.public_key()
    click.echo(f"{keys.key_id(public)}  {public}")
    if not settings().journal_key:
        click.echo("made of AYUMI_SECRET_KEY; set AYUMI_JOURNAL_KEY where it counts", err=True)
