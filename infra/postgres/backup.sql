-- The role that takes base backups: it may copy the server's files, and read no table by asking. Run once as an
-- administrator, safe to run again; then give it a password with psql's \password, and a line in pg_hba.conf:
--     hostssl replication backup_of_ayumi <address of the host that takes backups>/32 scram-sha-256

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'backup_of_ayumi') THEN
        CREATE ROLE backup_of_ayumi LOGIN REPLICATION;
    END IF;
END
$$;
