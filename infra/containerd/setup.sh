#!/usr/bin/env bash
# setup.sh DIR: makes everything a node needs on this machine, so that run.sh DIR can start containerd.
#
# Installs missing Debian packages, writes DIR/containerd/config.toml and CNI configuration (own root, state, socket, bridge and
# subnet, so that several DIRs run side by side), builds the images `logplane.local/pause:1` and `logplane.local/busybox:1` and
# imports them. Running it again changes nothing and takes a fraction of a second.
# The last line of output is the one sentence that says what is wrong when the exit code is not 0.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/lib.sh"
[ $# -eq 1 ] || fail "usage: setup.sh DIR"
locate "$1"
[ "$(id -u)" = 0 ] || fail "running containers needs root"

install_packages() {
  local missing=() pair
  for pair in containerd:containerd ctr:containerd runc:runc busybox:busybox-static iptables:iptables ip:iproute2; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair#*:}")
  done
  [ -x "$cni_bin/bridge" ] || missing+=(containernetworking-plugins)
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null 2>&1 ||
    fail "not installed: ${missing[*]}, and this is not Debian (no apt-get); install them and try again"
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # Debian's containerd service must not decide anything: ours has its own configuration and is started by our supervisor.
  export RUNLEVEL=1
  apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}" ||
    { apt-get update -q -o DPkg::Lock::Timeout=120 &&
      apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}"; } ||
    fail "Debian packages could not be installed: ${missing[*]}"
}

# A subnet nobody on this machine uses, kept for ever once chosen.
choose_subnet() {
  [ -s "$base/subnet" ] && return
  local seed n
  seed=$((16#$id % 16000))
  for n in $(seq 0 255); do
    # 10.64.0.0 - 10.126.x.0: apart from 10.96.0.0/16, the usual service range.
    local k=$(((seed + n) % 16000)) second
    second=$((64 + k / 256))
    [ "$second" -eq 96 ] && continue
    local candidate="10.$second.$((k % 256))"
    ip -4 route show table all | grep -q "$candidate\." && continue
    echo "$candidate" >"$base/subnet"
    return
  done
  fail "no free subnet found for pods in 10.64.0.0/10"
}

snapshotter() {
  local probe="$base/root/.probe" answer=native
  mkdir -p "$probe/l" "$probe/u" "$probe/w" "$probe/m"
  if mount -t overlay overlay -o "lowerdir=$probe/l,upperdir=$probe/u,workdir=$probe/w" "$probe/m" 2>/dev/null; then
    umount "$probe/m"
    answer=overlayfs
  fi
  rm -rf "$probe"
  echo "$answer"
}

write_configuration() {
  local subnet
  subnet=$(cat "$base/subnet")
  if [ -f "$base/config.toml" ] && [ "$base/config.toml" -nt "$here/setup.sh" ] && [ "$base/config.toml" -nt "$here/config.toml.in" ]; then return; fi
  sed -e "s|@BASE@|$base|g" -e "s|@SOCKET@|$socket|g" -e "s|@CNI_BIN@|$cni_bin|g" -e "s|@SNAPSHOTTER@|$(snapshotter)|g" \
    "$here/config.toml.in" >"$base/config.toml.new"
  sed -e "s|@BASE@|$base|g" -e "s|@NAME@|$bridge|g" -e "s|@BRIDGE@|$bridge|g" -e "s|@SUBNET@|$subnet|g" \
    "$here/cni.conflist.in" >"$base/cni/conf/10-logplane.conflist"
  mv "$base/config.toml.new" "$base/config.toml"
}

build_images() {
  local rootfs="$base/images/rootfs"
  if [ ! -s "$base/images/pause.tar" ]; then
    rm -rf "$rootfs" && mkdir -p "$rootfs"
    if command -v gcc >/dev/null 2>&1 && gcc -Os -static -s -o "$rootfs/pause" "$here/pause.c" 2>/dev/null; then
      "$here/make-image.sh" "$pause_image" "$rootfs" --output "$base/images/pause.tar" --entrypoint /pause
    else
      # No compiler: busybox sleeps as well as pause does, it is only larger.
      mkdir -p "$rootfs/bin" && cp "$(command -v busybox)" "$rootfs/bin/busybox"
      "$here/make-image.sh" "$pause_image" "$rootfs" --output "$base/images/pause.tar" --entrypoint "/bin/busybox sleep 2147483647"
    fi
  fi
  if [ ! -s "$base/images/busybox.tar" ]; then
    "$here/make-image.sh" "$busybox_image" "$(command -v busybox)" --output "$base/images/busybox.tar"
  fi
  rm -rf "$rootfs"
}

# Images live in containerd's root; importing needs a running containerd: ours if it runs, a short-lived one if not.
import_images() {
  [ "$base/images/.imported" -nt "$base/images/busybox.tar" ] && [ "$base/images/.imported" -nt "$base/images/pause.tar" ] && return
  local own=
  if ! answers; then
    "$here/run.sh" "$dir" >"$base/setup.log" 2>&1 &
    own=$!
    local n
    for n in $(seq 1 150); do
      answers && break
      kill -0 "$own" 2>/dev/null || fail "containerd does not start: $(tail -n 1 "$base/setup.log")"
      sleep 0.1
    done
    answers || { kill "$own"; fail "containerd did not answer within 15 s on $socket"; }
  fi
  local failed=
  ctr_ images import "$base/images/pause.tar" && ctr_ images import "$base/images/busybox.tar" || failed=yes
  if [ -n "$own" ]; then kill "$own" && wait "$own" || true; fi
  [ -z "$failed" ] || fail "the images could not be imported into containerd"
  touch "$base/images/.imported"
}

install_packages
mkdir -p "$base/root" "$base/state" "$base/cni/conf" "$base/cni/data" "$base/images" || fail "cannot write to $dir"
chmod 711 "$base"
choose_subnet
write_configuration
build_images
import_images
echo "containerd is set up in $base"
