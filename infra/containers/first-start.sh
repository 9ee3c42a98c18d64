#!/bin/sh
# Once, when the database's volume is empty: roles with their passwords, the database, what it needs before migrations.
set -eu

ask() { psql --username postgres --no-psqlrc --set ON_ERROR_STOP=1 --quiet "$@"; }

ask --file /ayumi/roles.sql
ask --file /ayumi/backup.sql
ask --file /run/secrets/passwords
ask --command "CREATE DATABASE ayumi OWNER ayumi_owner ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0"
ask --dbname ayumi --command 'SET ROLE ayumi_owner' --file /ayumi/database.sql
echo 'host replication backup_of_ayumi all scram-sha-256' >> "$PGDATA/pg_hba.conf"
