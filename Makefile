# Every task of the project by one word. `make` alone prints them.
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
LOCK_FLAGS = --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --no-annotate --quiet \
	--custom-compile-command "make locks"
CATALOGUES = $(wildcard translations/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help venv run test check faults bench translations locks clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Two installations in one folder: to run the product, and (more) to work on it.
.venv/runtime.done: requirements.lock pyproject.toml
	tools/make_venv.sh requirements.lock
	@touch $@

.venv/dev.done: requirements-dev.lock pyproject.toml
	tools/make_venv.sh requirements-dev.lock
	@touch .venv/runtime.done $@

.venv/translations.done: $(CATALOGUES) | .venv/runtime.done
	@if [ -n "$(CATALOGUES)" ]; then $(BIN)/pybabel --quiet compile -d translations; fi
	@touch $@

venv: .venv/dev.done .venv/translations.done ## Make .venv with everything to work on fieldapp

run: .venv/runtime.done .venv/translations.done ## Install, migrate, demo data, web and worker (HOST=, PORT=)
	$(BIN)/fieldapp db upgrade
	$(BIN)/fieldapp run --demo --host $(HOST) --port $(PORT)

test: venv ## All tests, on both engines and in Chromium; lists what was skipped and why
	tools/system_packages.sh
	$(BIN)/python -m pytest -p tests.support.skips --skipped-file=.skipped-tests $(PYTEST)

check: venv ## What must hold besides the tests: style, types, layers, models, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint fieldapp/templates --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/python -m tools.check_models
	$(BIN)/python tools/phone_js.py check
	$(BIN)/fieldapp translations check

faults: venv ## Break the phone on purpose: COUNT= random runs (500), from seed SEED= (1)
	COUNT=$$(( $(or $(COUNT),500) / 2 )) SEED=$(or $(SEED),1) $(BIN)/python -m pytest -s -q \
		tests/browser/faults/test_faults.py -k random_runs

bench: venv ## Measure speed, memory and page weight beside each other in one run
	$(BIN)/python -m bench

translations: venv ## Collect texts from code and templates, renew the .po files
	$(BIN)/fieldapp translations update

locks: ## Renew both requirements files from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml $(LOCK_FLAGS) --upgrade -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev $(LOCK_FLAGS) --upgrade \
		-c requirements.lock -o requirements-dev.lock

clean: ## Remove what was built here; your data in data/ stays
	rm -rf .venv build dist *.egg-info .cache .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis .skipped-tests
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find translations -name '*.mo' -delete
