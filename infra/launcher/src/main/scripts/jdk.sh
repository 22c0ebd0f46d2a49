# Sourced: finds a JDK 25 without being told where it is.

# Prints the home of a JDK 25, or says what to install and fails.
find_jdk25() {
  local home
  for home in "${LOGPLANE_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*jdk*25* "$HOME"/.sdkman/candidates/java/25*; do
    if [ -n "$home" ] && [ -x "$home/bin/javac" ] && "$home/bin/java" -version 2>&1 | grep -q 'version "25'; then
      echo "$home"
      return 0
    fi
  done
  if command -v java >/dev/null 2>&1 && java -version 2>&1 | grep -q 'version "25'; then
    home="$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")"
    if [ -x "$home/bin/javac" ]; then
      echo "$home"
      return 0
    fi
  fi
  echo "logplane: no JDK 25 found (looked at JAVA_HOME, /usr/lib/jvm/*25*, /opt). Install one, e.g. the package temurin-25-jdk, or set LOGPLANE_JAVA_HOME." >&2
  return 1
}
