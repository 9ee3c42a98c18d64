"""The two scripts for somebody else's PostgreSQL, whose administrator is no superuser."""

from pathlib import Path

import psycopg
import pytest

from infra.embedded.postgres import ADMINISTRATOR, DOORS, OWNER, Server

SCRIPTS = Path(__file__).parents[2] / "infra" / "postgres"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server as a provider hands it over: no roles of ours."""
    monkeypatch.setattr(Server, "_make_roles", lambda self: None)
    return Server(tmp_path, durable=False)


def test_an_administrator_without_superuser_rights_can_prepare_everything(bare: Server) -> None:
    roles, database = ((SCRIPTS / name).read_bytes() for name in ("roles.sql", "database.sql"))
    with bare:
        as_superuser = psycopg.connect(bare.url(ADMINISTRATOR, "postgres"), autocommit=True)
        as_superuser.execute("CREATE ROLE provider LOGIN CREATEROLE CREATEDB PASSWORD 'given'")
        as_superuser.close()
        url = f"postgresql://provider:given@127.0.0.1:{bare.port}/postgres"
        with psycopg.connect(url, autocommit=True) as administrator:
            administrator.execute(roles)
            administrator.execute(roles)
            administrator.execute(f"ALTER ROLE {OWNER} PASSWORD 'own'")
            administrator.execute(f"GRANT {OWNER} TO CURRENT_USER")
            administrator.execute(
                f"CREATE DATABASE ayumi OWNER {OWNER} ENCODING 'UTF8'"
                " LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0"
            )
            administrator.execute(f"REVOKE {OWNER} FROM CURRENT_USER")
        with psycopg.connect(f"postgresql://{OWNER}:own@127.0.0.1:{bare.port}/ayumi", autocommit=True) as owner:
            owner.execute(database)
            owner.execute(database)
            allowed = owner.execute(
                "SELECT count(*) FROM unnest(%s::text[]) AS door"
                " WHERE has_database_privilege(door, 'ayumi', 'CONNECT')",
                [list(DOORS)],
            ).fetchone()
    assert allowed == (len(DOORS),)


def test_a_role_of_ours_that_may_too_much_is_refused(bare: Server) -> None:
    with bare, psycopg.connect(bare.url(ADMINISTRATOR, "postgres"), autocommit=True) as superuser:
        superuser.execute("CREATE ROLE ayumi_staff LOGIN BYPASSRLS")
        with pytest.raises(psycopg.errors.RaiseException, match="may do too much.*ayumi_staff"):
            superuser.execute((SCRIPTS / "roles.sql").read_bytes())
