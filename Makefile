# make demo : watch an encoder being continued with E2MC, before/after report in runs/
# make test : everything that must hold before a change lands
# Both make .venv and install what they need first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help demo test notebooks package tutorials fresh export clean docs docs-test readme hooks bench types workflows release-check evidence
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */\1\t/' | expand -t 16

$(STAMP): settings.ini setup.py pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(STAMP)

demo: $(STAMP) ## continue a small encoder with E2MC on real digits and write the report (4 minutes)
	$(BIN)/e2mc-demo

test: $(STAMP) ## notebooks, package, README, arrows, wheel: all checks
	$(BIN)/python docs/checks.py
	$(BIN)/python docs/test_checks.py
	$(MAKE) types workflows
	$(MAKE) notebooks package tutorials

notebooks: $(STAMP)
	OMP_NUM_THREADS=1 MPLBACKEND=agg $(BIN)/nbdev-test --n-workers 2 --timing --do-print

package: $(STAMP)
	$(BIN)/python docs/test_package.py

tutorials: $(STAMP)
	$(BIN)/python docs/test_tutorials.py

fresh: $(STAMP) ## run every page again and compare with what it stores (20 minutes); some pages: make fresh PAGES='nbs/1*.ipynb'
	$(BIN)/python docs/freshness.py $(PAGES)

export: $(STAMP) ## notebooks -> package, README and CONTRIBUTING; badges; then clean the notebooks
	$(BIN)/python docs/colab.py
	$(BIN)/python docs/pictures.py
	$(BIN)/nbdev-export
	$(BIN)/nbdev-clean
	$(BIN)/python docs/readme.py

docs: $(STAMP) ## the site, into docs/_build/html
	$(BIN)/python docs/test_build.py
	$(BIN)/python docs/build.py

docs-test: docs ## the site, opened page by page in a real browser
	$(BIN)/python docs/test_site.py

bench: $(STAMP) ## what the criteria cost on this machine, beside the forms of released codes; results into nbs/experiments/results (15 minutes, idle machine)
	for page in speed scaling; do OMP_NUM_THREADS=2 MPLBACKEND=agg $(BIN)/nbdev-test nbs/experiments/$$page.ipynb --flags slow --cell-timeout 0 --n-workers 0 --timing --do-print || exit 1; done

evidence: $(STAMP) ## what is missing of the planned studies for a CPU, two parts at a time (six hours of 2 cores; fashion-mnist in E2MC_DATA)
	for study in digits fashion; do for what in coefficients seeds; do \
		$(BIN)/python -m e2mc.study $$study | OMP_NUM_THREADS=1 xargs -r -P 2 -L 1 $(BIN)/python -m e2mc.study || exit 1; done; done
	for page in why estimators; do OMP_NUM_THREADS=1 MPLBACKEND=agg $(BIN)/nbdev-test nbs/experiments/$$page.ipynb --flags slow --cell-timeout 0 --n-workers 0 --do-print || exit 1; done

types: $(STAMP) ## types and unused imports of the package
	$(BIN)/pyrefly check
	$(BIN)/ruff check --quiet

workflows: $(STAMP) ## what stands in .github, and CITATION.cff: valid, pinned, with few permissions
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms $$(ls .github/ISSUE_TEMPLATE/*.yml | grep -v config.yml)
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	$(BIN)/zizmor --offline --pedantic --quiet .github

release-check: $(STAMP) ## sdist and wheel into dist/, inspected, installed into an empty environment, tried (TAG=vX.Y.Z: does the tag fit?)
	$(BIN)/python docs/release.py $${TAG:+--tag "$$TAG"}

hooks: $(STAMP) ## git hooks and merge driver for notebooks
	.githooks/install

clean: ## remove what can be built again (not .venv, not runs/)
	rm -rf build dist *.egg-info _proc _docs docs/_build docs/pages
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
