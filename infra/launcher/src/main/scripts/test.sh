#!/usr/bin/env bash
# test.sh ROOT [MAVEN OPTIONS]: installs what the tests need on Debian, builds everything and runs all tests.
set -euo pipefail
root=$1
shift
. "$root/infra/launcher/src/main/scripts/jdk.sh"
find_jdk25 >/dev/null
. "$root/infra/launcher/src/main/scripts/forky.sh"

need=()
command -v mvn >/dev/null 2>&1 || need+=(maven)
command -v gcc >/dev/null 2>&1 || need+=(gcc libc6-dev)
command -v kubectl >/dev/null 2>&1 || need+=(kubernetes-client)
if [ "$(id -u)" = 0 ]; then
  for pair in containerd:containerd runc:runc busybox:busybox-static iptables:iptables kcat:kcat openssl:openssl; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || need+=("${pair##*:}")
  done
  /usr/bin/python3 -c 'import kubernetes' 2>/dev/null || need+=(python3-kubernetes)
  [ -x /usr/lib/cni/bridge ] || need+=(containernetworking-plugins)
  if [ ${#need[@]} -gt 0 ]; then
    echo "Installing what the tests need: ${need[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
  fi
elif [ ${#need[@]} -gt 0 ]; then
  echo "logplane: the tests need ${need[*]}; install them or run as root" >&2
  exit 1
fi

newest_kubectl "$root/target/kubectl" 1.36
client_go "$root/target/go" 1.26
go=$root/target/go/usr/lib/go-1.26
if [ -x "$go/bin/go" ]; then # client-go takes minutes to compile the first time: meanwhile other tests run
  GOROOT=$go GOPATH=$root/target/go/usr/share/gocode GO111MODULE=off CGO_ENABLED=0 GOTOOLCHAIN=local \
    nice "$go/bin/go" test -C "$root/e2e/src/test/go/clientgo" -vet=off -c -o /dev/null . >/dev/null 2>&1 &
fi

cd "$root"
began=$(date +%s)
log=$(mktemp)
set +e
./mvnw -B -ntp install "$@" 2>&1 | tee "$log" | grep --line-buffered -E 'Tests run:|ERROR|FAIL|BUILD|Reactor Summary|SUCCESS|Building Logplane|SKIPPED|warning:'
code=${PIPESTATUS[0]}
set -e
echo "All of it took $((($(date +%s) - began) / 60)) min $((($(date +%s) - began) % 60)) s; the whole output is in $log"
exit "$code"
