SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(VENV)/bin
DEMO := var/naivechat.db
WORKERS ?= 2
# Where a package manager puts servers is not on everybody's path.
export PATH := $(PATH):/usr/sbin
# Debian's redis-tools hold the server by the name of redis-check-rdb and, unlike redis-server, start no service.
HAS_REDIS := { command -v redis-server || command -v valkey-server || command -v redis-check-rdb; } >/dev/null
HAS_FONTS := fc-list 2>/dev/null | grep -q 'Noto Sans CJK SC'
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run cluster client demo screenshots servers test lint types audit lock docs bench bench-peers figures soak faults attacks planted mutants reliability clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: $(VENV)/.installed $(DEMO) ## Start a node with twelve demo people to chat as
	@echo
	@echo "The node starts here; Ctrl-C ends it. Next, in another terminal (the port is the one in the line below that says 'listens on'):"
	@echo
	@echo "    $(BIN)/naivechat chat alice@127.0.0.1:7397"
	@echo
	@echo "and in a third one, as bob or as any other of the demo people. Their passwords were shown when the data was made;"
	@echo "for a new one: NAIVECHAT_DB=sqlite:///$(DEMO) $(BIN)/naivechat user passwd alice"
	@echo
	@exec $(BIN)/twistd -n --pidfile= naivechat --db sqlite:///$(DEMO) --registration open

cluster: $(VENV)/.installed ## Start three nodes with a MariaDB and a Redis of their own
	@command -v mariadbd >/dev/null || tools/install-packages mariadb-server-core mariadb-client-core
	@$(HAS_REDIS) || tools/install-packages redis-tools
	@exec $(BIN)/python -m tools.cluster

client: $(VENV)/.installed-desktop ## Start the desktop client; ARGS="…" goes to naivechat-client
	@exec $(BIN)/naivechat-client $(ARGS)

demo: $(VENV)/.installed-desktop ## Start a node and two people's desktop clients side by side
	@exec $(BIN)/python -m tools.demo $(ARGS)

screenshots: $(VENV)/.installed-dev ## Take the pictures in docs/pictures anew: the desktop client's and the console's
	@missing=; \
	command -v Xvfb >/dev/null || missing+=" xvfb"; \
	command -v openbox >/dev/null || missing+=" openbox"; \
	command -v chromium >/dev/null || missing+=" chromium"; \
	$(HAS_FONTS) || missing+=" fontconfig fonts-noto-cjk"; \
	[ -z "$$missing" ] || tools/install-packages $$missing
	@$(BIN)/python -m tools.screenshots $(ARGS)
	@$(BIN)/python -m tools.console

servers: ## Install the servers and programs that tests need, where that needs no password
	@missing=; \
	command -v mariadbd >/dev/null || missing+=" mariadb-server-core mariadb-client-core"; \
	$(HAS_REDIS) || missing+=" redis-tools"; \
	command -v ip >/dev/null || missing+=" iproute2"; \
	command -v Xvfb >/dev/null || missing+=" xvfb"; \
	command -v openbox >/dev/null || missing+=" openbox"; \
	command -v chromium >/dev/null || missing+=" chromium"; \
	$(HAS_FONTS) || missing+=" fontconfig fonts-noto-cjk"; \
	[ -z "$$missing" ] || tools/install-packages $$missing || true

# A file's tests stay together, as servers are started by file; in the order of folders those that wait come first.
test: $(VENV)/.installed-dev servers ## Run all tests, WORKERS=2 at a time, and measure their coverage
	@if ! { command -v mariadbd && $(HAS_REDIS); } >/dev/null; then floor=--cov-fail-under=0; fi; \
	exec $(BIN)/python -m pytest --cov $${floor:-} -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.installed-dev ## Check style and layout with ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev ## Check types with mypy
	@$(BIN)/mypy

audit: $(VENV)/.installed-dev ## Look for known faults in our code and in what requirements.lock installs
	@$(BIN)/python -m tools.audit

lock: $(VENV)/.installed-dev ## Pin what a deployment installs, with hashes, in requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make lock' --no-annotate setup.py --output-file requirements.lock

docs: $(VENV)/.installed-dev ## Check that links in the documents lead somewhere
	@$(BIN)/python -m pytest -q tests/unit/test_docs.py

bench: $(VENV)/.installed-dev ## Measure what a node does and what it costs; ARGS="…" goes to bench
	@$(BIN)/python -m bench $(ARGS)

# Their packages are unpacked below var/peers, not installed: no service of the system begins or changes.
bench-peers: $(VENV)/.installed-dev ## Measure ejabberd and Prosody at the same work; ARGS="…" goes to bench.peers
	@$(BIN)/python -m bench.peers $(ARGS)

figures: $(VENV)/.installed-dev ## Measure all figures of the documents anew, on a quiet machine: half an hour
	@$(BIN)/python -m bench --subjects c-relay,relay,sqlite,mariadb,1-node,2-nodes,2-workers --seconds 10 --connections 10000 --back 5000 --idle-seconds 30 --json bench/measured.json --into docs/performance.md#everything
	@$(BIN)/python -m bench.capacity --into docs/capacity.md#sizes
	@$(BIN)/python -m bench growth --subjects sqlite,mariadb --seconds 10 --stored 10000,1000000,10000000 --json var/growth.json --into docs/performance.md#growth
	@$(BIN)/python -m bench.peers --seconds 10 --offline 10000 --into docs/performance.md#peers

soak: $(VENV)/.installed-dev ## Let nodes and servers fail under load for an hour and judge the history; ARGS="…" goes to tests.soak
	@NAIVECHAT_SOAK=1 NAIVECHAT_REQUIRE_SERVERS=1 $(BIN)/python -m pytest -q tests/integration/test_history.py
	@$(BIN)/python -m tests.soak $(ARGS)

faults: $(VENV)/.installed-dev servers ## Let everything fail that can, for 5 minutes; ARGS="--minutes 75" for as long as a release is asked
	@NAIVECHAT_REQUIRE_SERVERS=1 $(BIN)/python -m tests.soak.suite $(ARGS)

attacks: $(VENV)/.installed-dev ## Try all attacks at length, then fuzz the decoder; ARGS="--seconds 600" is how long
	@$(BIN)/python -m pip install --quiet --editable '.[fuzz]' || echo "atheris does not install here"
	@NAIVECHAT_ATTACKS=1 NAIVECHAT_REQUIRE_SERVERS=1 $(BIN)/python -m pytest -q tests/attacks
	@$(BIN)/python -m tests.attacks $(ARGS)

planted: $(VENV)/.installed-dev ## Plant known bugs, one at a time, and see the tests that are named for each turn red; ARGS="…" names some
	@NAIVECHAT_REQUIRE_SERVERS=1 $(BIN)/python -m tests.planted $(ARGS)

mutants: $(VENV)/.installed-dev ## Change the code a little, two thousand times, and see whether tests notice; ARGS="…" goes to tests.mutants
	@$(BIN)/python -m tests.mutants $(ARGS)

PARTS ?= faults attacks planted mutants
faults_of_a_release = --minutes $(or $(MINUTES),75)
attacks_of_a_release = --seconds 600

# Each part keeps its figures in a file of its own until it is done again, so that parts can be done at different times.
# Each is done whatever becomes of those before it; what fails is told by its own words, and by the status.
# The document is written once there are figures of all four.
reliability: $(VENV)/.installed-dev ## Faults for MINUTES=75, then all attacks, planted bugs and mutants, or PARTS="faults" of it; with all done, docs/reliability.md
	@mkdir -p var/reliability; failed=0; \
	$(foreach part,$(PARTS),rm -f var/reliability/$(part).jsonl; \
		NAIVECHAT_FIGURES=$(CURDIR)/var/reliability/$(part).jsonl $(MAKE) $(part) ARGS="$($(part)_of_a_release)" || failed=1;) \
	$(BIN)/python -m tests.reliability var/reliability || failed=1; exit $$failed

clean: ## Remove what is made again: environment, caches, builds. A node's data in var/ stays
	@rm -rf $(VENV) build dist *.egg-info .coverage .coverage.* htmlcov
	@rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache twisted/plugins/dropin.cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@python=$$(tools/find-python $(PYTHON)); echo "Making $(VENV) with $$("$$python" --version) …"; "$$python" -m venv $(VENV)

$(VENV)/.installed: setup.cfg setup.py pyproject.toml | $(BIN)/python
	@echo "Installing naivechat …"
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-desktop: $(VENV)/.installed
	@$(BIN)/python -c 'import tkinter' 2>/dev/null || tools/install-packages python3-tk
	@echo "Installing what the desktop client needs …"
	@$(BIN)/python -m pip install --quiet --editable '.[desktop]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-desktop
	@echo "Installing what tests and checks need …"
	@$(BIN)/python -m pip install --quiet --editable '.[test,dev]'
	@touch $@

# An interrupted start leaves no half-made database behind.
$(DEMO): | $(VENV)/.installed
	@mkdir -p $(@D)
	@rm -f $@-wal $@-shm
	@NAIVECHAT_DB=sqlite:///$@ $(BIN)/naivechat migrate
	@NAIVECHAT_DB=sqlite:///$@ $(BIN)/naivechat demo-data
