#!/bin/sh
# A Chromium for the browser tests, from Debian's or Ubuntu's packages where there is none.
# Debian has one that draws pages and no windows around them. It needs a quarter less of the machine, so it is
# installed also beside a Chromium that is there; where it cannot be, that one is good enough.
set -eu

if command -v chromium-headless-shell >/dev/null; then
    exit 0
fi

there=
if command -v chromium >/dev/null; then
    there=yes
    if ! command -v dpkg-query >/dev/null || ! dpkg-query -W chromium-common >/dev/null 2>&1; then
        exit 0 # not from Debian's packages
    fi
fi

if ! command -v apt-get >/dev/null; then
    echo "The browser tests need a program called chromium; install it by the means of this system" >&2
    exit 1
fi

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        if [ "$there" ]; then
            exit 0
        fi
        echo "The browser tests need Chromium: sudo apt-get install chromium-headless-shell fonts-noto-cjk" >&2
        exit 1
    fi
    as_root="sudo -n"
fi

export DEBIAN_FRONTEND=noninteractive
install="$as_root apt-get install -y -qq --no-install-recommends"

if [ "$there" ]; then
    echo "installing Chromium without windows for the browser tests"
    # Of the version that is there, so that nothing else changes.
    shell="chromium-headless-shell=$(dpkg-query -W -f '${Version}' chromium-common)"
    $install "$shell" >/dev/null 2>&1 \
        || { $as_root apt-get update -qq && $install "$shell"; } >/dev/null 2>&1 \
        || echo "there is none of this version; the tests take Chromium with windows"
    exit 0
fi

echo "installing Chromium for the browser tests (some minutes, once)"
$as_root apt-get update -qq
# The pages bring their own letters; the fonts here are for what the browser itself draws.
$install chromium-headless-shell fonts-noto-cjk >/dev/null 2>&1 \
    || $install chromium chromium-sandbox fonts-noto-cjk >/dev/null

if ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null; then
    echo "apt-get installed no program called chromium; on Ubuntu: sudo snap install chromium" >&2
    exit 1
fi
