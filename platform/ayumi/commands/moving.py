"""Municipalities that leave, arrive, or go back to what a backup holds: export, import, restore, erase."""

from pathlib import Path

import click

from ayumi.commands.municipalities import municipality
from ayumi.commands.towns import town
from ayumi.kernel.errors import AyumiError
from ayumi.moving import leaving, parcel, putting_back, rules, unpacking

WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)


@municipality.command("export")
@click.argument("slug")
@click.option("--to", "path", required=True, type=WRITABLE, help="the ZIP file to write")
def export(slug: str, path: Path) -> None:
    """Pack up everything a municipality has into one ZIP file of open formats."""
    try:
        made = rules.hand_over(town(slug).id, path)
    except AyumiError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{path}: {made.tables} tables, {made.rows} rows, manifest {made.manifest_sha256}")


@municipality.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_in(path: Path) -> None:
    """Take in a municipality from its packing: everything is checked first; all of it comes in, or nothing."""
    try:
        said = unpacking.unpack(path)
    except AyumiError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{said['slug']}  {said['code'] or '-'}  {said['name']}: taken in; invite its people anew")


@municipality.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--aside", required=True, type=WRITABLE, help="the ZIP file to write what is there now into, first")
@click.option("--why", required=True, help="reason and ticket, for the municipality's journal")
@click.option("--yes", is_flag=True, help="do not ask")
def restore(path: Path, aside: Path, why: str, yes: bool) -> None:
    """Put a suspended municipality's work back as it stands in a packing that came out of a backup.

    Who works here and the journal stay as they are now; what was disposed of since is disposed of again.
    """
    try:
        slug = parcel.about(path)["slug"]
        found = town(slug)
        if not yes and click.prompt(f"Put back the work of {found.name}? Type {slug} to go on") != slug:
            raise click.ClickException("nothing was put back")
        rules.set_aside(found.id, aside)
        made = putting_back.put_back(path, why=why)
    except AyumiError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{slug}: {made.rows} rows put back, {made.erased_again} of them disposed of again")
    click.echo(
        f"journal: entry {made.until} is the last the backup knew; what came after, up to {made.since}, is to be"
    )
    click.echo(f"done again by hand: withdrawn consents and holds first. What was there is in {aside}")


@municipality.command("erase")
@click.argument("slug")
@click.option("--certificate", "path", required=True, type=WRITABLE, help="the PDF file to write")
@click.option("--yes", is_flag=True, help="do not ask")
def erase(slug: str, path: Path, yes: bool) -> None:
    """Erase a municipality that has left, after its packing was handed over. There is no way back."""
    found = town(slug)
    if not yes and click.prompt(f"Erase everything of {found.name}? Type {slug} to go on") != slug:
        raise click.ClickException("nothing was erased")
    try:
        made = leaving.erase(found.id)
    except AyumiError as error:
        raise click.ClickException(str(error)) from error
    path.write_bytes(made.paper)
    click.echo(f"{slug}: erased {made.rows} rows and {made.files} files; certificate {path}")


__all__ = ["municipality"]
