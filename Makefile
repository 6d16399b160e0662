# One command each; all of them work on a fresh clone with Python 3.11+, git and make.
.PHONY: demo test check bench run lock install clean

VENV := .venv
PYTHON ?= python3
INSTALLED := $(VENV)/.installed
COMPILE := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url pyproject.toml

demo: install  ## a whole review on this machine: sandbox GitHub, receiver, workers, embedded stores
	@$(VENV)/bin/python -m sandbox.demo $(if $(KEEP),--keep)

test: install  ## all tests; they start what they need and reach nothing outside
	@$(VENV)/bin/python -m pytest -q -n auto $(ARGS)

check: install  ## lint, format, types, floors, words
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache

bench: install  ## tables of speed and cost, measured in one run
	@$(VENV)/bin/python -m benchmarks $(PARTS)

run: install  ## the App: receiver, workers, embedded stores
	@$(VENV)/bin/plumbline serve

install: $(INSTALLED)

$(INSTALLED): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "plumbline needs Python 3.11 or newer: make PYTHON=python3.12")'
	@echo "Installing into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

lock:  ## renew both lock files: hashes, no addresses
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) --group dev -o requirements-dev.lock --upgrade
	@$(COMPILE) -c requirements-dev.lock -o requirements.lock

clean:
	rm -rf $(VENV) .demo .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
