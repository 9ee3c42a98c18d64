#!/bin/sh
# A Chromium for the browser tests, from Debian's or Ubuntu's packages where there is none.
set -eu

if command -v chromium >/dev/null; then
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "The browser tests need a program called chromium; install it by the means of this system" >&2
    exit 1
fi

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "The browser tests need Chromium: sudo apt-get install chromium fonts-noto-cjk" >&2
        exit 1
    fi
    as_root="sudo -n"
fi

echo "installing Chromium for the browser tests (some minutes, once)"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# The pages bring their own letters; the fonts here are for what the browser itself draws.
$as_root apt-get install -y -qq --no-install-recommends chromium chromium-sandbox fonts-noto-cjk >/dev/null

if ! command -v chromium >/dev/null; then
    echo "apt-get installed no program called chromium; on Ubuntu: sudo snap install chromium" >&2
    exit 1
fi
