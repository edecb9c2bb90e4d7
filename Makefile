# The daily interface: `make run`, `make test`, `make test-long`, `make check`, `make test-pages`, `make readme`.
# Longer: `make bench` measures speed (QUICK=1: in minutes); `make attack` sends what nobody should;
# `make bench-durability` kills the server ROUNDS times on each database, SEED=… sets the moments.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What starts and kills servers, attacks, measures, or writes by chance: a third of the time for a twentieth of the tests.
LONG := tests/attack tests/backup tests/bench tests/durability tests/history/test_to_the_letter.py \
  $(addprefix tests/exchange/,test_garbled.py test_patching.py test_round_trip.py) \
  $(addprefix tests/deriving/,test_always_true.py test_narrow.py) tests/notices/test_kept.py
# Files in the order that they have: with the largest first, the longest would come last, and one core would wait.
TEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: run test test-long test-pages pictures chromium check readme lock openapi format bench-durability attack bench
.DEFAULT_GOAL := run

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Envanter needs Python 3.11 or newer"'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

run: $(VENV)/run.stamp
	$(BIN)/python -m app serve

# Measuring coverage takes two thirds longer, so that it is asked for: COVERAGE=yes.
test: $(VENV)/dev.stamp
	$(TEST) $(if $(COVERAGE),--cov --cov-report=term:skip-covered) --ignore=tests/pages $(LONG:%=--ignore=%) $(ARGS)

test-long: $(VENV)/dev.stamp
	$(TEST) $(LONG) $(ARGS)

attack: $(VENV)/dev.stamp
	ATTACK=long $(BIN)/python -m pytest -n 2 tests/attack/test_openapi.py $(ARGS)

test-pages: $(VENV)/dev.stamp chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal tests/pages $(ARGS)

pictures: $(VENV)/dev.stamp chromium
	$(BIN)/python -m tools.pictures

chromium:
	@command -v chromium >/dev/null || sh tools/install_chromium.sh

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m app openapi --check
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml

readme: $(VENV)/dev.stamp
	$(BIN)/python -m tools.readme

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench.speed $(if $(QUICK),--quick) $(ARGS)

bench-durability: $(VENV)/dev.stamp
	$(BIN)/python -m bench.durability --rounds $(or $(ROUNDS),50) $(if $(SEED),--seed $(SEED)) $(ARGS)

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

openapi: $(VENV)/run.stamp
	$(BIN)/python -m app openapi

lock: $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet pip-tools
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras --no-emit-index-url --no-emit-find-links -o requirements.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras --no-emit-index-url --no-emit-find-links --extra dev -o requirements-dev.txt pyproject.toml
