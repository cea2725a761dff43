#!/usr/bin/env bash
# What every recipe comes to on one signer's frames (asl_phone), from scratch: validated on scenes held out (a fifth), then judged on other sessions of the same signer
# (asl_phone_test) and on another person (asl_webcam). Recipes that answer published figures begin with ImageNet's weights there; here none are to be had.
#   benchmarks/recipes.sh table.csv [recipe...]    run again it goes on with the rows that the table lacks
# The large ones are shown smaller pictures than their recipes say, so that it ends within hours on two cores: what was changed is in the table.
# DATA: a folder with the image sets; SEED: 1.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data} seed=${SEED:-1} python=${PYTHON:-/usr/bin/python3} table=${1:?name a table.csv}
shift
[ $# -gt 0 ] || set -- signmnist-cnn signmnist-cnn-tuned tiny fast quantized-resnet18 fastai-resnet18 capstone-resnet50 sign1-lite4 sign1-b4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number() { "$python" -c 'import json, sys; print(round(float(json.load(sys.stdin)[sys.argv[1]]), 4))' "$1"; }
changed() {
  case $1 in
    fastai-resnet18 | capstone-resnet50 | quantized-resnet18) echo "--size 96" ;;
    sign1-*) echo "--size 64 --epochs 4" ;;
  esac
}

bin/cull "$data/asl_phone" -o "$work/phone.db" --valid 0.2 --test 0 -q 2> /dev/null
[ -s "$table" ] || echo "recipe,changed,seed,seconds,images_per_second,valid,asl_phone_test,asl_webcam" > "$table"
for recipe in "$@"; do
  for model in "$recipe" "$recipe int8"; do
    [[ $model != *int8 || $recipe == quantized-* ]] || continue
    if grep -q "^$model,[^,]*,$seed," "$table"; then continue; fi
    run=$work/$recipe
    if [ ! -d "$run" ]; then
      # shellcheck disable=SC2046
      bin/train "$work/phone.db" -o "$run" --recipe "recipes/$recipe.yaml" --seed "$seed" $(changed "$recipe") -q --json > "$run.json"
    fi
    judged=$run
    [[ $model != *int8 ]] || judged=$run/int8.safetensors
    accuracies=()
    for set in "$work/phone.db" "$data/asl_phone_test" "$data/asl_webcam"; do
      split=()
      [[ $set != *.db ]] || split=(--split valid)
      accuracies+=("$(bin/eval "$judged" "$set" "${split[@]}" -q --json -o "$work/report.html" 2> /dev/null | number accuracy)")
    done
    echo "$model,$(changed "$recipe"),$seed,$(number seconds < "$run.json"),$(number images_per_second < "$run.json"),$(IFS=,; echo "${accuracies[*]}")" | tee -a "$table"
  done
done
