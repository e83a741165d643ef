#!/bin/sh
# Trains the models of results/ and pretrained/, and makes every table and figure from them.
#
#   results/reproduce.sh [train|evaluate|rotations|ablations|all]
#
# train      one run after the other; what is finished is skipped, what was interrupted goes on
# evaluate   tables, shift curves, figures and the report from the runs that are finished
# rotations  networks that know rotations and others on turned digits: runs, tables, curves
# ablations  what carries EquivariantPerformer's accuracy: many small runs and their table
# all        train, evaluate and rotations (the default)
#
# Environment:
#   DATA_PATH   folder of the data sets (default: data); what is missing is downloaded into it
#   RUNS        folder of the runs (default: results/runs)
#   ROTATED     folder of the runs on turned digits (default: results/rotated)
#   ABLATIONS   folder of the small runs (default: results/ablations)
#   OUTPUT      folder of tables and figures (default: results)
#   PRETRAINED  folder of the models (default: pretrained)
set -eu
cd -- "$(dirname -- "$0")/.."

data=${DATA_PATH:-data}
runs=${RUNS:-results/runs}
rotated=${ROTATED:-results/rotated}
ablations=${ABLATIONS:-results/ablations}
output=${OUTPUT:-results}
pretrained=${PRETRAINED:-pretrained}

# The same budget for all: one epoch. Two threads, as the last bits of a training depend on how a batch
# is divided.
settings='--max_epochs 1 --threads 2 --device cpu'

# The same size for all transformers. No dropout, since no image is seen twice.
transformer='--dim 64 --depth 2 --heads 4 --batch_size 16 --schedule noam --attn_dropout 0 --ff_dropout 0'

# RelativePerformer alone puts positions through the random features, whose error depends on the
# positions: new features often keep it from reading them there. And its slow frequencies sum over half
# of the image, which the edges cut off when a picture moves; so it has the fast one alone. At 0.006 it
# stayed on the first plateau of FashionMNIST.
often="$transformer --warmup 400 --pos_scales 1 --learning_rate 0.006 --feature_redraw_interval 20"
often_slowly="$transformer --warmup 400 --pos_scales 1 --learning_rate 0.002 --feature_redraw_interval 50"

# The others need no new features, and each redraw sets them back. Two of them cost little where
# learning is fast; on FashionMNIST ClippedRelativePerformer stayed on the first plateau with them,
# and with this learning rate.
seldom="$transformer --warmup 400 --learning_rate 0.006 --feature_redraw_interval 1200"
never="$transformer --warmup 400 --learning_rate 0.002 --feature_redraw_interval 0"

# EquivariantPerformer has no random features by default. FashionMNIST's textures want the wider
# convolution (chosen on validation images of runs at 16x16, see results/README.md).
waves="$transformer --warmup 200 --learning_rate 0.003"
waves_wide="$transformer --warmup 200 --learning_rate 0.003 --local 5"

# The convolutional baselines have the paper's settings, which are for 20 epochs; AlexNet learns more from
# one at five times their rate (see results/README.md).
convolutions_fast='--learning_rate 0.001'

# RUN MODEL DATASET OPTIONS: the claim first, in case there is no time for all. A name that ends in
# _seedN has that seed, the others 1; it stands in the table alone.
runs_and_options="EquivariantPerformer_MNIST EquivariantPerformer MNIST $waves
EquivariantPerformer_FashionMNIST EquivariantPerformer FashionMNIST $waves_wide
EquivariantPerformer_MNIST_seed2 EquivariantPerformer MNIST $waves
EquivariantPerformer_FashionMNIST_seed2 EquivariantPerformer FashionMNIST $waves_wide
RelativePerformer_MNIST RelativePerformer MNIST $often
RelativePerformer_FashionMNIST RelativePerformer FashionMNIST $often_slowly
Performer_MNIST Performer MNIST $seldom
Performer_FashionMNIST Performer FashionMNIST $seldom
ClippedRelativePerformer_MNIST ClippedRelativePerformer MNIST --class_token_position corner $seldom
ClippedRelativePerformer_FashionMNIST ClippedRelativePerformer FashionMNIST --class_token_position corner $never
ClippedRelativePerformer_none_MNIST ClippedRelativePerformer MNIST --class_token_position none $never
NoposPerformer_MNIST NoposPerformer MNIST $never
ClippedRelativePerformer_none_FashionMNIST ClippedRelativePerformer FashionMNIST --class_token_position none $never
NoposPerformer_FashionMNIST NoposPerformer FashionMNIST $never
AlexNet_MNIST AlexNet MNIST $convolutions_fast
AlexNet_FashionMNIST AlexNet FashionMNIST $convolutions_fast
ResNet18_MNIST ResNet18 MNIST
ResNet18_FashionMNIST ResNet18 FashionMNIST"

# On turned digits the group networks have the same layers, channels and settings, so that their parameters
# differ by the tables of the groups alone. At 20x20 the poolings halve an even side, which keeps quarter
# turns exact. Their first loss is at 10 or more with the preset's initial values, and most of a short
# training goes into mending that; so they start smaller.
turned='--max_epochs 4 --limit_test 10000 --threads 2 --device cpu'
group_network='--image_size 20 --num_channels 16 --num_heads 2 --block_sizes 0,1,2 --expansion_per_block 1,1,1
  --crop_per_layer 0,0,0 --normalize_between_layers true --dropout_att 0 --dropout_values 0 --whitening_scale 0.7
  --batch_size 8 --learning_rate 0.005 --schedule multistep --sched_decay_steps 3 --sched_decay_factor 5'
group_network=$(echo $group_network) # one line
small_transformer="--dim 32 --depth 2 --heads 4 --batch_size 16 --schedule noam --warmup 400 --learning_rate 0.006
  --attn_dropout 0 --ff_dropout 0 --feature_redraw_interval 0"
small_transformer=$(echo $small_transformer)

turned_runs="p4 GroupSelfAttention RotMNISTMade --group p4 $group_network
z2 GroupSelfAttention RotMNISTMade --group z2 $group_network
Z2CNN Z2CNN RotMNISTMade
Performer Performer RotMNISTMade $small_transformer
p8 GroupSelfAttention RotMNISTMade --group p8 $group_network
p4m GroupSelfAttention RotMNISTMade --group p4m $group_network"

# pretrained_name RUN: its name in pretrained/
pretrained_name() {
  case $1 in
    EquivariantPerformer_*) short=equivariant ;;
    RelativePerformer_*) short=relative ;;
    ClippedRelativePerformer_none_*) short=clipped-none ;;
    ClippedRelativePerformer_*) short=clipped ;;
    NoposPerformer_*) short=nopos ;;
    *) short=performer ;;
  esac
  case $1 in *_FashionMNIST) echo "$short-fashion" ;; *) echo "$short-mnist" ;; esac
}

# train_one FOLDER RUN MODEL DATASET OPTIONS
train_one() {
  folder=$1
  shift
  run=$folder/$1
  name=$1
  case $name in *_seed*) seed=${name##*_seed} ;; *) seed=1 ;; esac
  shift
  if [ -f "$run/results.json" ] && [ -d "$run/saved_model" ]; then
    echo "$run is finished" >&2
  elif [ -f "$run/hparams.json" ]; then
    ./performer train --resume "$run"
  else
    # shellcheck disable=SC2086 # the settings are words
    ./performer train "$@" $settings --seed "$seed" --data_path "$data" \
      --log_path "$(dirname "$folder")" --exp_name "$(basename "$folder")" --version "$name"
  fi
}

train() {
  printf '%s\n' "$runs_and_options" | while read -r words; do
    # shellcheck disable=SC2086 # a line is words
    train_one "$runs" $words </dev/null
  done
}

# One thing changed at a time, at a quarter of the pixels and a third of the steps; and Performer at
# four learning rates, so that it is not the rate that is compared.
ablate() {
  settings="$settings --image_size 16 --max_steps 1200"
  for dataset_name in MNIST FashionMNIST; do
    printf '%s\n' "equivariant EquivariantPerformer $waves
equivariant_seed2 EquivariantPerformer $waves
local_0 EquivariantPerformer $waves --local 0
local_5 EquivariantPerformer $waves --local 5
favor EquivariantPerformer $waves --features favor
edges_zero EquivariantPerformer $waves --edges zero
waves_1 EquivariantPerformer $waves --max_wave 1
rate_0.006 EquivariantPerformer $transformer --warmup 200 --learning_rate 0.006
performer_0.0015 Performer $transformer --warmup 200 --learning_rate 0.0015 --feature_redraw_interval 0
performer_0.003 Performer $transformer --warmup 200 --learning_rate 0.003 --feature_redraw_interval 0
performer_0.006 Performer $transformer --warmup 200 --learning_rate 0.006 --feature_redraw_interval 0
performer_0.012 Performer $transformer --warmup 200 --learning_rate 0.012 --feature_redraw_interval 0" |
      while read -r name model words; do
        # shellcheck disable=SC2086 # a line is words
        train_one "$ablations" "${dataset_name}_$name" $model $dataset_name $words </dev/null
      done
  done
  ./performer test-recursive "$ablations" --data_path "$data" --output "$output/ablations.csv"
}

rotations() {
  settings=$turned
  printf '%s\n' "$turned_runs" | while read -r words; do
    # shellcheck disable=SC2086 # a line is words
    train_one "$rotated" $words </dev/null
  done
  for group in p4 z2; do
    publish_one "$rotated/$group" "$pretrained/gsa-$group-rotmnist"
  done
  ./performer test-recursive "$rotated" --data_path "$data" --output "$output/rotated_evaluations.csv"
  set --
  for name in $(printf '%s\n' "$turned_runs" | cut -d ' ' -f 1); do
    set -- "$@" "$rotated/$name"
  done
  curve=$output/RotMNISTMade_rotation
  ./performer test-rotated "$@" --data_path "$data" --limit_test 1000 --output "$curve.csv"
  ./performer plot-rotation "$curve.csv" --output "$curve.svg"
  ./performer plot-rotation "$curve.csv" --output "$curve.png"
  ./performer report "$@" --data_path "$data" --limit_test 1000 --output "$output/RotMNISTMade_report.html"
}

# publish_one RUN TARGET: copies what a user of a trained model needs, no checkpoints, no logs.
publish_one() {
  rm -rf "$2"
  mkdir -p "$2"
  cp -r "$1/hparams.json" "$1/metrics.csv" "$1/results.json" "$1/saved_model" "$2"
}

publish() {
  printf '%s\n' "$runs_and_options" | while read -r name _; do
    case $name in *_seed* | AlexNet_* | ResNet18_*) continue ;; esac # the last ones are large
    [ -f "$runs/$name/results.json" ] || continue
    publish_one "$runs/$name" "$pretrained/$(pretrained_name "$name")"
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
    ./performer report "$@" --data_path "$data" --limit_test 1000 --output "$output/${dataset_name}_report.html"
  done
}

case ${1:-all} in
  train) train ;;
  evaluate) evaluate ;;
  rotations) rotations ;;
  ablations) ablate ;;
  all) train; evaluate; rotations ;;
  *) echo "usage: $0 [train|evaluate|rotations|ablations|all]" >&2; exit 2 ;;
esac
