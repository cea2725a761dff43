#!/usr/bin/env bash
# A matrix of named environments, each runnable alone: scripts/tox.sh [lint] [unit] [tools] [docs] [bench] [gpu]
# Without a name: lint unit tools docs. What is built is left as it is: run `make build` first.
set -euo pipefail
cd "$(dirname "$0")/.."

config=${CONFIG:-Release}
passed=0 failed=0

tests() { # project... : runs each and adds up what it counted
  for project in "$@"; do
    local log status=0
    log=$(mktemp)
    dotnet test "tests/$project" -c "$config" --no-build --nologo --logger "console;verbosity=minimal" 2>&1 | tee "$log" || status=$?
    local counted
    counted=$(sed -nE 's/.*Failed: *([0-9]+), Passed: *([0-9]+), Skipped.*/\1 \2/p' "$log" | tail -n 1)
    rm -f "$log"
    if [ -z "$counted" ]; then
      echo "tox: $project ran no test" >&2
      failed=$((failed + 1))
      continue
    fi
    failed=$((failed + ${counted% *}))
    passed=$((passed + ${counted#* }))
    [ "$status" = 0 ] || [ "${counted% *}" != 0 ] || failed=$((failed + 1))
  done
}

lint() {
  dotnet format SignData.sln --verify-no-changes --no-restore --severity warn
  for script in scripts/*.sh .ci/run; do bash -n "$script"; done
  # Nothing of one machine belongs into the repository.
  if git grep -nE '/(work|root|home)/' -- . ':!LICENSE' ':!scripts/tox.sh'; then
    echo "lint: a path of one machine is in the repository" >&2
    return 1
  fi
}

unit() { tests SignData.Core.Tests SignData.Vision.Tests SignData.Dataset.Tests SignData.Torch.Tests SignData.Training.Tests; }
tools() { tests Tools.Tests; }
docs() { tests Architecture.Tests; }
bench() { benchmarks/run.sh; }

gpu() {
  if ! command -v nvidia-smi > /dev/null; then
    echo "gpu: no NVIDIA GPU on this machine, nothing is checked"
    return 0
  fi
  SIGNDATA_TEST_DEVICE=cuda tests SignData.Torch.Tests SignData.Training.Tests
}

[ $# -gt 0 ] || set -- lint unit tools docs
for environment in "$@"; do
  case "$environment" in
    lint | unit | tools | docs | bench | gpu) echo "== $environment" && "$environment" ;;
    *) echo "tox: no environment '$environment'; there are lint unit tools docs bench gpu" >&2 && exit 2 ;;
  esac
done
if [ $((passed + failed)) -gt 0 ]; then
  echo "$passed passed, $failed failed"
fi
[ "$failed" = 0 ]
