# make          lists the targets
# make lab      opens the course            (COURSE_LANG=fr make lab: in French)
# make test     runs every check
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := COURSE_LANG=en CMLIB_PROGRESS=off $(BIN)/python -m pytest
PIP := $(BIN)/python -m pip install --disable-pip-version-check --require-hashes --progress-bar on

.PHONY: help
help: ## List the targets
	@echo "make lab    open the course in JupyterLab (COURSE_LANG=fr for French)"
	@echo "make test   install what the tests need and run them all"
	@echo
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | sort | expand -t 16

# --- installation: each stamp is made again when the lock changes ---------------------------

$(BIN)/python:
	@echo "Creating the environment in $(VENV) ..."
	@$(PYTHON) tools/check_python.py
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.lab: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the course (some minutes the first time) ..."
	@$(PIP) -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.lab
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements-test.lock
	@touch $@

$(VENV)/.spark: requirements-scale.lock $(VENV)/.test
	@echo "Installing PySpark ..."
	@$(PIP) -r requirements-scale.lock
	@touch $@

# --- use -----------------------------------------------------------------------------------

.PHONY: lab
lab: $(VENV)/.lab ## Open the course in JupyterLab
	@$(BIN)/python tools/open_lab.py

.PHONY: test
test: lint pytest notebooks ## Run every check: style, types, tests, notebooks

.PHONY: lint
lint: $(VENV)/.test ## Check style, types and messages
	@echo "Checking style, types and messages ..."
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@for file in course/*/questions.py; do $(BIN)/mypy --no-error-summary $$file || exit 1; done
	@$(BIN)/python tools/messages.py --check

.PHONY: format
format: $(VENV)/.test ## Put the code into the style that lint checks
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: pytest
pytest: $(VENV)/.test ## Run the tests of the package and of the course
	@echo "Running the tests ..."
	@$(PYTEST) -n auto -m "not spark and not browser" cmlib cmsim tests course

.PHONY: notebooks
notebooks: $(VENV)/.test ## Run every built notebook and compare what it shows
	@echo "Running the notebooks and comparing their outputs ..."
	@$(BIN)/python tools/build_course.py --check
	@$(PYTEST) -n auto --dist loadfile --nbval --nbval-current-env --nbval-cell-timeout 60 \
		--nbval-sanitize-with tests/nbval_sanitize.cfg notebooks solutions

.PHONY: test-browser
test-browser: $(VENV)/.test ## Try the course in a real browser (needs Debian's chromium)
	@$(PYTEST) -m browser tests/browser

.PHONY: test-spark
test-spark: $(VENV)/.spark ## Run the KPIs on PySpark (needs Java)
	@$(PYTEST) -n 2 -m spark tests

.PHONY: test-laws
test-laws: $(VENV)/.test ## Try the laws of every measure on 200 random logs and every pack
	@CMLIB_LAW_LOGS=200 $(PYTEST) -n auto --dist worksteal -m "not spark" tests/house/test_laws.py

.PHONY: test-networkx
test-networkx: $(VENV)/.test ## Run NetworkX's own tests against the igraph backend
	@$(BIN)/python tools/nx_suite.py

# --- making what is derived ------------------------------------------------------------------

.PHONY: build
build: $(VENV)/.test ## Build the notebooks from course/
	@$(BIN)/python tools/build_course.py

.PHONY: data
data: $(VENV)/.test ## Make the datasets again from their seeds
	@$(BIN)/python -m cmsim.datasets

.PHONY: calibration
calibration: $(VENV)/.test ## Write the table of calibration again
	@$(BIN)/python -m cmsim.calibration

.PHONY: messages
messages: $(VENV)/.test ## Collect the messages to translate and compile the catalogues
	@$(BIN)/python tools/messages.py

.PHONY: lock
lock: $(VENV)/.test ## Choose versions again and write their hashes
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		--extra lab --output-file requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		--extra test --constraint requirements.lock --output-file requirements-test.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		--extra scale --constraint requirements-test.lock --output-file requirements-scale.lock pyproject.toml

.PHONY: bench
bench: $(VENV)/.test ## Measure speed and memory against what a user would write
	@$(BIN)/python benchmarks/run.py

.PHONY: clean
clean: ## Remove the environment and the caches (never your work)
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
