# Bare `make` prints the targets.
CONFIG  ?= Release
LIBTORCH ?=
NATIVE  := build/native
DATA    ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint build native bench clean bootstrap

help:
	@echo "make demo [DATA=folder]  set up, build, and go from videos to an evaluated classifier"
	@echo "make test                set up, build, and run every test"
	@echo "make lint                formatting, analyzers, the rules of the tree"
	@echo "make build               every tool into bin/ (bin/signdata is the front)"
	@echo "make native [LIBTORCH=/path/to/torch]  the two C++ libraries alone"
	@echo "make bench               speed against the usual Python scripts"
	@echo "make clean               remove what was built"

bootstrap:
	@scripts/bootstrap.sh

native: bootstrap
	@mkdir -p build
	@cmake -S src/native -B $(NATIVE) -G Ninja $(if $(LIBTORCH),-DLIBTORCH=$(LIBTORCH)) > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build $(NATIVE)

build: native
	dotnet build SignData.sln -c $(CONFIG) -v q --nologo
	@dotnet publish tools/signdata --no-build -c $(CONFIG) -v q --nologo -o bin

test: build
	@scripts/bootstrap.sh test
	@scripts/tox.sh unit tools docs

lint: build
	@scripts/tox.sh lint

bench: build
	@scripts/tox.sh bench

demo: build
	@scripts/demo.sh $(DATA)

clean:
	rm -rf bin build artifacts
	find src tools tests benchmarks -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
