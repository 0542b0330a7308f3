# The front door. Every target sees to it first that the machine is ready (tools/setup.sh), so that
# `make demo` and `make test` are the first commands on a fresh Debian 13 with git, make and Python 3.11+.

SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin

# make test ARGS="tests/unit -k coin"
ARGS ?=
# Several files of tests at a time: many of them wait for wires (tests/rig/lanes). LANES=0 for one after the other.
LANES ?= 5
# Where few files have all the work, each of them is shared out to the lanes.
PARTS = --lanes $(LANES) --parts $(or $(filter-out 0,$(LANES)),1)
# How much `make crash`, `make soak`, `make kill` and `make blocks` do. One seed is one run of the first two.
LIVES ?= 2000
DAYS ?= 180
CYCLES ?= 300
IMAGES ?= 300
SEED ?= 1
# One heavy target at a time on this machine, whoever runs it; WAIT=0 refuses instead of waiting (tools/alone.py).
# What has no set-up yet (test-bare) has no .venv either.
ALONE = $(if $(filter setup,$^),$(BIN)/python,python3) -m tools.alone $(if $(filter 0,$(WAIT)),--no-wait) $@ --

.PHONY: help setup demo tour near test test-user campaign fits forms crash soak kill blocks proof steady mutants changes campaigns check rooms pages format screens gallery bench test-bare lock clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make this machine ready (all the others do it by themselves)
	@tools/setup.sh $(if $(AGAIN),--again)

demo: setup ## the whole machine on this desk, with simulated devices (HEADLESS=1: without a window)
	$(BIN)/kiosk demo $(if $(HEADLESS),--headless,--window)

tour: setup ## one visit for each certificate that there is, from the first screen to the paper
	$(BIN)/kiosk demo --tour --out tour-output

near: setup ## the tests that can see your change, and a few whole visits (BASE=origin/main; ARGS=--show only lists them)
	@$(BIN)/python -m tools.near $(if $(BASE),--base "$(BASE)") $(ARGS)

test: setup ## all tests but the long ones of bench, campaign, forms and fits (ARGS="tests/unit -k coin" for some)
	$(ALONE) $(BIN)/python -m pytest --lanes $(LANES) $(ARGS)

test-user: setup ## as root: what cuts power or kills, and every command in every fault, once more as a user without rights (minutes)
	$(ALONE) $(BIN)/python -m tests.rig.plain_user $(BIN)/python -m pytest -p no:cacheprovider --lanes $(LANES) -m plain_user tests/e2e tests/crash tests/contract/commands $(ARGS)

campaign: setup ## the whole of which make test has a slice: lives, late buses, searches, power cuts, the town's papers (minutes)
	$(ALONE) $(BIN)/python -m pytest $(PARTS) -m campaign $(ARGS)

fits: setup ## every screen in every panel, size, contrast and reach: nothing cut off, torn or shrunk (minutes)
	$(ALONE) $(BIN)/python -m pytest $(PARTS) -m fits $(ARGS)

forms: setup ## every form at its limits, every planted fault on every paper, two hundred visits at once (minutes)
	$(ALONE) $(BIN)/python -m pytest $(PARTS) -m forms $(ARGS)

crash: setup ## whole lives of the core on a disk that forgets (LIVES=10000 SEED=1; LIFE=1834:57+12 for one)
	@$(ALONE) $(BIN)/python -m tests.crash.lives --lives $(LIVES) --seed $(SEED) $(if $(LIFE),--life $(LIFE))

soak: setup ## half a year of trade with faults, in virtual time (DAYS=180)
	@$(ALONE) $(BIN)/python -m tests.crash.lives.soak --days $(DAYS) --seed $(SEED)

kill: setup ## kill -9 of the real programs at random moments (CYCLES=300)
	@$(ALONE) $(BIN)/python -m tests.crash.kill_at_random --cycles $(CYCLES) --seed $(SEED)

blocks: setup ## the ledger on a real ext4 after power cuts, as root (IMAGES=300)
	@$(ALONE) $(BIN)/python -m tests.crash.blocks --images $(IMAGES) --seed $(SEED)

steady: setup ## the tests of real programs again and again, in random order, beside busy cores (TIMES=20)
	@$(ALONE) $(BIN)/python -m tools.steady --times $(or $(TIMES),20) --seed $(SEED) --lanes $(LANES) $(ARGS)

proof: setup ## every state that an order can come into, with its larger bounds (minutes)
	$(ALONE) $(BIN)/python -m tests.proof

changes: setup ## trial changes, each put into a copy of the source: what each costs, by room (minutes)
	$(ALONE) $(BIN)/python tools/changes.py $(ARGS)

mutants: setup ## known mistakes, each put into a copy of the source, each caught by the test named for it (minutes)
	$(ALONE) $(BIN)/python tools/mutants.py $(ARGS)

campaigns: setup ## all the long ones, one after the other, with a table at the end (hours; ONLY="crash soak" for some)
	@$(ALONE) $(BIN)/python -m tools.campaigns $(ONLY)

check: setup ## format, lint, types, import rules, QML, and what the documents say
	@$(BIN)/python tools/check.py $(ARGS)

rooms: setup ## the rooms of the house and their lines, written into docs/architecture.md
	$(BIN)/python tools/rooms.py --write

pages: rooms ## the pages and tables that are made from the code
	$(BIN)/python tools/journal_page.py --write
	$(BIN)/python tools/order_page.py --write
	$(BIN)/python tools/faults_page.py --write

format: setup ## put the code into the house's format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

screens: setup ## pictures of every screen
	$(BIN)/kiosk screens

gallery: setup ## every form: its samples, and papers of the town with each option; verified, on contact sheets
	@$(ALONE) tools/gallery.sh

# Both are run, whatever the first one finds; central's speeds are measured by its tests.
bench: setup ## the numbers that the documents claim
	@tools/setup.sh --rivals
	@$(ALONE) bash -c 'missed=0; $(BIN)/kiosk bench || missed=1; $(BIN)/python -m pytest -rP -m bench || missed=1; exit $$missed'

# AS is also make's own name for an assembler.
test-bare: ## `make test` in a bare Debian 13 (as root; TARGET=demo TIMES=20 AS=plain|root CARD=none|service)
	@AS=$(if $(filter default,$(origin AS)),plain,$(AS)) TIMES=$(or $(TIMES),1) CARD=$(or $(CARD),none) $(ALONE) tools/test-bare.sh $(or $(TARGET),test)

lock: setup ## resolve pyproject.toml into requirements/*.txt
	tools/lock.sh

clean: ## remove what can be made again, .venv included
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
