"""A statement's entries are chained in one pass, and the head of the journal moves once for all of them.

Moving the head for each entry left a version of its row for each, and every next entry had to look through them all:
ten thousand people taken over from a list spent most of their time there.
"""

from importlib import import_module

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BESIDE = {
    "changed-under-the-release-before": "the release before only adds entries, and they get the same hashes as before"
}

BEFORE = import_module("ayumi.migrations.versions.0012_chain")
PATH = "SET search_path = pg_catalog, public, pg_temp"  # as there, and for the same reason

# Where the chain stands within the statement is remembered in a setting of the transaction, which anybody could write:
# so nothing is believed of it. When the statement ends, all its entries are hashed again from the head on.
LINK = f"""
CREATE OR REPLACE FUNCTION journal_link() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
DECLARE
    place text := 'ayumi.journal_' || NEW.tenant_id;
    stands text := nullif(current_setting(place, true), '');
BEGIN
    IF stands IS NULL THEN
        SELECT seq || ':' || hash INTO stands FROM journal_head WHERE tenant_id = NEW.tenant_id FOR UPDATE;
    END IF;
    IF stands IS NULL THEN
        INSERT INTO journal_head (tenant_id, seq, hash) VALUES (NEW.tenant_id, 0, '') ON CONFLICT DO NOTHING;
        SELECT seq || ':' || hash INTO STRICT stands FROM journal_head WHERE tenant_id = NEW.tenant_id FOR UPDATE;
    END IF;
    NEW.seq := split_part(stands, ':', 1)::bigint + 1;
    NEW.salt := gen_random_uuid()::text;
    NEW.forgotten_at := NULL;
    NEW.digest := journal_digest(NEW.salt, NEW.why, NEW.changes);
    NEW.hash := journal_hash(ROW(NEW.*)::journal_entry, split_part(stands, ':', 2));
    PERFORM set_config(place, NEW.seq || ':' || NEW.hash, true);
    RETURN NEW;
END
$$
"""

CLOSE = f"""
CREATE FUNCTION journal_close() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
DECLARE
    town int;
    head journal_head;
    last journal_head;
    sound boolean;
BEGIN
    FOR town IN SELECT DISTINCT tenant_id FROM added LOOP
        SELECT * INTO STRICT head FROM journal_head WHERE tenant_id = town FOR UPDATE;
        SELECT bool_and(seq = before + 1 AND hash = made), max(seq), (array_agg(hash ORDER BY seq DESC))[1]
            INTO sound, last.seq, last.hash
        FROM (
            SELECT e.seq, e.hash, lag(e.seq, 1, head.seq) OVER w AS before,
                   journal_hash(ROW(e.*)::journal_entry, lag(e.hash, 1, head.hash) OVER w) AS made
            FROM added e WHERE e.tenant_id = town WINDOW w AS (ORDER BY e.seq)
        ) AS linked;
        IF NOT sound THEN
            RAISE EXCEPTION 'entries of a journal are chained by nobody but the database';
        END IF;
        UPDATE journal_head SET seq = last.seq, hash = last.hash WHERE tenant_id = town;
        PERFORM set_config('ayumi.journal_' || town, '', true);
    END LOOP;
    RETURN NULL;
END
$$
"""

STEP = f"""
CREATE OR REPLACE FUNCTION journal_step() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR NEW.tenant_id <> OLD.tenant_id OR NEW.seq <= OLD.seq THEN
        RAISE EXCEPTION 'the head of a journal moves only with its entries';
    END IF;
    RETURN NEW;
END
$$
"""

# First of all, because it waits for statements under way: none of them is chained half in one way, half in the other.
TRIGGER = """
CREATE TRIGGER close AFTER INSERT ON journal_entry REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION journal_close()
"""


def upgrade() -> None:
    for sentence in (CLOSE, TRIGGER, LINK, STEP):
        op.execute(sentence)


def downgrade() -> None:
    op.execute("DROP FUNCTION journal_close CASCADE")
    for sentence in (BEFORE.LINK, BEFORE.STEP):
        op.execute(sentence.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
