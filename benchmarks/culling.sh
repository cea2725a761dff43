#!/usr/bin/env bash
# Curation against its peers and its bounds, in parts: near duplicates found, exact duplicates found, speed of indexing, scale.
#   benchmarks/culling.sh [near] [exact] [index] [groups] [rows]
# Without a part: all. DATA: a folder with the image sets (asl_phone, asl_webcam); PYTHON: one that has cv2, numpy and PIL; ROUNDS: of index.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data} python=${PYTHON:-/usr/bin/python3}
culling=benchmarks/Culling/bin/Release/net10.0/Culling
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

seconds() { # command... : its wall time
  local start end
  start=$(date +%s.%N)
  "$@" > /dev/null 2>&1
  end=$(date +%s.%N)
  awk -v s="$start" -v e="$end" 'BEGIN { printf "%.2f", e - s }'
}

near() { # copies of asl_phone: re-encoded, scaled, lighter, darker, cropped
  "$culling" alter "$data/asl_phone" "$work/copies"
  "$python" benchmarks/Culling/peers.py "$data/asl_phone" "$work/copies" > "$work/peers"
  "$culling" compare "$data/asl_phone" "$work/copies" "$work/peers"
}

exact() { # asl_webcam and a copy of every tenth of its frames: frames whose bytes are those of an earlier one, by cull and by sha256
  cp -r "$data/asl_webcam" "$work/webcam"
  find "$work/webcam" -name '*0.jpg' -print0 | while IFS= read -r -d '' one; do cp "$one" "${one%.jpg}-copy.jpg"; done
  bin/cull "$work/webcam" -o "$work/webcam.db" -q --no-check label-conflict,dark,bright
  "$python" - "$work/webcam.db" "$work/webcam" << 'END'
import collections, hashlib, os, sqlite3, sys
sets = collections.defaultdict(set)
for parent, _, names in os.walk(sys.argv[2]):
    for name in names:
        if name.lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".bmp")):
            with open(os.path.join(parent, name), "rb") as file:
                sets[os.path.basename(parent), hashlib.sha256(file.read()).hexdigest()].add(name)
extra = sum(len(names) - 1 for names in sets.values())
rows = sqlite3.connect(sys.argv[1]).execute("SELECT path, sha256 FROM frame WHERE culled LIKE 'exact duplicate: the same bytes%'").fetchall()
false = sum(1 for path, sha in rows if len(sets[os.path.basename(os.path.dirname(path)), sha]) < 2)
print(f"byte-identical frames beyond the first of their label: {extra} by sha256, {len(rows)} by cull, {false} of them false")
END
}

index() { # asl_phone: a bare decode by OpenCV in two processes, the first run of cull, the second; whole runs, and the indexing in them
  indexing() { sed -E 's/.*"index":\{[^}]*"seconds":([0-9.]+).*/\1/' "$work/summary"; }
  run() { bin/cull "$data/asl_phone" -o "$work/phone.db" -q --json > "$work/summary"; }
  echo "round  opencv  first (indexing)  second (indexing)   opencv / indexing  second / first indexing   (seconds)"
  for round in $(seq "${ROUNDS:-3}"); do
    rm -f "$work"/phone.*
    floor=$("$python" benchmarks/Culling/decode.py "$data/asl_phone")
    first=$(seconds run) index=$(indexing)
    second=$(seconds run) again=$(indexing)
    awk -v r="$round" -v f="$floor" -v a="$first" -v i="$index" -v b="$second" -v j="$again" \
      'BEGIN { printf "%5d %7.2f %6.2f (%8.2f) %7.2f (%8.2f) %19.2f %24.2f\n", r, f, a, i, b, j, f / i, j / i }'
  done
}

groups() { for count in 10000 100000 1000000; do "$culling" groups "$count"; done; }

rows() { # a manifest of 2 million frames
  "$culling" rows 2000000 "$work/rows"
  "$python" - bin/cull "$work/rows" -o "$work/rows.db" -q << 'END'
import resource, subprocess, sys, time
start = time.time()
code = subprocess.run(sys.argv[1:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"cull of 2 million rows: exit code {code}, {time.time() - start:.1f} s, {usage.ru_utime + usage.ru_stime:.1f} s of CPU, {usage.ru_maxrss // 1024} MiB")
END
}

for part in "${@:-near exact index groups rows}"; do
  for one in $part; do
    echo "== $one"
    "$one"
  done
done
