#!/bin/sh
# Lint the packed add-on for Firefox with the linter of its store; errors fail, warnings are shown.
set -u
cd "$(dirname "$0")/.."
if [ ! -x node_modules/.bin/web-ext ]; then
    echo "web-ext is not installed, so the extension was not linted"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])' "$(ls -t "$1"/contextlib-news-*-firefox.zip | head -1)" "$folder"
exec node_modules/.bin/web-ext lint --source-dir "$folder" --no-config-discovery
