#!/bin/sh
# Debian's nginx for the tests that ask it, where there is none: unpacked into .venv, so that no service begins to run.
set -eu

folder=.venv/debian
if command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || [ -x "$folder/usr/sbin/nginx" ]; then
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "Some tests need nginx; install it by the means of this system" >&2
    exit 1
fi

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "Some tests need nginx: sudo apt-get install nginx" >&2
        exit 1
    fi
    as_root="sudo -n"
fi

echo "fetching nginx for its tests"
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
$as_root apt-get update -qq
# Only what a bare system may lack of nginx's libraries is installed; nginx itself is unpacked.
$as_root apt-get install -y -qq --no-install-recommends libpcre2-8-0 openssl >/dev/null
(cd "$fetched" && apt-get download -qq -o APT::Sandbox::User=root nginx nginx-common)
for package in "$fetched"/*.deb; do
    dpkg -x "$package" "$folder"
done

if ! "$folder/usr/sbin/nginx" -v 2>/dev/null; then
    echo "nginx was unpacked into $folder and does not run there; install it: sudo apt-get install nginx" >&2
    exit 1
fi
