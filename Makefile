# Everything a person or a server does with this repository. `make` alone prints the list.
#
# Needs GNU make, bash and Python 3.11 or newer; the rest is installed into .venv. A stamp file in
# .venv is as new as pyproject.toml was when it was installed, so a second run installs nothing.

.DEFAULT_GOAL := help
.PHONY: help demo test lint types torture bench docs serve outdated clean
SHELL := bash

BIN := .venv/bin
DEMO ?= demo
FACTOR ?= 10
SEED ?=

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.server ## install, watch the Easter truce of 2026 and write its bulletins (DEMO=folder)
	@$(BIN)/trucewatch demo $(DEMO)

test: .venv/.dev ## everything that must hold: lint, types, contract, tests, coverage, docs
	@tools/system-packages
	@tools/steps lint format types contract tests coverage docs

lint: .venv/.dev ## style, format and the import contract
	@tools/steps lint format contract

types: .venv/.dev ## mypy, strict
	@tools/steps types

torture: .venv/.dev ## the tries of the evidence log, more often and with other seeds (FACTOR=10)
	@tools/torture "$(FACTOR)" "$(SEED)"

bench: .venv/.dev ## score the judgements against committed floors
	@tools/steps bench

docs: .venv/.dev ## build the documentation into site/
	@tools/steps docs

serve: .venv/.server ## the demonstration as a web application on this machine
	@test -d $(DEMO)/evidence || $(BIN)/trucewatch demo $(DEMO)
	@$(BIN)/trucewatch serve --mission $(DEMO)

outdated: .venv/.dev ## which libraries are behind their newest version; asks the package index
	@$(BIN)/python -m pip list --outdated

clean: ## remove what was built; .venv stays
	@rm -rf demo site torture dist build htmlcov coverage.json .coverage .coverage.* \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.base: pyproject.toml
	@tools/venv

.venv/.server: pyproject.toml
	@tools/venv server

.venv/.dev: pyproject.toml
	@tools/venv dev
