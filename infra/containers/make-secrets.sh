#!/bin/sh
# Make what a trial in containers needs to be told in secret, once: random passwords and keys, and an authority
# with a certificate for each service: nothing is spoken without TLS, also between containers. Files that are there stay as they are.
set -eu
umask 077

cd "$(dirname "$0")"
mkdir -p secrets
cd secrets

proved='sslmode=verify-full&sslrootcert=/run/secrets/authority'
word() { openssl rand -hex 24; }
keep() { [ -s "$1" ] || cat > "$1"; }

if [ ! -s passwords.sql ]; then
    for role in owner accounts dispatcher employer firm glass keeper operator staff worker; do
        password=$(word)
        echo "ALTER ROLE ayumi_$role PASSWORD '$password';"
        upper=$(echo "$role" | tr a-z A-Z)
        echo "postgresql://ayumi_$role:$password@postgres/ayumi?$proved" > "AYUMI_DATABASE_URL_$upper"
    done > passwords.sql
    password=$(word)
    echo "ALTER ROLE backup_of_ayumi PASSWORD '$password';" >> passwords.sql
    echo "postgresql://backup_of_ayumi:$password@postgres/ayumi?$proved" > AYUMI_BACKUP_DATABASE_URL
fi
word | keep postgres
echo "ayumi:$(openssl rand -base64 32)" | keep objects_key
word | keep AYUMI_SECRET_KEY
word | keep AYUMI_METRICS_TOKEN
touch AYUMI_OLD_SECRET_KEYS AYUMI_DATABASE_URL_REPORTS
openssl rand -base64 32 | tr '+/' '-_' | keep AYUMI_JOURNAL_KEY
echo "smtp://mail.invalid:25" | keep AYUMI_SMTP_URL

if [ ! -s valkey.conf ]; then
    password=$(word)
    cat > valkey.conf <<END
port 0
tls-port 6379
tls-auth-clients no
tls-ca-cert-file /run/secrets/authority
tls-cert-file /run/secrets/valkey_certificate
tls-key-file /run/secrets/valkey_key
requirepass $password
appendonly yes
maxmemory-policy noeviction
dir /data
END
    echo "rediss://:$password@valkey:6379/0?ssl_ca_certs=/run/secrets/authority" > AYUMI_REDIS_URL
fi
if [ ! -s objects ]; then
    word > objects_password
    printf '[default]\naws_access_key_id = ayumi\naws_secret_access_key = %s\n' "$(cat objects_password)" > objects
fi
if [ ! -s authority.pem ]; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 825 -subj "/CN=Ayumi on this machine" \
        -addext keyUsage=critical,keyCertSign -keyout authority.key -out authority.pem 2>/dev/null
    for name in localhost postgres valkey objects; do
        openssl req -newkey rsa:2048 -nodes -subj "/CN=$name" -keyout "$name.key" -out "$name.csr" 2>/dev/null
        printf 'subjectAltName=DNS:%s\n' "$name" > "$name.ext"
        openssl x509 -req -in "$name.csr" -CA authority.pem -CAkey authority.key -CAcreateserial -days 825 \
            -extfile "$name.ext" -out "$name.pem" 2>/dev/null
        rm "$name.csr" "$name.ext"
    done
    rm -f authority.key ./*.srl  # nobody can make another one
fi
# Containers read their secrets as users that own nothing here; the folder itself stays closed to everybody else.
chmod 0444 ./*
echo "secrets are in $(pwd); write your mail server's address into AYUMI_SMTP_URL, and your public backup key into settings.env"
