# `make` lists what can be made. Each recipe is a line that can be typed where make is missing.
.DEFAULT_GOAL := help
.PHONY: help report test lab setup lint format glossary sample bench lock clean

BIN := .venv/bin
STRIP := $(BIN)/nbstripout --keep-id --extra-keys "metadata.papermill metadata.language_info cell.metadata.papermill cell.metadata.execution"

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

report: setup ## make the Taobao and the shop report in Chinese and English (into reports/out)
	$(BIN)/crm report taobao shop --language zh,en

test: setup ## run all tests on all cores; some of them: make test ARGS="-k rfm"
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lab: setup ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

setup: ## make .venv with the locked packages (the other targets do this by themselves)
	@sh setup.sh

lint: setup ## check style, and that notebooks are stored without outputs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find notebooks -name '*.ipynb' -not -path '*/.*' -exec $(STRIP) --verify {} +

format: setup ## mend what lint can mend
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .
	find notebooks -name '*.ipynb' -not -path '*/.*' -exec $(STRIP) {} +

glossary: setup ## write docs/GLOSSARY.md anew from crm_analysis/words
	$(BIN)/python -m crm_analysis.words.glossary

sample: setup ## simulate the sample company in data/taobao anew
	$(BIN)/crm simulate taobao data/taobao

bench: setup ## measure speed and accuracy
	$(BIN)/python benchmarks/report_time.py && $(BIN)/python benchmarks/import_taobao.py
	for name in fit predict summary coverage; do $(BIN)/python benchmarks/clv_$$name.py; done
	for name in pls drivers; do $(BIN)/python benchmarks/satisfaction_$$name.py; done
	$(BIN)/python benchmarks/churn_features.py

lock: ## write requirements.lock anew (needs uv)
	uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock

clean: ## remove .venv and caches; reports and data stay
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build dist crm_analysis.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
