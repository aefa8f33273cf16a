#!/bin/sh
# Asks the running service whether it is well and of this version.
set -eu
url="http://127.0.0.1:$INPUT_port"
python3 ask.py "$url/health"
said=$(python3 ask.py "$url/")
echo "$said"
case "$said" in
    *"\"version\": \"$INPUT_version\""*) echo "version $INPUT_version is well" ;;
    *) echo "expected version $INPUT_version" >&2; exit 1 ;;
esac
