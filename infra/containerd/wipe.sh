#!/usr/bin/env bash
# wipe.sh DIR: removes what this node left outside its directory: processes, mounts, bridge, packet rules. Nothing of it may be
# running any more except containers. The directory itself is the caller's to delete.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/lib.sh"
[ $# -eq 1 ] || fail "usage: wipe.sh DIR"
locate "$1"
# The shims of this instance name its socket on their command line; their containers are their children.
for pid in $(pgrep -f -- "containerd-shim.* -address $socket( |$)"); do
  for child in $(pgrep -P "$pid"); do kill -KILL "$child" 2>/dev/null; done
  kill -KILL "$pid" 2>/dev/null
done
sleep 0.1
awk '{ print $5 }' /proc/self/mountinfo | grep -F "$dir/" | sort -r | while read -r mount; do
  umount "$mount" 2>/dev/null || umount -l "$mount" 2>/dev/null
done
if [ -f "$base/subnet" ]; then while masquerade -C; do masquerade -D || break; done; fi
ip link delete "$bridge" 2>/dev/null
exit 0
