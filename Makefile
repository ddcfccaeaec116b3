# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= build/demo
ON ?= 2026-11-15
export QT_QPA_PLATFORM ?= offscreen

.PHONY: demo run test check bench soak clean translations verifier specimens decoding pictures
.DEFAULT_GOAL := demo

$(VENV)/.ready: requirements-dev.lock pyproject.toml packaging/setup.sh
	PYTHON=$(PYTHON) bash packaging/setup.sh $(VENV)
	@touch $@

demo: $(VENV)/.ready
	rm -rf $(DEMO)
	$(BIN)/waystation demo $(DEMO) --on $(ON)
	@echo
	@echo "To open the window:   make run"
	@echo "or a workspace of the demo:   $(BIN)/waystation --workspace $(DEMO)/station"

run: $(VENV)/.ready
	env -u QT_QPA_PLATFORM $(BIN)/waystation

test: $(VENV)/.ready
	bash packaging/services.sh
	# A worker that crashes is a failure, not replaced: a replacement leaves the run waiting for ever.
	$(BIN)/python -m pytest -n 2 --dist loadfile --max-worker-restart 0

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready
	$(BIN)/waystation bench all

soak: $(VENV)/.ready
	$(BIN)/python -m pytest -n 2 tests/faults tests/ledger -p no:randomly --hypothesis-profile=soak \
		--timeout=3600 -o faulthandler_timeout=3700
	SEED=$(SEED) PARTS=$(PARTS) $(BIN)/python -m tests.simulation.soak

translations: $(VENV)/.ready
	$(BIN)/python packaging/translations.py

# The page for verifiers, from verifier/ to resources/verifier/. It is shipped built: only who changes
# it needs Node.js.
verifier:
	cd verifier && npm ci && npm run check && npm test && npm run build

specimens: $(VENV)/.ready
	$(BIN)/python packaging/specimens.py build/specimens

# The pictures of the README, of today's window.
pictures: $(VENV)/.ready
	$(BIN)/python -m pytest tests/journeys/test_screens.py -k en-light
	$(BIN)/python packaging/pictures.py

decoding: $(VENV)/.ready
	$(BIN)/python packaging/decoding.py

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
