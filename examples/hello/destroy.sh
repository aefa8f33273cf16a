#!/bin/sh
set -eu
sh ./stop.sh "$INPUT_directory"
