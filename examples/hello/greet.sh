#!/bin/sh
set -eu
python3 ask.py "$OUTPUT_url"
