# Sourced: programs of Debian forky for the tests, unpacked into a directory. Neither the machine's packages nor its
# apt sources are changed; root is not needed.

# unpack_from_forky DIRECTORY NAME... [-- PATTERN]: the packages NAME and, of those they need, the ones that match
# PATTERN whole.
unpack_from_forky() {
  local directory names=() pattern='^$' mirror apt options deb
  directory=$(mkdir -p "$1" && cd "$1" && pwd) || return 1
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    names+=("$1")
    shift
  done
  [ $# -lt 2 ] || pattern="^($2)$"
  command -v apt-get >/dev/null 2>&1 || return 1
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
    awk '/\/debian\/$/ {print; exit}')
  apt=$directory/apt
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  : >"$apt/status" # as if nothing were installed
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror forky main" >"$apt/sources.list"
  options=(-qq -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status"
    -o "Dir::Cache=$apt" -o APT::Sandbox::User=)
  apt-get "${options[@]}" update || return 1
  mapfile -t names < <(
    printf '%s\n' "${names[@]}"
    apt-get "${options[@]}" install --no-install-recommends --print-uris "${names[@]}" |
      awk '{sub(/_.*/, "", $2); print $2}' | grep -E "$pattern"
  )
  (cd "$apt/archives" && apt-get "${options[@]}" download "${names[@]}") || return 1
  for deb in "$apt"/archives/*.deb; do
    dpkg -x "$deb" "$directory" || return 1
  done
  rm -r "$apt"
}

# newest_kubectl DIRECTORY VERSION: puts kubectl.VERSION there, when forky has it. Says so when it has not.
newest_kubectl() {
  local directory=$1 version=$2 unpacked=$1/forky
  [ ! -x "$directory/kubectl.$version" ] || return 0
  if unpack_from_forky "$unpacked" kubectl &&
    "$unpacked/usr/bin/kubectl" version --client 2>/dev/null | grep "v$version\." >/dev/null; then
    mv "$unpacked/usr/bin/kubectl" "$directory/kubectl.$version"
  else
    echo "kubectl $version is not to be had from Debian forky: the tests go on with the kubectl there is"
  fi
  rm -rf "$unpacked"
}

# client_go DIRECTORY GO: puts client-go and the Go of this version there, when forky has them. Says so when it has not.
client_go() {
  [ ! -d "$1" ] || return 0
  if ! unpack_from_forky "$1" "golang-$2-go" golang-k8s-client-go-dev -- "golang-(.*-dev|$2-src)"; then
    rm -rf "$1"
    echo "client-go with Go $2 is not to be had from Debian forky: the tests go on without"
  fi
}
