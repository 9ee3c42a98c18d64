# Ayumi. `make run` starts the product, `make test` proves it. A machine needs Python 3.11+, make and git;
# everything else is installed here, from locks with hashes, into .venv and node_modules.

.DEFAULT_GOAL := help
.PHONY: help run test bench env reset setup setup-dev format lint types imports catalogues migrations browser pooler nginx promtool isolation sbom lock clean
.NOTPARALLEL:

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
# The files of tests run side by side, the tests of a file in one process. Two more than two cores: many wait.
WORKERS ?= 4
# Connections of each role in the pooler that the tests of isolation go through; 0: past it.
POOLER ?= 1
# How large the bench's database is: 1 is a thousand municipalities.
SCALE ?= 1
export PORT
# Some hundred processes read the same code in one `make test`: it is compiled once, whatever a machine is used to.
unexport PYTHONDONTWRITEBYTECODE

help:  ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

# -- everyday ----------------------------------------------------------------

run: setup  ## set up, start everything, print address and logins (PORT=8000); Ctrl-C stops it
	@$(BIN)/python -m infra.start

env:  ## shell lines for the services of a running `make run`: eval "$(make env)"
	@$(PYTHON) -m infra.environment

reset:  ## throw away database, files, mail and logins of this folder
	@$(PYTHON) -m infra.reset

test: setup-dev browser pooler nginx promtool  ## every check there is, in the order of how soon it can fail
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m infra.checks
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

bench: setup  ## measure speed against hand-written floors (SCALE=1, five million records; SCALE=0.02 for a quick look)
	@SCALE=$(SCALE) $(BIN)/python -m infra.bench

# -- one check at a time -----------------------------------------------------

format: setup-dev  ## put the code into its one format
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

lint: setup-dev  ## format, lint and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo

types: setup-dev  ## mypy, strict
	$(BIN)/mypy

isolation: setup-dev pooler  ## the tests of isolation: through pgbouncer with a pool of one; POOLER=0 without
	AYUMI_TEST_POOLER=$(POOLER) $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder tests/isolation

migrations: setup-dev  ## migrate an empty database and compare it with the models
	$(BIN)/python -m infra.migrations

catalogues: setup  ## add new sentences of the code to the catalogues, and compile them
	$(BIN)/python -m infra.catalogues add
	$(BIN)/python -m infra.catalogues compile

# -- setting up --------------------------------------------------------------

setup: $(VENV)/.run node_modules/.made  ## install what `make run` needs
	@$(BIN)/python -m infra.catalogues compile

setup-dev: setup $(VENV)/.dev node_modules/.dev  ## install what `make test` needs on top

browser:  ## install Chromium for the browser tests where it is missing (Debian, Ubuntu)
	@sh infra/browser.sh

pooler:  ## install pgbouncer for the checks that run through it where it is missing (Debian, Ubuntu)
	@sh infra/pooler.sh

sbom: setup-dev  ## write the bills of materials (CycloneDX) of what runs into var/sbom
	@$(BIN)/python -m infra.bill var/sbom

nginx: $(VENV)/.made  ## fetch Debian's nginx for its tests where it is missing (Debian, Ubuntu)
	@sh infra/nginx.sh

promtool: $(VENV)/.made  ## fetch Debian's promtool for the test of the alarms where it is missing (Debian, Ubuntu)
	@sh infra/promtool.sh

lock: $(VENV)/.dev  ## renew the locks from the ranges in requirements*.txt and package.json
	$(BIN)/uv pip compile $(LOCKING) requirements.txt -o requirements.lock
	$(BIN)/uv pip compile $(LOCKING) requirements-dev.txt -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile $(LOCKING) requirements-node.txt -o requirements-node.lock
	$(BIN)/python -m infra.npm install --package-lock-only

# No header and no notes: they would name the registry this machine happens to use.
LOCKING := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

clean:  ## remove what setting up installed (var/ stays; see reset)
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name '*.mo' -delete

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Ayumi needs Python 3.11 or newer; name one: make PYTHON=python3.12 run' >&2; exit 1; }
	@echo 'making $(VENV)'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.lock pyproject.toml
	@echo 'installing what the product needs'
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo 'installing what the checks need'
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.made: package-lock.json .npmrc $(VENV)/.run requirements-node.lock
	@echo 'installing page assets and fonts'
	@command -v npm >/dev/null || $(PIP) install --no-deps --require-hashes -r requirements-node.lock
	@$(BIN)/python -m infra.npm ci --omit=dev --loglevel=error
	@touch $@

node_modules/.dev: node_modules/.made
	@echo 'installing what the checks need of npm'
	@$(BIN)/python -m infra.npm ci --loglevel=error
	@touch node_modules/.made $@
