#!/bin/sh
# The pooler that stands between many processes and one database server, from Debian's or Ubuntu's packages where it
# is missing: some checks run through it.
set -eu

PATH="$PATH:/usr/sbin"  # where Debian keeps it

if command -v pgbouncer >/dev/null; then
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "Some checks need a program called pgbouncer; install it by the means of this system" >&2
    exit 1
fi

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "Some checks need pgbouncer: sudo apt-get install pgbouncer" >&2
        exit 1
    fi
    as_root="sudo -n"
fi

echo "installing pgbouncer for the checks"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends pgbouncer >/dev/null
command -v pgbouncer >/dev/null
