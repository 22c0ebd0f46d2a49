#!/usr/bin/env bash
# stop-pods.sh DIR: ends every container of this node (as a power cut would); containerd must be running. They stay known, so that
# the agent starts their pods again when the node comes back.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/lib.sh"
[ $# -eq 1 ] || fail "usage: stop-pods.sh DIR"
locate "$1"
answers || fail "no containerd answers on $socket"
for task in $(ctr_ tasks ls -q); do ctr_ tasks kill --signal TERM "$task" 2>/dev/null || true; done
for n in $(seq 1 20); do
  running=$(ctr_ tasks ls | awk 'NR > 1 && $3 == "RUNNING" { print $1 }')
  [ -z "$running" ] && exit 0
  sleep 0.1
done
for task in $running; do ctr_ tasks kill --signal KILL "$task" 2>/dev/null || true; done
