#!/bin/sh
# Compare the pinned requirements with the published advisories. Exits 1 where one is affected, and
# 0 with the reason where the advisories cannot be reached.
set -eu
cd "$(dirname "$0")/.."
[ -x build/audit-venv/bin/pip-audit ] || {
    python3 -m venv build/audit-venv
    build/audit-venv/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
for file in requirements/server.txt requirements/dev.txt; do
    if build/audit-venv/bin/pip-audit --disable-pip --require-hashes --progress-spinner off -r "$file" >"$log" 2>&1; then
        echo "$file: no known vulnerability"
    elif grep -qiE "vulnerabilit(y|ies) in" "$log"; then
        cat "$log"
        status=1
    else
        echo "$file: not checked, the advisories cannot be reached: $(tail -n 1 "$log" | cut -c 1-200)"
    fi
done
exit "$status"
