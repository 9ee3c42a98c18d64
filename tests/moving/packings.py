"""Packings for tests: made at the command line, looked into, and forged."""

import json
from pathlib import Path
from zipfile import ZipFile

from flask import Flask
from sqlalchemy import text

import ayumi.schema
from ayumi.config import settings
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving import contents, parcel
from tests.isolation.populated import snapshot
from tests.moving.platforms import Platform, files_of
from tests.world import Town

LEAVES, STAYS = "去来川カナリア", "留野"


def root() -> Path:
    """Where the files of the present platform lie."""
    return Path(settings().files_url.removeprefix("file://"))


def suspended(app: Flask, town: Town) -> None:
    """Suspend a municipality, as an operator would, when its work is done."""
    said = {"now": clock.now(), "id": town.tenant_id}
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.execute(text("UPDATE outbox SET done_at = :now WHERE tenant_id = :id AND done_at IS NULL"), said)
        session.execute(text("UPDATE municipality SET suspended_at = :now WHERE id = :id"), said)


def packed(app: Flask, town: Town, folder: Path) -> Path:
    """Export a municipality at the command line."""
    path = folder / "packing.zip"
    answer = app.test_cli_runner().invoke(args=["municipality", "export", town.slug, "--to", str(path)])
    assert answer.exit_code == 0, answer.output
    return path


def comparable(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Leave out what is not packed, or packed empty."""
    blank = {table for table, _column in contents.BLANK}
    shared = {"external_identity", "one_time_link", "erasure_certificate"}
    return {name: rows for name, rows in found.items() if name not in contents.LEFT_OUT.keys() | blank | shared}


def dump(app: Flask) -> str:
    """Return every row of every table of a platform, as one text to search."""
    said = []
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        towns = session.execute(text("SELECT id FROM municipality")).scalars().all()
        for name, table in ayumi.schema.metadata.tables.items():
            if "tenant_id" not in table.c:
                said += [str(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{name}"'))]
    for tenant_id in towns:
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
            for name, table in ayumi.schema.metadata.tables.items():
                if "tenant_id" in table.c:
                    said += [str(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(said)


def rewritten(path: Path, into: Path, name: str, change: object) -> Path:
    """Write a packing anew with one part changed and nothing else."""
    with ZipFile(path) as source, ZipFile(into, "w") as target:
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, change(data) if part == name else data)  # type: ignore[operator]
    return into


def resealed(path: Path, into: Path, name: str, before: bytes, after: bytes) -> Path:
    """Write a packing anew with one part changed and its manifest made to fit."""
    with ZipFile(path) as source, parcel.writing(into) as target:
        manifest = json.loads(source.read("manifest.json"))
        for part in source.namelist():
            if part != "manifest.json":
                data = source.read(part)
                with target.part(part) as write:
                    write(data.replace(before, after) if part == name else data)
        target.close({key: value for key, value in manifest.items() if key not in ("format", "parts")})
    return into


def assert_empty(other: Platform, town: Town) -> None:
    """Nothing of a municipality has come in."""
    with other.there():
        assert files_of(other.app, root(), town.tenant_id) == {}
        assert all(rows == [] for rows in snapshot(other.app, town).values())
        with other.app.app_context(), visiting(Place(Door.OWNER)) as session:
            query = text("SELECT count(*) FROM municipality WHERE id = :id")
            assert session.execute(query, {"id": town.tenant_id}).scalar_one() == 0
