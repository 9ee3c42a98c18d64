#!/bin/sh
# Debian's promtool for the test that lets it judge the alarms, where there is none: that one program out of the package
# of Prometheus, put into .venv.
set -eu

folder=.venv/debian
if command -v promtool >/dev/null || [ -x "$folder/usr/bin/promtool" ]; then
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "A test needs promtool (of Prometheus); install it by the means of this system" >&2
    exit 1
fi

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "A test needs promtool: sudo apt-get install prometheus" >&2
        exit 1
    fi
    as_root="sudo -n"
fi

echo "fetching promtool for its test"
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
$as_root apt-get update -qq
(cd "$fetched" && apt-get download -qq -o APT::Sandbox::User=root prometheus)
mkdir -p "$folder"
dpkg --fsys-tarfile "$fetched"/prometheus_*.deb | tar --extract --directory "$folder" ./usr/bin/promtool

if ! "$folder/usr/bin/promtool" --version >/dev/null 2>&1; then
    echo "promtool was unpacked into $folder and does not run there; install it: sudo apt-get install prometheus" >&2
    exit 1
fi
