#!/bin/sh
# Replaces the service in its directory by this version, and waits until it answers.
set -eu
mkdir -p "$INPUT_directory"
sh ./stop.sh "$INPUT_directory"
cp dist/hello.pyz "$INPUT_directory/hello.pyz"
# In a session of its own: it outlives the job that started it.
setsid python3 "$INPUT_directory/hello.pyz" \
    --port "$INPUT_port" --version "$INPUT_version" --environment "$INPUT_environment" \
    > "$INPUT_directory/log" 2>&1 < /dev/null &
pid=$!
echo "$pid" > "$INPUT_directory/pid"
url="http://127.0.0.1:$INPUT_port/"
python3 ask.py "$url" > /dev/null
printf '{"url": "%s", "pid": "%s"}\n' "$url" "$pid" > "$1"
echo "version $INPUT_version answers at $url"
