#!/bin/sh
# Install the development tools of the extension (axe, frameworks for test pages, web-ext) where npm
# is there. Where it is not, say why; the tests that need them then skip with their reason.
set -u
cd "$(dirname "$0")/.."
if [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; then
    exit 0
fi
if ! command -v npm >/dev/null 2>&1; then
    echo "extension tools: npm is not installed, so axe, framework pages and web-ext lint are skipped"
    exit 0
fi
echo "extension tools: installing what package-lock.json names"
npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=30000 --loglevel=error >/dev/null ||
    echo "extension tools: npm could not install them; tests that need them will be skipped"
exit 0
