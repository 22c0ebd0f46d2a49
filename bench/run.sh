#!/usr/bin/env bash
# bench/run.sh: starts a Logplane of its own, measures it with a load generator, prints a Markdown table, stops it.
#
# Usage: bench/run.sh --loadgen BINARY [--only REGEX] [--keep]
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
    *) sed -n '2,8p' "$0"; exit 2 ;;
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
  "$root/logplane" up --data "$data" --port "$port" --no-containers --hollow-nodes "$1" >&2
  pem client-certificate-data >"$data/bench.crt"
  pem client-key-data >"$data/bench.key"
  pid=$(cat "$data/run/control-plane.pid")
}

echo "Machine: $(nproc) cores ($(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)), $(free -g | awk '/Mem/ {print $2}') GiB, $(uname -sr); load generator on the same machine."
echo "Commit: $(git -C "$root" rev-parse --short HEAD)"
echo
echo "| work | command | result | server memory |"
echo "|---|---|---|---|"
row() { # NAME ARGUMENTS...
  local name=$1 out
  shift
  [[ $name =~ $only ]] || return 0
  out=$("$loadgen" -server "https://127.0.0.1:$port" -cert "$data/bench.crt" -key "$data/bench.key" -pids "$pid" "$@" 2>&1 | tail -n 1)
  echo "| $name | \`$*\` | \`$out\` | $(awk '/VmRSS/ { printf "%d MiB", $2 / 1024 }' "/proc/$pid/status") |"
}
begin 1
row "warm-up" -mode create -n 5000 -c 64 -prefix warm
row "create, 1 client" -mode create -n 3000 -c 1 -prefix c1
row "create, 16 clients" -mode create -n 10000 -c 16 -prefix c16
row "create, 64 clients" -mode create -n 20000 -c 64 -prefix c64
row "create, 256 clients" -mode create -n 12000 -c 256 -prefix c256
row "update, 64 clients" -mode update -n 15000 -c 64 -prefix c64
row "get, 1 client" -mode get -n 5000 -c 1 -prefix c64
row "get, 64 clients" -mode get -n 20000 -c 64 -prefix c64
row "get, 64 clients, resourceVersion=0" -mode get -n 20000 -c 64 -prefix c64 -query resourceVersion=0
row "list 50k objects, 1 client" -mode list -n 10 -c 1
row "list 50k objects, 4 clients" -mode list -n 20 -c 4
row "watch, 100 watchers" -mode watch -watchers 100 -n 500
row "watch, 1000 watchers" -mode watch -watchers 1000 -n 200
if [[ sched =~ $only ]]; then begin 1000; fi
row "sched, 500 pods, 1000 nodes, cold" -mode sched -kind pods -n 500 -c 64 -prefix w
row "sched, 3000 pods, 1000 nodes" -mode sched -kind pods -n 3000 -c 64 -prefix s
