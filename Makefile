# Needs make, git and Python 3.11; the targets install everything else, with hashes.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8501
UV ?= uv==0.13.*
UPGRADE ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet $(UPGRADE) --universal --generate-hashes \
	--python-version 3.11 --no-emit-index-url --custom-compile-command "make lock"

.PHONY: help app test lint types unit browser chromium check-long check-servers local-llm lock \
	clean

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

app: .venv/.llm ## start the dashboard on this machine
	@echo "Tuneworth: http://$(HOST):$(PORT)  (Ctrl+C stops it)"
	@exec $(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)

# One recipe instead of prerequisites: the quick checks come first also under `make -j`, and the
# browser is installed while they run.
test: .venv/.dev ## everything that must pass before a change goes in (at most 20 minutes)
	@$(MAKE) --no-print-directory -j3 --output-sync=target lint types chromium
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory browser

lint: .venv/.dev ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/.dev ## mypy, strict
	@$(BIN)/mypy

# By default files with few tests come last, and the slowest are among those.
unit: .venv/.dev ## unit and page tests, a file at a time on each of two cores
	@$(BIN)/pytest tests -m "not browser and not long and not servers" -n 2 --dist loadfile \
		--no-loadscope-reorder --session-timeout=900 --durations=20

browser: .venv/.dev chromium ## tests in a real browser
	@$(BIN)/pytest tests/browser -m browser --session-timeout=540

chromium: ## install the browser that the tests drive (Debian)
	@.ci/debian.sh chromium chromium fonts-dejavu-core fonts-noto-color-emoji

check-long: .venv/.dev chromium ## the long checks; they write their tables to benchmarks/
	@$(BIN)/pytest tests -m long --timeout=3600

check-servers: .venv/.dev .venv/.server .venv/.local-llm chromium ## tests against a throw-away PostgreSQL and a local language model
	@.ci/debian.sh 'ls /usr/lib/postgresql/*/bin/initdb' postgresql
	@PYTHON=$(BIN)/python tests/servers/with_postgres.sh $(BIN)/pytest tests -m servers

local-llm: .venv/.runtime .venv/.local-llm ## serve a small language model on this machine
	@$(BIN)/python -m modelling.text.local

lock: .venv/bin/python ## recompile the lock files (UPGRADE=--upgrade takes newer versions)
	@$(PIP) install '$(UV)'
	@for name in requirements requirements-dev requirements-server requirements-llm; do \
		$(COMPILE) $$name.in -o $$name.txt; \
	done
	@$(COMPILE) --no-deps requirements-local-llm.in -o requirements-local-llm.txt

clean: ## remove the environment and every cache; workspaces stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian splits ensurepip off python3.11, and a failed attempt leaves half a folder behind.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 is needed; name it with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@.ci/debian.sh '$(PYTHON) -c "import ensurepip"' python3.11-venv
	@$(PYTHON) -m venv --clear .venv

# The stamps hold the time of the last install: a lock file that changed since is installed again.
# LightGBM's wheel does not carry the OpenMP library.
.venv/.runtime: requirements.txt | .venv/bin/python
	@$(PIP) install --require-hashes -r requirements.txt
	@.ci/debian.sh '$(BIN)/python -c "import lightgbm"' libgomp1
	@touch $@

# The tests speak to a provider on loopback, so they need what speaks to providers.
.venv/.dev: requirements-dev.txt .venv/.llm
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.llm: requirements-llm.txt .venv/.runtime
	@$(PIP) install --require-hashes -r requirements-llm.txt
	@touch $@

.venv/.local-llm: requirements-local-llm.txt .venv/bin/python
	@$(PIP) install --no-deps --require-hashes -r requirements-local-llm.txt
	@touch $@

.venv/.server: requirements-server.txt .venv/.runtime
	@$(PIP) install --require-hashes -r requirements-server.txt
	@touch $@
