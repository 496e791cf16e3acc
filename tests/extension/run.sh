#!/bin/sh
# Run the unit tests of the extension's scripts with Node's own test runner; no packages needed.
set -u
cd "$(dirname "$0")/../.."
if ! command -v node >/dev/null 2>&1; then
    echo "extension unit tests: skipped, Node.js is not installed"
    exit 0
fi
if [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" != true ]; then
    echo "extension unit tests: skipped, Node.js 20 or newer is needed, this is $(node --version)"
    exit 0
fi
exec node --test tests/extension/*.test.js
