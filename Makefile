# `make help` lists the targets. ARGS is passed on: make test ARGS="-k ledger"
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help env reports decide test test-fast lint bench lock

# Snakemake starts its scripts with the first `python` on PATH: that has to be the environment's.
RUN := PATH="$(CURDIR)/.venv/bin:$$PATH"
FAST := $(addprefix tests/,acquisition core data ingest metrics params settings statistics)
LOCK := --universal --python-version 3.11 --all-extras --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-annotate --no-header

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: ## make .venv from requirements.lock (PYTHON=python3.12, INSTALLER=pip)
	@scripts/setup

reports: env ## run the study on the built-in data set, and write its report
	$(RUN) python -m frugalseg.pipeline run $(ARGS)

decide: env ## add seeds until every planned contrast is decided (ARGS="builtin --hours 1")
	$(RUN) frugalseg decide $(ARGS)

test: env ## run every test
	$(RUN) python -m pytest -n 3 --dist loadscope --no-loadscope-reorder --durations 10 $(ARGS)

test-fast: env ## run the tests that neither train nor start a workflow
	$(RUN) python -m pytest -n 2 $(FAST) $(ARGS)

lint: env ## check style, types and workflow
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy --num-workers auto
	$(RUN) snakefmt --check Snakefile workflow/rules
	$(RUN) python scripts/lint_workflow.py

bench: env ## measure speed and memory, side by side with other packages
	$(RUN) python -m benchmarks $(ARGS)

lock: ## write requirements.lock from pyproject.toml; needs uv (UPGRADE=1: to the newest versions)
	uv pip compile --quiet $(LOCK) $(if $(UPGRADE),--upgrade) --output-file requirements.lock pyproject.toml
