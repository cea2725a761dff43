#!/usr/bin/env bash
# SIGKILL at random moments: after each, what lies there is the old state or the new one, and a rerun comes to what an undisturbed run does.
#   benchmarks/kills.sh [cull | explode | train]
# KILLS: how many of each kind of run (50).
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-cull}" in
  cull) tests='Cull&FullyQualifiedName~Killed_at' ;;
  explode) tests='Explode&FullyQualifiedName~Killed_at' ;;
  train) tests='ResumeTests&FullyQualifiedName~killed' ;;
  *) echo "kills.sh: '$1' is none of cull, explode, train" >&2 && exit 2 ;;
esac
SIGNDATA_TEST_KILLS=${KILLS:-50} dotnet test tests/Tools.Tests -c "${CONFIG:-Release}" --no-build --nologo --logger "console;verbosity=detailed" \
  --filter "FullyQualifiedName~$tests" | grep -E '^ *(Passed|Failed|[0-9]+ kills|Total)'
