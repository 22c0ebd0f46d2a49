#!/usr/bin/env bash
# run.sh DIR: runs containerd in the foreground, for a supervisor. setup.sh DIR must have run before.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/lib.sh"
[ $# -eq 1 ] || fail "usage: run.sh DIR"
locate "$1"
[ -f "$base/config.toml" ] || fail "$dir has no containerd configuration; run setup.sh $dir first"
# The state describes processes and mounts of the running kernel: after a reboot it describes nothing.
boot=$(cat /proc/sys/kernel/random/boot_id)
if [ -f "$base/boot-id" ] && [ "$(cat "$base/boot-id")" != "$boot" ]; then rm -rf "$base/state"; fi
echo "$boot" >"$base/boot-id"
masquerade -C || masquerade -A || echo "iptables refuses masquerading; pods will not reach other networks" >&2
exec containerd --config "$base/config.toml"
