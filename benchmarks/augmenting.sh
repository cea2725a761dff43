#!/usr/bin/env bash
# Augmentation: images a second on one core from decoded frames in memory, ours and the same steps with torchvision and OpenCV, in turn; then each step by itself; then
# loader and training from JPEGs. Processor time of each process, so that another at work beside it matters little; still, run it on an idle machine.
#   benchmarks/augmenting.sh [rounds]            recipes and steps
#   benchmarks/augmenting.sh loader              from JPEG to batch at 128 px on all cores, against what training consumes
#   benchmarks/augmenting.sh learning epochs table.csv
#                                                resnet18 from scratch by recipe, three seeds. Training hardly waits for data (its share is in the table),
#                                                so equal epochs are equal time. Run again it goes on with the rows that the table lacks.
#   benchmarks/augmenting.sh people epochs table.csv [seeds]
#                                                the same five recipes judged without the tests: by other people's digits, four of which are also letters
# DATA: a folder with the image sets (asl_phone, asl_phone_test, asl_webcam, digits); PYTHON: one that has torchvision and cv2; SIZE: 224.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data} python=${PYTHON:-/usr/bin/python3} size=${SIZE:-224}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number() { "$python" -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
bin/cull "$data/asl_phone" -o "$work/all.db" --per-label 4 -q 2> /dev/null

recipes() {
  echo "round  recipe      ours  theirs  ours/theirs   (images/s, one core, $size px)"
  for round in $(seq "$1"); do
    bin/augment "$work/all.db" --bench --size "$size" --json -q > "$work/ours.json"
    for recipe in standard sign1; do
      local ours theirs
      ours=$(number "$recipe" < "$work/ours.json")
      theirs=$("$python" benchmarks/augmenting.py stack "$recipe" "$size" "$data/asl_phone" | number "$recipe")
      awk -v r="$round" -v n="$recipe" -v a="$ours" -v b="$theirs" 'BEGIN { printf "%5d  %-10s %6.0f %7.0f %12.1f\n", r, n, a, b, a / b }'
    done
  done
  "$python" benchmarks/augmenting.py steps "$size" "$data/asl_phone" > "$work/theirs.json"
  "$python" - "$work/ours.json" "$work/theirs.json" << 'PY'
import json, sys
ours, theirs = (json.load(open(f)) for f in sys.argv[1:])
print("\nstep                    ours  theirs  ours/theirs   (images/s; theirs: the faster of torchvision and OpenCV)")
ours["flat lines"] = ours["finger-dropout"]
for name, rate in theirs.items():
    print(f"{name:20} {ours[name]:8.0f} {rate:7.0f} {ours[name] / rate:12.2f}")
print("without a counterpart: " + ", ".join(f"{n} {r:.0f}" for n, r in ours.items() if n not in theirs and n != "flat lines"))
PY
}

loader() {
  bin/cull "$data/asl_phone" -o "$work/train.db" --valid 0 --test 0 -q 2> /dev/null
  # An epoch from JPEGs, nothing in memory; then three of training, the first of which decodes.
  bin/augment "$work/train.db" --bench --seconds 0.01 --size 128 --recipe standard -q --json > "$work/ours.json"
  bin/train "$work/train.db" -o "$work/run" --arch resnet18 --size 128 --batch 64 --epochs 3 --augment standard -q --json > "$work/run.json"
  awk -v a="$(number loader < "$work/ours.json")" -v b="$(number images_per_second < "$work/run.json")" -v w="$(number waited < "$work/run.json")" \
    'BEGIN { printf "loader %.0f images/s, training %.0f images/s: %.1f times; training waits for data %.1f %% of its time\n", a, b, a / b, 100 * w }'
}

# One row of the table, unless it is there: recipe seed epochs table sets...
learn() {
  if grep -q "^$1,$2,$3," "$4"; then return; fi
  bin/train "$work/phone.db" -o "$work/run" --arch resnet18 --size 80 --start-size 48 --epochs "$3" --augment "$work/$1.yaml" --patience 0 --seed "$2" \
    --threads "${THREADS:-0}" -q --json > "$work/run.json"
  local accuracies=() valid
  for set in "${@:5}"; do
    accuracies+=("$(bin/eval "$work/run" "$set" -q --json -o "$work/report.html" 2> /dev/null | number accuracy)")
  done
  valid=$("$python" -c 'import json, sys; print(json.load(sys.stdin)["best"]["valid_accuracy"])' < "$work/run.json")
  echo "$1,$2,$3,$(number seconds < "$work/run.json"),$(number waited < "$work/run.json"),$valid,$(IFS=,; echo "${accuracies[*]}")" | tee -a "$4"
  rm -rf "$work/run"
}

learning() {
  bin/cull "$data/asl_phone" -o "$work/phone.db" --valid 0.2 --test 0 -q 2> /dev/null
  [ -s "$2" ] || echo "recipe,seed,epochs,seconds,waited,valid,asl_phone_test,asl_webcam" > "$2"
  local recipes=(none light standard strong sign1)
  for name in "${recipes[@]}"; do cp "recipes/augment/$name.yaml" "$work/$name.yaml"; done
  { cat recipes/augment/standard.yaml; echo "  - finger-dropout: { p: 0.5 }"; } > "$work/standard-fingers.yaml"
  { cat recipes/augment/standard.yaml; printf 'mix:\n  - cut-mix: { p: 0.5 }\n'; } > "$work/standard-cutmix.yaml"
  { cat "$work/standard-fingers.yaml"; printf 'mix:\n  - cut-mix: { p: 0.5 }\n'; } > "$work/standard-both.yaml"
  for seed in 1 2 3; do
    for recipe in "${recipes[@]}" standard-{fingers,cutmix,both}; do learn "$recipe" "$seed" "$1" "$2" "$data/asl_phone_test" "$data/asl_webcam"; done
  done
}

people() {
  bin/cull "$data/asl_phone" -o "$work/phone.db" --valid 0.2 --test 0 -q 2> /dev/null
  mkdir "$work/people"
  for pair in 0:O 2:V 6:W 9:F; do cp -r "$data/digits/${pair%:*}" "$work/people/${pair#*:}"; done
  [ -s "$2" ] || echo "recipe,seed,epochs,seconds,waited,valid,people" > "$2"
  [ $# -gt 2 ] || set -- "$@" 1
  for seed in "${@:3}"; do
    for recipe in none light standard strong sign1; do
      cp "recipes/augment/$recipe.yaml" "$work/$recipe.yaml"
      learn "$recipe" "$seed" "$1" "$2" "$work/people"
    done
  done
}

case "${1:-3}" in
  loader) loader ;;
  learning) learning "${2:-12}" "${3:-learning.csv}" ;;
  people) people "${2:-10}" "${3:-people.csv}" "${@:4}" ;;
  *) recipes "${1:-3}" ;;
esac
