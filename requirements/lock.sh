#!/bin/sh
# Pin the requirements of the service and of the tests, with hashes and without any address.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate "$@"
}
compile --extra server --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt
compile --extra server pyproject.toml requirements/build.in -c requirements/dev.txt -o requirements/server.txt
compile --extra server --extra semantic pyproject.toml requirements/bench.in -c requirements/dev.txt -o requirements/bench.txt
compile --extra semantic pyproject.toml requirements/train.in -c requirements/dev.txt -o requirements/train.txt
compile --extra semantic pyproject.toml requirements/train.in requirements/encoder.in -c requirements/train.txt -o requirements/encoder.txt
compile --extra public pyproject.toml requirements/build.in -c requirements/dev.txt -o requirements/public.txt
compile --extra bulk pyproject.toml requirements/build.in requirements/bulk.in -c requirements/dev.txt -o requirements/bulk.txt
compile requirements/docs.in -o requirements/docs.txt
