# Sourced by the scripts beside it: names derived from the data directory.

pause_image=logplane.local/pause:1
busybox_image=logplane.local/busybox:1
cni_bin=/usr/lib/cni

fail() { echo "$*" >&2; exit 1; }

# locate DIR: sets dir, base, socket, id (8 hex digits of the path's hash) and bridge.
locate() {
  dir=$(readlink -m -- "$1")
  base="$dir/containerd"
  socket="$base/containerd.sock"
  # A unix socket's path holds at most 107 bytes; containerd makes a second one with the suffix .ttrpc.
  [ $((${#socket} + 6)) -le 107 ] || fail "the path $dir is too long for a unix socket inside it; choose a data directory of at most 76 characters"
  case "$dir" in *[\|\&\"\\\ ]*) fail "the path $dir holds a character that configuration files cannot: choose another data directory" ;; esac
  id=$(printf %s "$dir" | sha256sum | cut -c 1-8)
  bridge="lp$id"
}

ctr_() { ctr --address "$socket" --namespace k8s.io "$@"; }

answers() { [ -S "$socket" ] && timeout 5 ctr --address "$socket" version >/dev/null 2>&1; }

# Pods reach the world under this machine's address.
masquerade() { # -C, -A or -D
  local subnet
  subnet="$(cat "$base/subnet").0/24"
  iptables -w 5 -t nat "$1" POSTROUTING -s "$subnet" ! -d "$subnet" -m comment --comment "logplane $bridge" -j MASQUERADE 2>/dev/null
}
