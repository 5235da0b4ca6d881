# Everything one does with Allshelves. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export ALLSHELVES_HOME ?= state
ENGINE_PORT ?= 9200
N ?= 100000
SECONDS ?= 300

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types format bench-load bench-update bench-search bench-collections bench-relevance bench-matching bench-works pairs docs-matching bench-read bench-harvest bench-availability docs-reading docs-harvesting docs-availability fuzz fuzz-search fuzz-harvest engine-up engine-down browser lighthouse screenshots peers clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 18

demo: $(VENV)/.runtime  ## set up, start the demo consortium, harvest it, serve http://127.0.0.1:8000
	@$(BIN)/python -m fixtures.demo

test: $(VENV)/.dev browser peers check  ## set up and run every check and every test
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile

check: lint types  ## style, types and the direction of imports

lint: $(VENV)/.dev  ## ruff and import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.dev  ## mypy --strict
	$(BIN)/mypy

format: $(VENV)/.dev  ## let ruff lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench-load: $(VENV)/.dev  ## generate N records with known truth, load them; records/s, memory, precision, recall
	$(BIN)/python -m benchmarks.load --records $(N)

bench-update: $(VENV)/.dev  ## change 1,000 records of the catalogue bench-load left behind (N records); seconds until found
	$(BIN)/python -m benchmarks.update --records $(N)

bench-search: $(VENV)/.dev  ## search an index of N made-up editions, made once; ENGINE=embedded or cluster; adapter and HTTP
	$(BIN)/python -m benchmarks.search --editions $(N) --engine $(or $(ENGINE),embedded)

bench-collections: $(VENV)/.dev  ## compare the collections of 34 members over an index of N made-up editions, made once
	$(BIN)/python -m benchmarks.collections --editions $(N)

bench-overlap: $(VENV)/.dev  ## a list of 10,000 ISBNs against N editions: the catalogue that bench-load left behind, else a made-up index
	$(BIN)/python -m benchmarks.overlap --editions $(N)

bench-relevance: $(VENV)/.dev  ## the golden queries over the demo consortium and the real files: MRR, nDCG@10, and what fails
	$(BIN)/python -m benchmarks.relevance

bench-read: $(VENV)/.dev  ## records/s read and mapped on one core, beside pymarc
	$(BIN)/python -m benchmarks.read

docs-reading: $(VENV)/.dev  ## write the table of docs/reading.md anew, from ../shared/data
	$(BIN)/python -m benchmarks.reading_table

fuzz: $(VENV)/.dev  ## any bytes through reading and mapping, for SECONDS (300); what breaks it stays in build/fuzz/found
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[fuzz]'
	$(BIN)/python -m benchmarks.fuzz --seconds $(SECONDS)

fuzz-search: $(VENV)/.dev  ## any query to both engines and any address to API and pages, fifty times as many as in the tests
	ALLSHELVES_FUZZ=50 $(BIN)/pytest tests/indexer/engine/test_any_query.py tests/search_api/test_any_request.py -q

fuzz-harvest: $(VENV)/.dev  ## many lives of libraries with their servers: faults, changes, kills; what must hold always
	ALLSHELVES_FUZZ=40 $(BIN)/pytest tests/harvester/test_invariants.py -q

texts: $(VENV)/.dev  ## bring the catalogues of all interface languages up to today's keys; says what is not translated
	$(BIN)/python -m search_api.texts_update

docs-holdings: $(VENV)/.dev  ## write the tables of docs/holdings.md anew, from the presets
	$(BIN)/python -m benchmarks.holdings_table

docs-harvesting: $(VENV)/.dev  ## write the table of docs/harvesting.md anew: every misbehaviour of servers, played
	$(BIN)/python -m tests.support.wild.page

docs-availability: $(VENV)/.dev  ## write the table of docs/availability/README.md anew: every connector in every situation, played
	$(BIN)/python -m tests.support.situations_page

bench-availability: $(VENV)/.dev  ## 34 libraries asked live by one worker: overhead, first answers, streams a second; SOAK=600 for a soak
	$(BIN)/python -m benchmarks.availability --soak $(or $(SOAK),0)

bench-harvest: $(VENV)/.dev  ## 20 servers at once: records stored per second, memory, share of what latency allows
	$(BIN)/python -m benchmarks.harvest

bench-matching: $(VENV)/.dev  ## precision and recall on labelled pairs of real records, or of the folder PAIRS; WORST=N mistakes
	@$(BIN)/python -m benchmarks.matching_report $(if $(PAIRS),--pairs "$(PAIRS)") $(if $(WORST),--worst $(WORST))

train-matching: $(VENV)/.dev  ## learn the weights of matching anew from labelled pairs (folders PAIRS)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[train]'
	$(BIN)/python -m benchmarks.training $(if $(PAIRS),--pairs $(PAIRS))

pairs: $(VENV)/.dev  ## write the hard pairs of fixtures/pairs to build/pairs, for make bench-matching PAIRS=build/pairs
	$(BIN)/python -m fixtures.pairs build/pairs

bench-works: $(VENV)/.dev  ## works of the demo consortium against their truth, into docs/matching.md
	$(BIN)/python -m benchmarks.works

docs-matching: $(VENV)/.dev  ## write the tables of docs/matching.md anew: the hard pairs by kind, real files
	$(BIN)/python -m benchmarks.matching_table

engine-up: $(VENV)/.dev  ## start a real Elasticsearch node on this machine
	@$(BIN)/python -m fixtures.node up --port $(ENGINE_PORT) --home $(ALLSHELVES_HOME)/engine

engine-down: $(VENV)/.dev  ## stop it
	@$(BIN)/python -m fixtures.node down --home $(ALLSHELVES_HOME)/engine

browser: $(VENV)/.dev  ## find a Chromium for the browser tests, or install one
	@$(BIN)/python -m tests.support.browser --install

lighthouse: $(VENV)/.dev browser  ## Lighthouse (by npx) over the demo's home, results and edition; fails below 95
	$(BIN)/python -m tests.support.lighthouse

screenshots: $(VENV)/.dev browser  ## every page of the demo in both themes, on desktop and telephone, into build/screenshots
	$(BIN)/python -m tests.support.screenshots $(PAGES)

peers: $(VENV)/.dev  ## find Index Data's servers for the tests of Z39.50 and SRU, or install Debian's yaz and idzebra-2.0
	@$(BIN)/python -m tests.support.yaz --install

clean:  ## remove the virtual environment, the demo's state and what tools cached
	rm -rf $(VENV) state build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Allshelves needs Python 3.11 or newer, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
