#!/bin/sh
# Install Chromium and Firefox for the browser tests through the system's packages, where that can
# be done without asking. Where it cannot, say why; the browser tests then skip with their reason.
set -u
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium"
command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || missing="$missing firefox-esr"
# A screen and a keyboard for what Chromium asks outside its pages.
command -v Xvfb >/dev/null 2>&1 || missing="$missing xvfb"
command -v xdotool >/dev/null 2>&1 || missing="$missing xdotool"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "browser tests: not root, so these are not installed:$missing (apt-get install $missing)"
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "browser tests: no apt-get here, so these are not installed: $missing"
    exit 0
fi
echo "browser tests: installing $missing and fonts"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update || echo "browser tests: apt-get update failed; trying with what is known"
# shellcheck disable=SC2086  # one word a package
apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
    $missing fonts-dejavu fonts-liberation fonts-noto-core >/dev/null ||
    echo "browser tests: could not install $missing; those tests will be skipped"
exit 0
