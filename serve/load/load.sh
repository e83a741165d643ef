#!/bin/sh
# The load test of docs/serving.md: requests of one image each, by wrk, beside what `test` reaches.
#
#   serve/load/load.sh [RUN_DIR]
#
# RUN_DIR is a run on images of 32x32x1 (default: pretrained/equivariant-fashion), whose data set
# `test` must find. Wants wrk and curl, and the machine for itself.
#
# Environment:
#   SECONDS_EACH   of a measurement (default: 20)
#   REQUESTS       of the test of memory (default: 100000)
set -eu
cd -- "$(dirname -- "$0")/../.."

run=${1:-pretrained/equivariant-fashion}
seconds=${SECONDS_EACH:-20}
requests=${REQUESTS:-100000}
picture=tools/src/test/resources/pictures/plain.png

folder=$(mktemp -d)
./performer --version >/dev/null # builds what is missing
./performer serve "model=$run" --rest_api_port 0 >"$folder/out" &
server=$!
trap 'kill $server 2>/dev/null; wait $server; rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
until grep -q '^listening on ' "$folder/out"; do
  kill -0 $server
  sleep 0.2
done
address=$(sed -n 's/^listening on //p' "$folder/out")

# One image as a PNG in Base64, and as lists of pixels.
printf '{"signature_name": "encoded_images", "instances": [{"b64": "%s"}]}' \
  "$(base64 <"$picture" | tr -d '\n')" >"$folder/png.json"
awk 'BEGIN {
  srand(1)
  printf "{\"instances\": [["
  for (y = 0; y < 32; y++) {
    printf y ? ", [" : "["
    for (x = 0; x < 32; x++) printf "%s[%d]", x ? ", " : "", 256 * rand()
    printf "]"
  }
  printf "]]}"
}' >"$folder/pixels.json"

# load BODY CONNECTIONS SECONDS
load() {
  threads=1
  [ "$2" -lt 2 ] || threads=2
  wrk -t "$threads" -c "$2" -d "${3}s" --timeout 30s -s serve/load/predict.lua \
    "${address}v1/models/model:predict" -- "$folder/$1.json" | tail -n 1
}

memory() {
  ps -o rss= -p $server | awk '{ printf "%.0f MiB resident\n", $1 / 1024 }'
}

answered() {
  curl -s "${address}metrics" |
    awk '/^serve_requests_seconds_count.*predict/ { sum += $2 } END { printf "%d", sum }'
}

# Images/s in the middle of the test images, from two lines of progress.
test_speed() {
  ./performer test "$run" 2>&1 >/dev/null | while IFS= read -r line; do
    printf '%s %s\n' "$(date +%s.%N)" "$line"
  done | sed -n 's|^\([0-9.]*\) .*  test  \([0-9]*\)/.*|\1 \2|p' | awk '
    NR == 1 { time = $1; images = $2 }
    { speed = ($2 - images) / ($1 - time + (NR == 1)) }
    END { if (NR > 1) printf "%.0f images/s\n", speed; else print "too few images to say" }'
}

load pixels 64 30 >/dev/null # until Java has compiled what is often used
for connections in 1 64; do
  for body in pixels png; do
    echo "$body, $connections connections: $(load $body $connections "$seconds")"
  done
done
echo "test: $(test_speed)"
first=$(answered)
for quarter in 0 1 2 3 4; do
  while [ "$(answered)" -lt "$((first + quarter * requests / 4))" ]; do
    load pixels 64 5 >/dev/null
  done
  echo "after $(answered) requests: $(memory)"
done
