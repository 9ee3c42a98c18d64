#!/bin/sh
# Make what a trial in containers needs to be told in secret, once: random passwords and keys, and a certificate for
# localhost. Files that are there stay as they are.
set -eu
umask 077

cd "$(dirname "$0")"
mkdir -p secrets
cd secrets

word() { openssl rand -hex 24; }
keep() { [ -s "$1" ] || cat > "$1"; }

if [ ! -s passwords.sql ]; then
    for role in owner accounts dispatcher employer firm glass keeper operator staff worker; do
        password=$(word)
        echo "ALTER ROLE ayumi_$role PASSWORD '$password';"
        upper=$(echo "$role" | tr a-z A-Z)
        echo "postgresql://ayumi_$role:$password@postgres/ayumi" > "AYUMI_DATABASE_URL_$upper"
    done > passwords.sql
    password=$(word)
    echo "ALTER ROLE backup_of_ayumi PASSWORD '$password';" >> passwords.sql
    echo "postgresql://backup_of_ayumi:$password@postgres/ayumi" > AYUMI_BACKUP_DATABASE_URL
fi
word | keep postgres
echo "ayumi:$(openssl rand -base64 32)" | keep objects_key
word | keep AYUMI_SECRET_KEY
openssl rand -base64 32 | tr '+/' '-_' | keep AYUMI_JOURNAL_KEY
echo "smtp://mail.invalid:25" | keep AYUMI_SMTP_URL

if [ ! -s valkey.conf ]; then
    password=$(word)
    printf 'requirepass %s\nappendonly yes\nmaxmemory-policy noeviction\ndir /data\n' "$password" > valkey.conf
    echo "redis://:$password@valkey:6379/0" > AYUMI_REDIS_URL
fi
if [ ! -s objects ]; then
    word > objects_password
    printf '[default]\naws_access_key_id = ayumi\naws_secret_access_key = %s\n' "$(cat objects_password)" > objects
fi
if [ ! -s key.pem ]; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
        -keyout key.pem -out certificate.pem 2>/dev/null
fi
# Containers read their secrets as users that own nothing here; the folder itself stays closed to everybody else.
chmod 0444 ./*
echo "secrets are in $(pwd); write your mail server's address into AYUMI_SMTP_URL, and your public backup key into settings.env"
