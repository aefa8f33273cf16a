# Everything a person needs; `make help` lists it. The virtual environment is made on first use, from the lock alone.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# Into the virtual environment of the target.
INSTALL = $(@D)/bin/python -m pip install --quiet --disable-pip-version-check
# A lock names everything that it takes, so nothing is left to be resolved. Bytecode is written by whatever imports a
# module first: hardly a tenth of what is installed ever is, and compiling all of it took half a minute.
LOCKED = $(INSTALL) --no-compile --no-deps --require-hashes -r
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links

# Programs start twice as fast from kept bytecode, and a test session starts hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: audit help setup style types imports collect demo demo-trains demo-tasks pictures test test-browser test-kubernetes test-deployed test-upgrade up account deploy shift rollback bench bench-peers lint package lock clean clean-data
.DEFAULT_GOAL := help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(LOCKED) requirements.lock
	@# By a path, not by a finder of modules: each start of Python would load that first, a third of the time it takes.
	$(INSTALL) --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

setup: .venv/ready ## Make the virtual environment

# A stand-in of a whole AWS account, which asks for another pydantic than the functions.
.venv/deployed/ready: requirements-deployed.lock
	$(PYTHON) -m venv $(@D)
	$(LOCKED) requirements-deployed.lock
	@touch $@

# What only some tests take has a lock and a virtual environment of its own, which lies over that of the project and
# holds what is not there already: nothing else pays for it, and no other target can see it.
PACKAGES := -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
.venv/with-%/ready: requirements-%.lock .venv/ready
	$(BIN)/python -m venv --without-pip $(@D)
	echo "import site; site.addsitedir('$$($(BIN)/python $(PACKAGES))')" > "$$($(@D)/bin/python $(PACKAGES))/project.pth"
	$(LOCKED) requirements-$*.lock
	@touch $@

PACKAGED := app.py requirements.lock $(shell find chalicelib slipway_formats infra -type f -not -name '*.pyc')
build/slipway.zip build/slipway-pages.zip build/template.json &: $(PACKAGED) | .venv/ready
	$(BIN)/python -m infra.package $(if $(ISSUER),--issuer)

PACKAGE := setup build/slipway.zip build/slipway-pages.zip build/template.json

demo: setup $(if $(CLOUD),$(PACKAGE) .venv/deployed/ready) ## Take a change from a commit to production, or with CLOUD=1 on a deployed stack; KEEP=1 leaves it up, to be looked at
	$(BIN)/python -m examples.demo $(if $(CLOUD),--cloud) $(if $(KEEP),--keep)

demo-trains: setup ## Take releases through pipelines as clients of BuildMaster and FlexDeploy do
	$(BIN)/python -m examples.demo_trains

# With EXECUTOR=kubernetes they run in a fake cluster, by the client of a real one.
IN_CLUSTER := $(filter kubernetes,$(EXECUTOR))
demo-tasks: setup $(IN_CLUSTER:%=.venv/with-%/ready) ## Run tasks of each kind and pipelines from git as clients of the Deploy API do
	$(firstword $(IN_CLUSTER:%=.venv/with-%/bin) $(BIN))/python -m examples.demo_tasks $(EXECUTOR)

test: setup ## Pass the project's tests
	$(BIN)/python -m pytest -n $$($(BIN)/python -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))') --no-loadscope-reorder

# The asserts of the tests are rewritten once by it, and characters looked up, which else each process of a session does
# for itself.
collect: setup
	$(BIN)/python -m pytest --collect-only -n 0 -qq

test-kubernetes: .venv/with-kubernetes/ready ## Pass the tests of workloads on Kubernetes, which need packages of their own
	.venv/with-kubernetes/bin/python -m pytest -n $$($(BIN)/python -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))') --no-loadscope-reorder -k kubernetes tests/slipway/runner/executors tests/walks/test_workloads.py tests/walks/test_deploy_api.py tests/walks/test_in_cluster.py

test-deployed: $(PACKAGE) .venv/deployed/ready ## Deploy the platform to a stand-in of AWS with IAM on, and pass the tests of it there
	$(BIN)/python -m pytest tests/deployed

test-upgrade: $(PACKAGE) .venv/deployed/ready ## Update stacks from 0.1 and to the next release, and back, with runs under way
	$(BIN)/python -m pytest -n 0 tests/updates

# The browser itself is the system's (Debian: apt-get install chromium-headless-shell, or chromium, which takes a third
# more).
test-browser: .venv/with-browser/ready ## Pass the tests of the console in a real browser, which need one
	.venv/with-browser/bin/python -m pytest -n 2 tests/browser

pictures: .venv/with-browser/ready ## Take the pictures of docs/console.md, or NAMES="home inbox" alone
	.venv/with-browser/bin/python -m tests.browser.pictures $(NAMES)

account: setup .venv/deployed/ready ## Keep a stand-in of an AWS account running, to deploy to
	@exec $(BIN)/python -m infra.rehearsal

deploy: $(PACKAGE) ## Deploy a stack, PREFIX=acme- PARAMETERS="Name=value ..." TAGS="name=value ..." STACK=slipway, SHARE=10 for a part of the traffic
	$(BIN)/python -m infra.deploy $(PREFIX) $(PARAMETERS) $(if $(STACK),--stack $(STACK)) $(if $(SHARE),--share $(SHARE)) $(addprefix --tag ,$(TAGS))

shift: setup ## Give the deployed release another part of the traffic, PREFIX=acme- SHARE=50 STACK=slipway
	$(BIN)/python -m infra.deploy $(PREFIX) --shift $(SHARE) $(if $(STACK),--stack $(STACK))

rollback: setup ## Give all traffic back to the release before, PREFIX=acme- STACK=slipway
	$(BIN)/python -m infra.deploy $(PREFIX) --rollback $(if $(STACK),--stack $(STACK))

up: setup ## Start the platform on this machine and keep it running
	@exec $(BIN)/slipway up

# The console is measured where its tests can be run.
bench: setup ## Measure every budget, or PARTS="inventory crowd" alone, and write docs/performance.md
	$(firstword $(patsubst %/ready,%/bin,$(wildcard .venv/with-browser/ready)) $(BIN))/python -m tests.bench $(PARTS)

# What is measured beside the platform has packages of its own, which nothing else pays for.
.venv/peers/ready: requirements-peers.lock
	$(PYTHON) -m venv $(@D)
	$(LOCKED) requirements-peers.lock
	@touch $@

bench-peers: setup .venv/peers/ready ## Measure the same workloads on DBOS and Buildbot, and write their ratios to docs/performance.md
	$(BIN)/python -m tests.bench.peers $(if $(ROUNDS),$(ROUNDS),3) $(PARTS)

lint: style types imports ## Style, types and import contracts
style: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
types: setup
	$(BIN)/mypy
imports: setup
	$(BIN)/lint-imports

package: setup ## Write the deployable zips and their template to build/, and load every function from them
	$(BIN)/python -m infra.package --check $(if $(ISSUER),--issuer)

audit: setup ## Look the lock up in an index of known vulnerabilities, where one can be reached
	$(BIN)/python -m infra.package.vulnerabilities

lock: ## Resolve the dependencies anew
	$(COMPILE) --extra cli --extra local --extra dev -o requirements.lock pyproject.toml
	$(COMPILE) --extra cli --extra kubernetes --extra kubernetes-dev -c requirements.lock -o requirements-kubernetes.lock pyproject.toml
	$(COMPILE) --extra browser -c requirements.lock -o requirements-browser.lock pyproject.toml
	$(COMPILE) -o requirements-deployed.lock requirements-deployed.in
	$(COMPILE) -o requirements-peers.lock requirements-peers.in

clean-data: setup ## Wipe the data of the local cloud
	@$(BIN)/python -m infra.local.wipe

clean: ## Remove what was built
	rm -rf build .venv
