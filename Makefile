# Every target works from a fresh clone: it makes .venv, installs the pinned versions, and fetches
# what pages and tests need. Stamps in .venv and var/ keep the second run quick.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
DEMO_ARGS ?=
PYTEST_ARGS ?=
WORKERS ?= 2

BIN := .venv/bin
PIP := PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet
ASSET_LISTS := $(wildcard core/loopline/web/assets/* metadata/loopline_metadata/*/assets/* plugins/*/*/assets/*)

# Modules are compiled once: the demo and the tests start many processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-deep bench lint docs install assets browser reference format constraints clean

demo: .venv/.assets
	@$(BIN)/loopline demo --dir var/demo --port $(PORT) $(DEMO_ARGS)

test: .venv/.dev .venv/.assets browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

test-deep: export LOOPLINE_TEST_DEEP = 1
test-deep: test

bench: .venv/.bench .venv/.assets
	$(BIN)/python -m pytest tests/benchmarks -p no:xdist -s --timeout 3600 --basetemp var/bench $(PYTEST_ARGS)

lint: .venv/.dev
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	PATH=$(BIN):$$PATH lint-imports --no-logo
	$(BIN)/codespell core metadata plugins tests docs README.md CONTRIBUTING.md CHANGELOG.md
	$(BIN)/python -m pytest -q --no-header tests/contract/test_sizes.py tests/contract/test_shelves.py

docs: .venv/.dev
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -b html docs docs/_build

reference: .venv/.dev
	$(BIN)/python tests/kit/error_codes.py
	$(BIN)/python tests/kit/reference_pages.py

format: .venv/.dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

install: .venv/.dev
assets: .venv/.assets
browser: var/.browser

.venv/.python:
	@test -n "$(PYTHON)" || { echo "Loopline needs Python 3.11 or newer on the PATH"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.base: .venv/.python pyproject.toml constraints.txt
	$(PIP) --editable ".[assets]"
	@touch $@

.venv/.dev: .venv/.base
	$(PIP) --editable ".[test,dev,docs]"
	@touch $@

.venv/.bench: .venv/.dev
	$(PIP) --editable ".[bench]" || echo "Django does not install here: measured without it"
	@touch $@

.venv/.assets: .venv/.base $(ASSET_LISTS)
	$(BIN)/loopline assets
	@touch $@

var/.browser: .venv/.dev $(wildcard tests/browser/assets/*)
	$(BIN)/python tests/kit/browser.py
	@touch $@

constraints: .venv/.dev
	$(BIN)/python -m pip freeze --exclude-editable --exclude pip --exclude setuptools \
	  | grep == > constraints.txt

clean:
	rm -rf .venv var docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
