#!/bin/sh
# Bundles the service into one file that Python runs.
set -eu
rm -rf dist .bundle
mkdir -p dist .bundle/hello
cp hello/__main__.py .bundle/hello/
cp greeting.txt .bundle/
printf 'from hello.__main__ import main\nmain()\n' > .bundle/__main__.py
: > .bundle/hello/__init__.py
python3 -m compileall -q .bundle
find .bundle -name __pycache__ -prune -exec rm -rf {} +
python3 -m zipapp .bundle --compress --output dist/hello.pyz
rm -rf .bundle
echo "bundled $(wc -c < dist/hello.pyz) bytes"
