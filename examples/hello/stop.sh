#!/bin/sh
# Ends the service that runs in a directory, if one does. $1: the directory.
pid_file="$1/pid"
[ -f "$pid_file" ] || exit 0
pid=$(cat "$pid_file")
if kill "$pid" 2>/dev/null; then
    while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
    echo "stopped the service that ran as process $pid"
fi
rm -f "$pid_file"
