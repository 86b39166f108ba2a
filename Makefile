# What every target does is said by `make help`. Works as root and as a normal user; nothing outside this folder changes.

PYTHON ?= python3
BIN    := .venv/bin
DONE   := .venv/done
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes
SOURCES := $(shell find web docs -name node_modules -prune -o -type f -print 2>/dev/null) mkdocs.yml hatch_build.py

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo test check simulate simulate-long simulate-all mutants crashes-long api-long certify-long fuzz-long bench bench-isolation generate docs lock clean
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 24

setup: $(DONE)/pages ## Only install: .venv with the command `croupier`, and the pages

demo: setup ## Start the platform and a demo casino, and print the links
	@exec $(BIN)/croupier demo $(DEMO)

test: setup check ## Install what is needed and pass the whole test suite
	@echo "[croupier] tests"
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile $(TESTS)
	$(if $(TESTS),,@echo "[croupier] simulation: 300 seeds, 2 to 5 minutes")
	$(if $(TESTS),,$(BIN)/python -m croupier.simulation)

check: setup $(DONE)/dev ## Style, types, import layers, the pages' own checks, freshness of generated files
	@echo "[croupier] ruff";         $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@echo "[croupier] mypy";         $(BIN)/mypy --no-error-summary
	@echo "[croupier] import layers"; $(BIN)/lint-imports --no-logo >$(DONE)/layers.txt || { cat $(DONE)/layers.txt; exit 1; }
	@echo "[croupier] generated files"; $(BIN)/python -m croupier.main.generate --check
	@echo "[croupier] pages";        $(BIN)/python hatch_build.py npm run --silent check

simulate: setup ## Money under fire: the real code under seeded faults, in virtual time
	$(BIN)/python -m croupier.simulation $(ARGS)

simulate-long: setup ## The same without end, for at most an hour
	$(BIN)/python -m croupier.simulation --long $(ARGS)

simulate-all: setup ## One round of each game kind, and a free one, under every placement of up to three faults
	$(BIN)/python -m croupier.simulation.exhaustive --faults 3 $(ARGS)

crashes-long: setup $(DONE)/dev ## Kill -9 at every crash point, TIMES times each (default 100): about 3 hours
	CROUPIER_TEST_CRASHES=$(or $(TIMES),100) $(BIN)/python -m pytest tests/crashes/test_points.py --timeout 36000 $(ARGS)

api-long: setup $(DONE)/dev ## Every call of the API against its own specification, EXAMPLES times and more (default 400): half an hour
	CROUPIER_TEST_API_EXAMPLES=$(or $(EXAMPLES),400) $(BIN)/python -m pytest -s tests/api/test_against_the_specification.py $(ARGS)

certify-long: setup $(DONE)/dev ## Every rule of croupier certify against every bug, in every API, and RUNS correct runs (default 100): hours
	CROUPIER_TEST_CERTIFY_RUNS=$(or $(RUNS),100) $(BIN)/python -m pytest tests/conformance/test_reference_wallet.py --timeout 36000 -k no_run $(ARGS)
	CROUPIER_TEST_MATRIX=all $(BIN)/python -m pytest tests/conformance/test_bugs.py --timeout 7200 $(ARGS)

fuzz-long: setup $(DONE)/dev ## Mutations of real bytes against every reader of what comes from outside, for MINUTES (default 10); finds go to .fuzz
	PYTHONPATH=tests $(BIN)/python -m fuzz.run --minutes $(or $(MINUTES),10) $(ARGS)

mutants: setup $(DONE)/dev ## Known mistakes, one at a time: the simulator, or the named test, must notice each
	PYTHONPATH=tests $(BIN)/python -m simulation.hunt
	$(BIN)/python -m croupier.main.generate

bench: setup $(DONE)/dev ## Throughput and latency of rounds on this machine
	$(BIN)/python -m benchmarks $(ARGS)

bench-isolation: setup $(DONE)/dev ## Ten operators, one with an ill wallet: what the other nine notice (5 minutes)
	$(BIN)/python -m benchmarks.isolation $(ARGS)

generate: setup $(DONE)/dev ## Write openapi.json, the front end's types, the guide's generated pages and the SDKs' vectors anew
	$(BIN)/python -m croupier.main.generate
	PYTHONPATH=tests:sdk/python/src $(BIN)/python -m wallet_sdk.vectors
	$(BIN)/python hatch_build.py npm run --silent api

docs: setup ## Build the guide alone, quickly, while writing it
	$(BIN)/python -m zensical build --strict

lock: setup ## Resolve all dependencies anew and write the lock files
	$(BIN)/python -m pip --quiet install pip-tools
	rm -f requirements.lock requirements-build.lock requirements-dev.lock
	$(call compile,t["project"]["dependencies"],requirements.lock)
	$(call compile,t["build-system"]["requires"],requirements-build.lock,-c requirements.lock)
	$(call compile,t["dependency-groups"]["dev"],requirements-dev.lock,-c requirements.lock -c requirements-build.lock)

compile = $(BIN)/python -c 'import tomllib; t = tomllib.load(open("pyproject.toml", "rb")); print(*$(1), sep="\n")' | $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
  --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(3) -o $(2) -

clean: ## Remove everything that was made here, except the demo's data
	rm -rf .venv web/node_modules src/croupier/web dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .fuzz

# ── How .venv comes to be; each step leaves a file, so that a second run starts nothing ──────────────────────────────

$(DONE)/venv:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Install Python 3.11 or newer (Debian, Ubuntu: apt install python3 python3-venv)."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1). Install one and say: make PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Install it (Debian, Ubuntu: apt install python3-venv)."; exit 2; }
	@echo "[croupier] making .venv with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv .venv
	@mkdir -p $(DONE) && touch $@

$(DONE)/runtime: requirements.lock requirements-build.lock | $(DONE)/venv
	@echo "[croupier] installing what croupier needs (about a minute the first time)"
	@$(PIP) -r requirements.lock -r requirements-build.lock
	@touch $@

# The editable install also builds the pages, through the build hook.
$(DONE)/package: pyproject.toml $(DONE)/runtime
	@echo "[croupier] installing croupier itself, building its pages"
	@$(BIN)/python hatch_build.py
	@$(BIN)/python -m pip --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

$(DONE)/pages: $(SOURCES) $(DONE)/package
	@$(BIN)/python hatch_build.py
	@touch $@

$(DONE)/dev: requirements-dev.lock web/package-lock.json $(DONE)/package
	@echo "[croupier] installing what checks and tests need"
	@$(PIP) -r requirements-dev.lock
	@$(BIN)/python hatch_build.py --dev
	@touch $@
