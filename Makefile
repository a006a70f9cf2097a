# Two commands matter: `make demo` and `make test`. Both set themselves up from Python 3.11 or later.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test setup accuracy bench fault mutation format lock wheel clean

demo: $(READY)
	$(BIN)/python -m deploy.demo $(ARGS)

# A worker for each core, or as many as `ARGS="-n 4"` says. A file's tests stay together: they share what is dear.
test: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder $(ARGS)

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; name it with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

# Scores everything in ../shared/data and shows every miss in var/accuracy/index.html.
accuracy: $(READY)
	$(BIN)/python -m tests.accuracy.report $(ARGS)

# Measures what the clips cost and adds the figures to tests/bench/figures.jsonl.
bench: $(READY)
	$(BIN)/python -m tests.bench.record $(ARGS)

# Kills, cuts, full disks, forgeries and power cuts; `ARGS="--minutes 10 --resume"` does it in pieces.
fault: $(READY)
	FAULT_WHOLE=1 $(BIN)/pytest tests/fault/test_crashes.py
	$(BIN)/python -m tests.fault --record $(ARGS)

# Breaks the code that decides about people, one small mistake at a time, and counts which its tests find.
mutation: $(READY)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-mutation.lock
	$(BIN)/python -m tests.mutation $(ARGS)

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Writes the lock anew: hashes of every file for x86-64 and aarch64, no addresses.
lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --extra edge --extra central --extra dev pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --extra mutation --constraint requirements.lock pyproject.toml --output-file requirements-mutation.lock

wheel: $(READY)
	$(BIN)/python -m build --wheel --no-isolation

clean:
	rm -rf $(VENV) var build dist
