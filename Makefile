# make demo : watch an encoder being continued with E2MC, before/after report in runs/
# make test : everything that must hold before a change lands
# Both make .venv and install what they need first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help demo test notebooks package export clean docs readme hooks bench
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */\1\t/' | expand -t 12

$(STAMP): settings.ini setup.py pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(STAMP)

demo: $(STAMP) ## continue a small encoder with E2MC on real digits and write the report (4 minutes)
	$(BIN)/e2mc-demo

test: $(STAMP) ## notebooks, package, README, arrows, wheel: all checks
	$(BIN)/python docs/checks.py
	$(BIN)/python docs/test_checks.py
	$(MAKE) notebooks package

notebooks: $(STAMP)
	OMP_NUM_THREADS=1 MPLBACKEND=agg $(BIN)/nbdev-test --n-workers 2 --timing --do-print

package: $(STAMP)
	$(BIN)/python docs/test_package.py

export: $(STAMP) ## notebooks -> package, README and CONTRIBUTING; badges; then clean the notebooks
	$(BIN)/python docs/colab.py
	$(BIN)/nbdev-export
	$(BIN)/nbdev-clean
	$(BIN)/python docs/readme.py

docs: $(STAMP) ## the site, into docs/_build/html
	$(BIN)/python docs/build.py

bench: $(STAMP) ## what the criteria cost on this machine, beside the forms of released codes; results into nbs/experiments/results (15 minutes, idle machine)
	MPLBACKEND=agg $(BIN)/nbdev-test nbs/experiments/speed.ipynb --flags slow --n-workers 0 --timing --do-print

hooks: $(STAMP) ## git hooks and merge driver for notebooks
	.githooks/install

clean: ## remove what can be built again (not .venv, not runs/)
	rm -rf build dist *.egg-info _proc _docs docs/_build docs/pages
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
