# The two commands of a newcomer are `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# bjdata's extension, which crossbar's serialisers would load, was built for NumPy 1 and says so at each start.
export PYBJDATA_NO_EXTENSION := 1

.PHONY: install website demo test check reliability bench clean

install: $(VENV)/.installed web/node_modules/.installed

$(VENV)/.installed: requirements.lock setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

website: livetiming/webclient/index.html

livetiming/webclient/index.html: web/node_modules/.installed $(shell find web/src web/public web/index.html web/vite.config.ts -type f 2>/dev/null)
	cd web && npm run --silent build
	touch $@

demo: install website
	$(BIN)/livetiming up --demo

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run --silent check

test: check website
	cd web && npm test --silent
	$(BIN)/pytest -n 2 -m 'not reliability'

reliability: install website
	$(BIN)/pytest -n 2 -m reliability --timeout 3600

bench: install
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build livetiming/webclient web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
