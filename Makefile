# `make` lists what there is. Works with GNU make 3.81 and newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp

# Found before .venv/bin comes first on PATH: a virtual environment is not made out of itself.
BASE_PYTHON := $(shell command -v "$(PYTHON)" 2>/dev/null)

# nbgrader calls `alembic` and `jupyter` by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test browser screenshots lint format guides bench lock clean distclean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## make .venv with everything pinned (PYTHON=python3.12 chooses another Python)

$(STAMP): requirements.txt pyproject.toml
	@test -n "$(BASE_PYTHON)" || { \
	  echo "make: no '$(PYTHON)' found: install Python 3.11 or newer, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(BASE_PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: $(BASE_PYTHON) is $$("$(BASE_PYTHON)" -V 2>&1), 3.11 or newer is needed: say make PYTHON=python3.11" >&2; exit 1; }
	@"$(BASE_PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: $(BASE_PYTHON) has no venv or no ensurepip: install them (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@echo "Setting up $(VENV); the first time takes a minute or two."
	@"$(BASE_PYTHON)" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## build, release, grade and give back all units for a sample class
	@$(BIN)/lossgrad demo

test: setup browser ## run the tests, in parallel (PYTEST_ARGS="-k mse" chooses)
	$(BIN)/python -m pytest -n auto $(PYTEST_ARGS)

browser: setup
	@$(BIN)/python -m tests.browser.chromium

screenshots: setup browser ## take the pictures of README.md and docs/ anew
	$(BIN)/python -m pytest tests/browser --screenshots docs/images

lint: setup ## check style and spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

format: setup ## put the code into shape
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

guides: setup ## follow the guides in docs/ and write what their commands print into them
	LOSSGRAD_GUIDES=write $(BIN)/python -m pytest -n auto tests/test_docs.py

bench: setup ## measure against stock nbgrader
	$(BIN)/python -m benchmarks

lock: ## pin what pyproject.toml asks for (LOCK_ARGS=--upgrade takes the newest)
	@command -v uv >/dev/null || { \
	  echo "make: 'make lock' needs uv: say $(BIN)/python -m pip install uv" >&2; exit 1; }
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --fork-strategy fewest \
	  --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  --quiet --output-file requirements.txt $(LOCK_ARGS)

clean: ## remove the demo's classroom/ (never a real one), build products and caches
	@if [ -e classroom/.made-by-demo ] || [ ! -e classroom/gradebook.db ]; then rm -rf classroom; \
	else echo "make: classroom/ holds a real class and stays; remove it by hand if you mean it"; fi
	rm -rf build dist course/_build .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -path ./$(VENV) -prune -o -path ./.git -prune -o \
	  -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

distclean: clean ## remove .venv too
	rm -rf $(VENV)
