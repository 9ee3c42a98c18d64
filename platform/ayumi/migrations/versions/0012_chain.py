"""The functions that chain the journal's entries."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DIGEST = """
CREATE FUNCTION journal_digest(salt text, why text, changes jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(salt || jsonb_build_object('why', why, 'changes', changes)::text, 'UTF8')), 'hex')
$$
"""

HASH = """
CREATE FUNCTION journal_hash(entry journal_entry, previous text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_object(
        'tenant_id', entry.tenant_id, 'seq', entry.seq, 'id', entry.id,
        'subject', entry.subject, 'subject_id', entry.subject_id, 'action', entry.action,
        'status_before', entry.status_before, 'status_after', entry.status_after,
        'at', to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'door', entry.door,
        'membership_id', entry.membership_id, 'account_id', entry.account_id,
        'firm_id', entry.firm_id, 'employer_id', entry.employer_id,
        'digest', entry.digest, 'previous', previous
    )::text, 'UTF8')), 'hex')
$$
"""

# A trigger runs with the rights of whoever writes, so it must not be led to tables of their own making: the path is
# fixed, temporary tables come last. Only the worker may make any at all (infra/postgres/database.sql).
PATH = "SET search_path = pg_catalog, public, pg_temp"

LINK = f"""
CREATE FUNCTION journal_link() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
DECLARE
    head journal_head;
BEGIN
    SELECT * INTO head FROM journal_head WHERE tenant_id = NEW.tenant_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO journal_head (tenant_id, seq, hash) VALUES (NEW.tenant_id, 0, '') ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT head FROM journal_head WHERE tenant_id = NEW.tenant_id FOR UPDATE;
    END IF;
    NEW.seq := head.seq + 1;
    NEW.salt := gen_random_uuid()::text;
    NEW.forgotten_at := NULL;
    NEW.digest := journal_digest(NEW.salt, NEW.why, NEW.changes);
    NEW.hash := journal_hash(ROW(NEW.*)::journal_entry, head.hash);
    UPDATE journal_head SET seq = NEW.seq, hash = NEW.hash WHERE tenant_id = NEW.tenant_id;
    RETURN NEW;
END
$$
"""

STEP = f"""
CREATE FUNCTION journal_step() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR NEW.tenant_id <> OLD.tenant_id OR NEW.seq <> OLD.seq + 1 THEN
        RAISE EXCEPTION 'the head of a journal moves only with its entries';
    END IF;
    RETURN NEW;
END
$$
"""

START = f"""
CREATE FUNCTION journal_start() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR NEW.seq <> 0 OR NEW.hash <> '' THEN
        RAISE EXCEPTION 'a journal begins with its first entry';
    END IF;
    RETURN NEW;
END
$$
"""

FORGET = f"""
CREATE FUNCTION journal_forget() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
DECLARE
    kept journal_entry := NEW;
BEGIN
    kept.why := OLD.why; kept.changes := OLD.changes; kept.salt := OLD.salt; kept.forgotten_at := OLD.forgotten_at;
    IF kept IS DISTINCT FROM OLD OR NEW.why IS NOT NULL OR NEW.changes IS NOT NULL OR NEW.salt IS NOT NULL
        OR NEW.forgotten_at IS NULL THEN
        RAISE EXCEPTION 'a journal entry can be forgotten, never changed';
    END IF;
    RETURN NEW;
END
$$
"""

FUNCTIONS = (DIGEST, HASH, LINK, STEP, START, FORGET)
TRIGGERS = (
    "CREATE TRIGGER link BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_link()",
    "CREATE TRIGGER forget BEFORE UPDATE ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_forget()",
    "CREATE TRIGGER start BEFORE INSERT ON journal_head FOR EACH ROW EXECUTE FUNCTION journal_start()",
    "CREATE TRIGGER step BEFORE UPDATE ON journal_head FOR EACH ROW EXECUTE FUNCTION journal_step()",
)
NAMES = ("journal_link", "journal_step", "journal_start", "journal_forget", "journal_hash", "journal_digest")


def upgrade() -> None:
    for sentence in (*FUNCTIONS, *TRIGGERS):
        op.execute(sentence)


def downgrade() -> None:
    for name in NAMES:
        op.execute(f"DROP FUNCTION {name} CASCADE")
