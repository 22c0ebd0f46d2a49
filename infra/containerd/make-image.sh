#!/usr/bin/env bash
# make-image.sh NAME DIR_OR_BINARY [OPTIONS]: an image from a directory (its root file system) or from one static binary.
#
#   --output FILE       only write the docker-archive tar to FILE (else the image is imported into a running node)
#   --data DIR          data directory of that node (default /var/lib/logplane)
#   --entrypoint WORDS  entry point, split at spaces
#   --cmd WORDS         default arguments, split at spaces
#
# A binary called busybox gives the usual tree with all its commands; any other binary becomes the entry point.
# The same input gives the same bytes.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/lib.sh"
[ $# -ge 2 ] || fail "usage: make-image.sh NAME DIR_OR_BINARY [--output FILE | --data DIR] [--entrypoint WORDS] [--cmd WORDS]"
name=$1 source=$2
shift 2
output='' data=/var/lib/logplane entrypoint='' cmd=''
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "$1 needs a value"
  case "$1" in
    --output) output=$2 ;;
    --data) data=$2 ;;
    --entrypoint) entrypoint=$2 ;;
    --cmd) cmd=$2 ;;
    *) fail "unknown option $1" ;;
  esac
  shift 2
done
[ -e "$source" ] || fail "there is no $source"
case "$name" in *:*) ;; *) name="$name:latest" ;; esac

work=$(mktemp -d "${TMPDIR:-/tmp}/logplane-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree="$work/tree"
if [ -d "$source" ]; then
  tree=$source
else
  mkdir -p "$tree/bin" "$tree/etc" "$tree/root" "$tree/home" "$tree/var" "$tree/tmp"
  chmod 1777 "$tree/tmp"
  binary=$(basename "$source")
  cp "$source" "$tree/bin/$binary"
  chmod 755 "$tree/bin/$binary"
  echo 'root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false' >"$tree/etc/passwd"
  echo 'root:x:0:
nogroup:x:65534:' >"$tree/etc/group"
  if [ "$binary" = busybox ]; then
    for applet in $("$source" --list); do [ -e "$tree/bin/$applet" ] || ln -s busybox "$tree/bin/$applet"; done
    [ -n "$entrypoint$cmd" ] || cmd=sh
  elif [ -z "$entrypoint" ]; then
    entrypoint="/bin/$binary"
  fi
fi

words() { # WORDS: a JSON list
  local out='' word
  for word in $1; do
    word=${word//\\/\\\\}
    out="$out,\"${word//\"/\\\"}\""
  done
  echo "[${out#,}]"
}

tar -C "$tree" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)
arch=$(dpkg --print-architecture 2>/dev/null || echo amd64)
cat >"$work/config.json" <<JSON
{"architecture":"$arch","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Entrypoint":$(words "$entrypoint"),"Cmd":$(words "$cmd"),"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"make-image.sh"}]}
JSON
config=$(sha256sum "$work/config.json" | cut -d ' ' -f 1)
mv "$work/config.json" "$work/$config.json"
echo "[{\"Config\":\"$config.json\",\"RepoTags\":[\"$name\"],\"Layers\":[\"layer.tar\"]}]" >"$work/manifest.json"
tar -C "$work" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/image.tar" manifest.json "$config.json" layer.tar
if [ -n "$output" ]; then
  mv "$work/image.tar" "$output"
else
  locate "$data"
  answers || fail "no containerd answers on $socket; start the node first, or use --output FILE"
  ctr_ images import "$work/image.tar" || fail "containerd refused the image $name"
fi
