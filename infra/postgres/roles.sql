-- The owner and the nine doors, one role each. Run once as an administrator, safe to run again:
--     psql "$ADMIN_URL" -v ON_ERROR_STOP=1 -f infra/postgres/roles.sql
-- Then give each a password with psql's \password. The embedded server runs this very file.

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY[
        'ayumi_owner',       -- owns the database and every table; used by migrations and by no running process
        'ayumi_staff',       -- the console of a municipality
        'ayumi_firm',        -- the portal of contracted firms
        'ayumi_employer',    -- the page of partner employers
        'ayumi_accounts',    -- logging in
        'ayumi_worker',      -- jobs
        'ayumi_dispatcher',  -- sends what was promised to the queue
        'ayumi_operator',    -- the hosting console: municipalities, never people
        'ayumi_glass',       -- an operator let in to read, for hours, watched
        'ayumi_keeper'       -- disposal after retention, and packing up a municipality that leaves
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role_name);
        END IF;
    END LOOP;
    -- What a role may do by itself comes with CREATE ROLE's defaults: nothing. One that was there before may differ.
    SELECT string_agg(rolname, ', ') INTO role_name FROM pg_roles
        WHERE rolname LIKE 'ayumi\_%'
        AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication OR NOT rolcanlogin);
    IF role_name IS NOT NULL THEN
        RAISE EXCEPTION 'these roles may do too much, or not log in: %', role_name;
    END IF;
END
$$;
