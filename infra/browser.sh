#!/bin/sh
# A Chromium for the browser tests, from Debian's or Ubuntu's packages where there is none.
# AYUMI_CHROMIUM names another one.
set -eu

chromium=${AYUMI_CHROMIUM:-/usr/bin/chromium}
if [ -x "$chromium" ]; then
    exit 0
fi

if [ -n "${AYUMI_CHROMIUM:-}" ]; then
    echo "AYUMI_CHROMIUM=$AYUMI_CHROMIUM is no program" >&2
    exit 1
fi

if ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium: install it, or name one with AYUMI_CHROMIUM=/path/to/chromium" >&2
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

if [ ! -x "$chromium" ]; then
    echo "Chromium was installed, but not as $chromium; name it with AYUMI_CHROMIUM" >&2
    exit 1
fi
