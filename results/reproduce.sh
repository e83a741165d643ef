#!/bin/sh
# Trains the models of results/ and pretrained/, and makes every table and figure from them.
#
#   results/reproduce.sh [train|evaluate|all]
#
# train     one run after the other; what is finished is skipped, what was interrupted goes on
# evaluate  tables, shift curves, figures and the report from the runs that are finished
# all       both (the default)
#
# Environment:
#   DATA_PATH   folder of the data sets (default: data); what is missing is downloaded into it
#   RUNS        folder of the runs (default: results/runs)
#   OUTPUT      folder of tables and figures (default: results)
#   PRETRAINED  folder of the models (default: pretrained)
set -eu
cd -- "$(dirname -- "$0")/.."

data=${DATA_PATH:-data}
runs=${RUNS:-results/runs}
output=${OUTPUT:-results}
pretrained=${PRETRAINED:-pretrained}

# The same size and budget for all: one epoch. The learning rate is what RelativePerformer needs to
# leave the first plateau. No dropout, since no image is seen twice.
# Two threads, as the last bits of a training depend on how a batch is divided.
settings='--dim 64 --depth 2 --heads 4 --batch_size 16 --schedule noam --warmup 400
  --learning_rate 0.006 --attn_dropout 0 --ff_dropout 0 --max_epochs 1 --seed 1 --threads 2 --device cpu'

# Every redraw sets a model back; twice in 3,438 steps leaves a thousand steps after the last one.
seldom='--feature_redraw_interval 1200'

# RelativePerformer alone puts positions through the random features: within some hundred steps with
# the same features it learns what they do to positions instead of what positions mean, and is lost
# when the image moves.
often='--feature_redraw_interval 50'

# NAME MODEL OPTIONS: the claim first, in case there is no time for all.
models="RelativePerformer RelativePerformer $often
Performer Performer $seldom
ClippedRelativePerformer ClippedRelativePerformer --class_token_position corner $seldom
NoposPerformer NoposPerformer $seldom
ClippedRelativePerformer_none ClippedRelativePerformer --class_token_position none $seldom"

# pretrained_name NAME DATASET: the run's short name
pretrained_name() {
  case $1 in
    RelativePerformer) short=relative ;;
    ClippedRelativePerformer) short=clipped ;;
    ClippedRelativePerformer_none) short=clipped-none ;;
    NoposPerformer) short=nopos ;;
    *) short=performer ;;
  esac
  case $2 in FashionMNIST) echo "$short-fashion" ;; *) echo "$short-mnist" ;; esac
}

# train_one NAME MODEL DATASET OPTIONS
train_one() {
  run=$runs/$1_$3
  model=$2
  dataset=$3
  version=$1_$3
  shift 3
  if [ -f "$run/results.json" ] && [ -d "$run/saved_model" ]; then
    echo "$run is finished" >&2
  elif [ -f "$run/hparams.json" ]; then
    ./performer train --resume "$run"
  else
    # shellcheck disable=SC2086 # the settings are words
    ./performer train "$model" "$dataset" $settings "$@" --data_path "$data" \
      --log_path "$(dirname "$runs")" --exp_name "$(basename "$runs")" --version "$version"
  fi
}

train() {
  printf '%s\n' "$models" | while read -r name model options; do
    for dataset_name in MNIST FashionMNIST; do
      # shellcheck disable=SC2086 # the options are words
      train_one "$name" "$model" "$dataset_name" $options </dev/null
    done
  done
}

# Copies what a user of a trained model needs: no checkpoints, no logs.
publish() {
  for dataset_name in MNIST FashionMNIST; do
    printf '%s\n' "$models" | while read -r name _; do
      run=$runs/${name}_$dataset_name
      [ -f "$run/results.json" ] || continue
      target=$pretrained/$(pretrained_name "$name" "$dataset_name")
      rm -rf "$target"
      mkdir -p "$target"
      cp -r "$run/hparams.json" "$run/metrics.csv" "$run/results.json" "$run/saved_model" "$target"
    done
  done
}

evaluate() {
  publish
  ./performer test-recursive "$runs" --data_path "$data" --output "$output/model_evaluations.csv"
  for dataset_name in MNIST FashionMNIST; do
    set --
    for run in "$runs"/*_"$dataset_name"; do
      [ ! -f "$run/results.json" ] || set -- "$@" "$run"
    done
    [ $# -gt 0 ] || continue
    sweep=$output/${dataset_name}_1_shift
    ./performer test-shifted "$@" --data_path "$data" --labels 1 --min_shift 8 --output "$sweep.csv"
    ./performer plot-shift "$sweep.csv" --output "$sweep.svg"
    ./performer plot-shift "$sweep.csv" --output "$sweep.png"
    ./performer report "$@" --data_path "$data" --output "$output/${dataset_name}_report.html"
  done
}

case ${1:-all} in
  train) train ;;
  evaluate) evaluate ;;
  all) train; evaluate ;;
  *) echo "usage: $0 [train|evaluate|all]" >&2; exit 2 ;;
esac
