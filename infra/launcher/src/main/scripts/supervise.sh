#!/usr/bin/env bash
# supervise.sh NAME DIR COMMAND...: runs COMMAND and starts it again whenever it ends, until DIR/run/NAME.stop exists.
#
# The pid of the present child is in DIR/run/NAME.pid, the supervisor's own in DIR/run/NAME.supervisor.pid.
# Exit code 3 of the child means "a person must act": it is not started again.
# A child that ends within 5 s is started again after 0.2 s, 0.4 s, … at most 5 s, so that a broken one does not eat a core.
set -u
name=$1 dir=$2
shift 2
echo $$ >"$dir/run/$name.supervisor.pid"
delay=0.2
child=
trap 'touch "$dir/run/$name.stop"; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
log="$dir/log/$name.log"
while [ ! -e "$dir/run/$name.stop" ]; do
  # One old log is kept; 50 MiB each.
  if [ -f "$log" ] && [ "$(stat -c %s "$log")" -gt 52428800 ]; then mv -f "$log" "$log.1"; fi
  started=$(date +%s)
  "$@" >>"$log" 2>&1 </dev/null &
  child=$!
  echo "$child" >"$dir/run/$name.pid"
  while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
  wait "$child" 2>/dev/null
  [ "${code:-0}" = 3 ] && break
  [ -e "$dir/run/$name.stop" ] && break
  if [ $(($(date +%s) - started)) -ge 5 ]; then delay=0.2; fi
  echo "supervisor: $name ended with code ${code:-?}, next start in $delay s" >>"$log"
  sleep "$delay"
  delay=$(awk -v d="$delay" 'BEGIN { d *= 2; if (d > 5) d = 5; print d }')
done
rm -f "$dir/run/$name.pid" "$dir/run/$name.supervisor.pid"
