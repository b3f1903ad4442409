# Two commands: `make run` starts everything on this machine, `make test` proves it.
# Plain make, nothing installed outside this folder.

BIN = .venv/bin
WORKERS = 2
# Each of the programs that start here would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench clean assets environment

run: environment
	@exec $(BIN)/python -m web.sandbox.run

test: assets
	@exec $(BIN)/python -m pytest -n $(WORKERS)

check: assets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@exec $(BIN)/python -m pytest -n $(WORKERS)

bench: assets
	@exec $(BIN)/python -m tests.bench

assets: environment
	@$(BIN)/python -m web.assets

# The first Python of 3.11 or newer makes the environment; PYTHON=... names another.
environment:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec $$python -I web/sandbox/bootstrap.py; \
		fi; \
	done; \
	echo "Galleria needs Python 3.11 or newer; this machine has: $$(python3 --version 2>&1)" >&2; exit 1

# Removes what the other targets made, local data included. Stop `make run` first.
clean:
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m web.sandbox.forget; fi
	rm -rf .venv .venv.making .local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf web/static/dist tests/.artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
