-- What an Ayumi database needs before its first migration, safe to run again. On a managed server, after roles.sql,
-- as the administrator (the GRANT is for one who is no superuser):
--     GRANT ayumi_owner TO CURRENT_USER;
--     CREATE DATABASE ayumi OWNER ayumi_owner ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
--     REVOKE ayumi_owner FROM CURRENT_USER;
-- and then as the owner, who may do all that follows:
--     psql "$AYUMI_DATABASE_URL_OWNER" -v ON_ERROR_STOP=1 -f infra/postgres/database.sql

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'REVOKE TEMPORARY ON DATABASE %I FROM ayumi_staff, ayumi_firm, ayumi_employer, '
        'ayumi_accounts, ayumi_dispatcher, ayumi_operator, ayumi_glass, ayumi_keeper', current_database()
    );
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO ayumi_staff, ayumi_firm, ayumi_employer, '
        'ayumi_accounts, ayumi_worker, ayumi_dispatcher, ayumi_operator, ayumi_glass, ayumi_keeper', current_database()
    );
    -- Who can make a table, be it temporary, can put a trigger on it, and so act from within one. Imports need it.
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO ayumi_worker', current_database());
    EXECUTE format('ALTER DATABASE %I SET timezone TO ''UTC''', current_database());
    -- Under some locales Japanese falls silently out of every trigram search.
    IF show_trgm('公民館') = '{}' THEN
        RAISE EXCEPTION 'this database cannot search Japanese text: create it with LC_CTYPE C.UTF-8';
    END IF;
END
$$;
