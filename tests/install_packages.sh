#!/bin/sh
# Install what tests drive beside the project, through the system's packages, where that can be done
# without asking: browsers, a screen and a keyboard for them, the proxy and the store of many
# machines, the linter of shell scripts. Where it cannot, say why; those tests then skip with their
# reason.
set -u
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium"
command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || missing="$missing firefox-esr"
# A screen and a keyboard for what Chromium asks outside its pages.
command -v Xvfb >/dev/null 2>&1 || missing="$missing xvfb"
command -v xdotool >/dev/null 2>&1 || missing="$missing xdotool"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
command -v redis-server >/dev/null 2>&1 || command -v valkey-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v shellcheck >/dev/null 2>&1 || missing="$missing shellcheck"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "tests: not root, so these are not installed:$missing (apt-get install $missing)"
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "tests: no apt-get here, so these are not installed: $missing"
    exit 0
fi
echo "tests: installing $missing and fonts"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update || echo "tests: apt-get update failed; trying with what is known"
# Started by the tests alone, on ports of their own: what is installed shall not start by itself.
policy=/usr/sbin/policy-rc.d
[ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=yes; }
# shellcheck disable=SC2086  # one word a package
apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
    $missing fonts-dejavu fonts-liberation fonts-noto-core >/dev/null ||
    echo "tests: could not install $missing; those tests will be skipped"
[ -z "${made-}" ] || rm -f "$policy"
exit 0
