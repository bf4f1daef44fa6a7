# Vigie — « make » lists what can be done.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Hundreds of modules are read by each command and each process of a server: compiled once, not each time.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
DATA   ?= var/demo
HOST   ?= 127.0.0.1
PORT   ?= 8000
SERVE  ?= 1
TERRITORY ?= 85
WORKERS ?= 2
PART   ?= refresh
ROWS   ?= 5000000
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help install install-dev outlines demo real serve test check bench proof reference pins clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Vigie demande Python 3.11 ou plus récent (ici : %s)." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

install: $(VENV)/.installed ## Make .venv with the "vigie" command

install-dev: $(VENV)/.installed-dev ## Add the tools that tests and checks need

outlines: install ## Fetch outlines and centres of communes (IGN, Licence Ouverte) into DATA
	$(BIN)/vigie outlines --data-dir $(DATA)

demo real serve: export VIGIE_PUBLIC_URL ?= http://$(HOST):$(PORT)

demo: outlines ## Simulate département 85, load two months, make accounts and their work, serve (SERVE=0 stops before)
	$(BIN)/vigie simulate --territory $(TERRITORY) --months 2 --format csv --out $(DATA)/simulation --data-dir $(DATA)
	for month in $(DATA)/simulation/20*/; do $(BIN)/vigie refresh --sirene "$$month" --data-dir $(DATA); done
	$(BIN)/vigie status --data-dir $(DATA)
	$(BIN)/vigie journal migrate --data-dir $(DATA)
	$(BIN)/vigie observe portrait departement:$(TERRITORY) --data-dir $(DATA)
	$(BIN)/vigie org demonstration --data-dir $(DATA)
	@if [ "$(SERVE)" != 0 ]; then $(BIN)/vigie serve --host $(HOST) --port $(PORT) --data-dir $(DATA); fi

real: DATA = var/real
real: outlines ## Download, load and serve the official files of TERRITORY (SERVE=0 stops before)
	$(BIN)/vigie download --territory $(TERRITORY) --out $(DATA)/downloads/$(subst :,-,$(TERRITORY)) --data-dir $(DATA)
	$(BIN)/vigie refresh --sirene $(DATA)/downloads/$(subst :,-,$(TERRITORY)) --territory $(TERRITORY) --data-dir $(DATA)
	$(BIN)/vigie status --data-dir $(DATA)
	@if [ "$(SERVE)" != 0 ]; then $(BIN)/vigie serve --host $(HOST) --port $(PORT) --data-dir $(DATA); fi

serve: install ## Serve what is loaded in DATA
	$(BIN)/vigie serve --host $(HOST) --port $(PORT) --data-dir $(DATA)

var/axe.min.js:
	@mkdir -p var/axe
	@if command -v npm >/dev/null; then cd var/axe && npm pack --silent axe-core@4.14.0 >/dev/null 2>&1 \
	  && tar -xzf axe-core-*.tgz package/axe.min.js && mv package/axe.min.js ../axe.min.js; \
	  else echo "npm est absent : les contrôles d’accessibilité axe seront sautés."; fi

test: install-dev var/axe.min.js check ## Install and pass every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=25

check: install-dev ## Style, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: install-dev outlines ## Print speed and memory ratios on 5 M simulated establishments (long, resumable)
	$(BIN)/python -m benchmarks.run --rows $(ROWS)

proof: install-dev var/axe.min.js ## Run one part at its full figure: PART=refresh, search, journal-kills, power-cuts… (benchmarks/proof.py)
	$(BIN)/python -m benchmarks.proof $(PART)

reference: install-dev ## Rebuild the shipped reference tables from the registries (needs npm)
	$(BIN)/python tools/build_reference.py

pins: ## Recompute the pins with hashes (needs uv)
	printf 'hatchling\neditables\n' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml - -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## Remove the environment and the demonstration's data
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache
