# Every target sets up what it needs in .venv, which `make clean` removes; other pythons are untouched.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help train page test quick lint format bench freeze clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

train: $(INSTALLED) ## Train a model; pass overrides as ARGS="train.max_minutes=5 model=ctc"
	$(BIN)/python train_transducer.py $(ARGS)

page: $(INSTALLED) ## Build the page of `glissando demo` where its sources changed; brings its own Node
	$(BIN)/python hatch_build.py

test: $(INSTALLED) ## Run every test, the slow ones too; narrow it with ARGS="-k features"
	-$(BIN)/python hatch_build.py
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

quick: lint ## The inner loop, under two minutes: lint, and every test that is not slow
	-$(BIN)/python hatch_build.py
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile -m "not slow" $(ARGS)

lint: $(INSTALLED) ## Check style, types and the dependency rule
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(INSTALLED) ## Sort imports and lay the code out
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INSTALLED) ## Run every benchmark
	set -e; for script in $(filter-out benchmarks/report.py benchmarks/plain_search.py, $(wildcard benchmarks/*.py)); do \
		$(BIN)/python $$script; done

freeze: $(INSTALLED) ## Write the versions that .venv holds to constraints.txt
	{ sed '/^$$/q' constraints.txt; $(BIN)/pip freeze --exclude-editable | sed 's/+cpu$$//'; } > .venv/frozen
	mv .venv/frozen constraints.txt

clean: ## Remove .venv and every cache; runs, data and models stay
	rm -rf web/dist web/node_modules
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find src tests benchmarks tools -name __pycache__ -prune -exec rm -rf {} +

# What makes installing quick (docs/log.md): a newer pip than Python brings, no byte-compiling of
# 170 packages of which a run imports a part, and leave to keep what an import compiled.
unexport PYTHONDONTWRITEBYTECODE

# The workers share the cores; a thread pool in each would only make them fight.
test quick: export OMP_NUM_THREADS = 1
test quick: export NUMBA_NUM_THREADS = 1

$(INSTALLED): pyproject.toml constraints.txt hatch_build.py src/glissando/decoding/kernel.c
	@echo "Installing glissando into .venv; the first time takes some minutes"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet 'pip>=26'
	$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable '.[dev]'
	touch $@
