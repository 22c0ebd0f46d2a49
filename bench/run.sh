#!/usr/bin/env bash
# bench/run.sh: starts a Logplane of its own, measures it with a load generator, prints a Markdown table, stops it.
#
# Usage: bench/run.sh --loadgen BINARY [--only REGEX] [--keep]
# Needs kubectl for the Deployment.
#   --loadgen   a load generator that understands -mode create|get|update|list|watch|sched (one JSON line per run)
#   --only      run only the rows whose name matches
#   --keep      leave the instance running afterwards
# Nothing here is asserted: a bench prints figures, the command and the machine.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
loadgen= only=. keep=false
while [ $# -gt 0 ]; do
  case "$1" in
    --loadgen) loadgen=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    --keep) keep=true; shift ;;
    *) sed -n '2,9p' "$0"; exit 2 ;;
  esac
done
[ -x "$loadgen" ] || { echo "bench: --loadgen must name the load generator's binary" >&2; exit 2; }

data= port=${BENCH_PORT:-17443}
finish() { [ -z "$data" ] || $keep || "$root/logplane" down --data "$data" --wipe >/dev/null 2>&1 || true; }
trap finish EXIT
pem() { grep "$1:" "$data/admin.kubeconfig" | sed 's/.*: *"\?\([A-Za-z0-9+\/=]*\)"\?/\1/' | base64 -d; }
begin() { # NODES: a fresh instance
  finish
  data=$(mktemp -d /tmp/logplane-bench-XXXXXX)
  "$root/logplane" up --data "$data" --port "$port" --no-containers --hollow-nodes "$1" | tee "$data.up" >&2
  mv "$data.up" "$data/bench.up"
  pem client-certificate-data >"$data/bench.crt"
  pem client-key-data >"$data/bench.key"
  pid=$(cat "$data/run/control-plane.pid")
  until kubectl --kubeconfig "$data/admin.kubeconfig" get serviceaccount default >/dev/null 2>&1; do
    sleep 0.2 # pods are refused before it is there
  done
}

echo "Machine: $(nproc) cores ($(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)), $(free -g | awk '/Mem/ {print $2}') GiB, $(uname -sr); load generator on the same machine."
echo "Commit: $(git -C "$root" rev-parse --short HEAD)"
echo
echo "| work | command | result | server memory |"
echo "|---|---|---|---|"
resident() { awk '/VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$pid/status"; }
wanted() { [[ $1 =~ $only ]]; }
line() { echo "| $1 | \`$2\` | \`$3\` | $4 |"; }
generate() { # ARGUMENTS...: a run that fails is a row too, and the rows behind it still run
  "$loadgen" -server "https://127.0.0.1:$port" -cert "$data/bench.crt" -key "$data/bench.key" -pids "$pid" "$@" 2>&1 |
    tail -n 1 || true
}
row() { # NAME ARGUMENTS...
  local name=$1 out
  shift
  wanted "$name" || return 0
  out=$(generate "$@")
  line "$name" "$*" "${out:-no output}" "$(resident) MiB"
}
# Memory while that many watches are open; one update at the end shows that each of them lives.
watching() { # NAME WATCHERS
  local before peak now out
  wanted "$1" || return 0
  before=$(resident) peak=$before
  generate -mode watch -watchers "$2" -n 1 -prefix idle >"$data/bench.out" &
  local run=$!
  while kill -0 "$run" 2>/dev/null; do
    now=$(resident)
    [ "$now" -le "$peak" ] || peak=$now
    sleep 0.2
  done
  wait "$run" || true
  out=$(cat "$data/bench.out")
  line "$1" "-mode watch -watchers $2 -n 1" "${out:-no output}" \
    "$before MiB before, $peak MiB at most, $((peak - before)) MiB more"
}
bound() { awk 'NF == 2 && !seen[$1]++ { n++ } END { print n + 0 }' "$data/bench.bound"; }
deployment() { # NAME REPLICAS: from the Deployment's creation to the last pod with a node, seen by a watch
  local limit=180 began spent=0 watch
  wanted "$1" || return 0
  : >"$data/bench.bound"
  kubectl --kubeconfig "$data/admin.kubeconfig" get pods -l app=bench --watch-only \
    -o jsonpath='{.metadata.name} {.spec.nodeName}{"\n"}' >"$data/bench.bound" 2>/dev/null &
  watch=$!
  sleep 2 # the watch is open before the first pod
  began=$(date +%s%N)
  kubectl --kubeconfig "$data/admin.kubeconfig" create deployment bench --image=x --replicas="$2" >&2 || true
  while [ "$(bound)" -lt "$2" ] && [ "$spent" -lt $((limit * 1000)) ]; do
    sleep 0.1
    spent=$((($(date +%s%N) - began) / 1000000))
  done
  kill "$watch" 2>/dev/null || true
  wait "$watch" 2>/dev/null || true
  line "$1" "kubectl create deployment --replicas=$2" "$(bound) bound after $spent ms" "$(resident) MiB"
}
started() { # NAME: how long `up` took, as it says itself; its jars are built by the start before
  wanted "$1" || return 0
  line "$1" "logplane up" "$(grep '^Ready after' "$data/bench.up" || echo 'did not say')" "$(resident) MiB"
}

begin 1
begin 1 # again: the first start may have built the jars
started "up to Ready, jars built"
row "warm-up" -mode create -n 5000 -c 64 -prefix warm
row "warm-up, updates" -mode update -n 5000 -c 64 -prefix warm
row "warm-up, gets" -mode get -n 5000 -c 64 -prefix warm
row "create, 1 client" -mode create -n 3000 -c 1 -prefix c1
row "create, 16 clients" -mode create -n 10000 -c 16 -prefix c16
row "create, 64 clients" -mode create -n 20000 -c 64 -prefix c64
row "create, 256 clients" -mode create -n 12000 -c 256 -prefix c256
row "update, 64 clients" -mode update -n 15000 -c 64 -prefix c64
row "update, 256 clients" -mode update -n 12000 -c 256 -prefix c256
row "get, 1 client" -mode get -n 5000 -c 1 -prefix c64
row "get, 64 clients" -mode get -n 20000 -c 64 -prefix c64
row "get, 64 clients, resourceVersion=0" -mode get -n 20000 -c 64 -prefix c64 -query resourceVersion=0
# The creates above are 50,000 objects when all rows run; `uids_in_reply` says how many there were.
row "list 50k objects, 1 connection" -mode list -n 10 -c 1
# Over HTTP/2 the generator's clients share one connection; over HTTP/1.1 each has its own.
row "list 50k objects, 4 clients, 1 connection" -mode list -n 20 -c 4
row "list 50k objects, 4 connections" -mode list -n 20 -c 4 -http1
row "watch, 100 watchers" -mode watch -watchers 100 -n 500
row "watch, 1000 watchers" -mode watch -watchers 1000 -n 200
watching "idle watches, 10000" 10000
for name in "sched, 500 pods, 1000 nodes, cold" \
  "sched, 3000 pods, 1000 nodes" \
  "deployment of 1000 replicas, 1000 nodes"; do
  if wanted "$name"; then
    begin 1000
    break
  fi
done
row "sched, 500 pods, 1000 nodes, cold" -mode sched -kind pods -n 500 -c 64 -prefix w
row "sched, 3000 pods, 1000 nodes" -mode sched -kind pods -n 3000 -c 64 -prefix s
deployment "deployment of 1000 replicas, 1000 nodes" 1000
