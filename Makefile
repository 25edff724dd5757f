# Two commands do all the set-up: `make run` starts answering, `make test` passes the tests.

# Any Python from 3.11 on; the first one found that is new enough is used.
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11 python,\
	$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(p))))

# Where to get torch alone from; empty is pip's usual place. On Linux that brings several GB of
# CUDA libraries; with the address of PyTorch's index of CPU builds here, it does not.
TORCH_INDEX ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check lint types format constraints clean

run: $(VENV)/installed  ## build the index if needed, then answer: on Telegram, or here
	@$(BIN)/verbatim run

test: $(VENV)/installed-dev  ## the whole test suite, the real model included
	$(BIN)/python -m pytest

check: lint types  ## the quick part: lint, types, and the tests that need no model
	$(BIN)/python -m pytest -q -n auto -m "not model and not e2e"

lint: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/installed-dev
	$(BIN)/mypy

format: $(VENV)/installed-dev  ## rewrite the code in the house's format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

constraints: $(VENV)/installed-dev  ## choose the newest versions of everything and pin them
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev --extra ray \
		--custom-compile-command "make constraints" --output-file constraints.txt pyproject.toml

clean:  ## drop what was installed and built
	rm -rf $(VENV) .verbatim

# All output goes to stderr and nothing is read from stdin: `make run` may stand in a pipe.
$(VENV)/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Verbatim needs Python 3.11 or newer: install it, or name it with make PYTHON=..." >&2; exit 1; }
	@echo "Installing into $(VENV); the first time this takes a few minutes" >&2
	@$(PYTHON) -m venv $(VENV) </dev/null >&2
	@$(PIP) install -c constraints.txt $(if $(TORCH_INDEX),--no-deps --index-url $(TORCH_INDEX)) torch </dev/null >&2
	@$(PIP) install -c constraints.txt -e . </dev/null >&2
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@$(PIP) install -c constraints.txt -e '.[dev]' </dev/null >&2
	@touch $@
