# What people run here. Each target says what it needs; bin/setup gets it.
.PHONY: demo test unit e2e chaos build mutation fault-matrix fuzz fmt clean
.DEFAULT_GOAL := build

export JAVA_HOME := $(shell bin/jdk)
ifeq ($(JAVA_HOME),)
$(error bin/jdk has said what to install)
endif
MVN := mvn -B -ntp

## Shows the main job on a Kubernetes of its own, in about a minute. KEEP=1 leaves it up. Where CONTEXT or KUBECONFIG
## names a cluster, on that one, in a namespace of its own.
demo:
	e2e/demo $(if $(CONTEXT),--context $(CONTEXT))

## Everything that is tested, as CI does: style, all modules, the chart, and the end-to-end tests (root on Linux).
test:
	e2e/test

## Without a cluster: all modules' own tests.
unit:
	$(MVN) verify

## The end-to-end tests alone. TEST=GateHoldsWorkloadsTest runs one class; E2E=embedded needs no root.
e2e: build
	$(MVN) verify -Pe2e -pl e2e -am -Dpawl.e2e=$(or $(E2E),node) -Dsurefire.failIfNoSpecifiedTests=false \
	  $(if $(TEST),-Dtest=$(TEST),-Dtest='dev.pawl.e2e.*Test,dev.pawl.e2e.chaos.*Test')

## Random faults for so long, then everything is checked: docs/chaos.md. SEED=7 repeats the faults and migrations of a run.
chaos: build
	PAWL_AUDIT_POLICY=$(CURDIR)/e2e/cluster/audit-policy.yaml PAWL_EMBEDDED_NODES=2 \
	  $(MVN) verify -Pe2e -pl e2e -am -Dpawl.e2e=$(or $(E2E),embedded) -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dtest=ChaosRun -Dpawl.chaos.minutes=$(or $(MINUTES),30) -Dpawl.chaos.seed=$(or $(SEED),$(shell date +%s))

## Which tests of lexer and classifier would notice if a line were wrong (about half an hour): docs/mutation-testing.md.
mutation:
	$(MVN) -pl engine -Pmutation test-compile pitest:mutationCoverage

## Looks for input that makes the engine fail, guided by coverage, from the kept corpus on: docs/bad-input.md.
fuzz:
	engine/fuzz $(or $(MINUTES),10)

## Every fault at every failure point, and the tables in docs/fault-matrix.md anew (root, for the disk that is full).
fault-matrix:
	$(MVN) -pl engine test -Dtest='FaultMatrixTest,ModelMatrixTest' -Dpawl.faults=all -Dpawl.faults.servers=4

## All modules, without tests.
build:
	$(MVN) package -DskipTests

## Formats every Java file.
fmt:
	$(MVN) -q spotless:apply

## Removes what was built here, and takes down what this folder has left up. ~/.cache/pawl stays, and so does a node
## cluster that KEEP=1 has left up, for there is one a machine: e2e/cluster/node down.
clean:
	e2e/demo down
	e2e/cluster/embedded down
	e2e/cluster/embedded --as e2e down
	e2e/cluster/postgres down
	e2e/cluster/postgres --as e2e down
	$(MVN) -q clean
