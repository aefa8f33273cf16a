"""What a fake cluster runs for BuildKit: the `code` of a context becomes an image, a folder with its name.

`buildctl build --opt context=<repository>#<commit>:<folder>`, or `--local context=<folder>`. Like BuildKit it wants a
Dockerfile; it takes no notice of what is in it.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def image_folder(registry: Path, image: str) -> Path:
    """Where an image of a fake registry lies: found by its name, with its digest or without."""
    return registry / hashlib.sha256(image.partition("@")[0].encode()).hexdigest()


def install(folder: Path) -> None:
    """Let it be found in a folder by the name that it has in the image of BuildKit."""
    folder.mkdir()
    program = folder / "buildctl-daemonless.sh"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$@"\n')
    program.chmod(0o755)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["build"])
    for name in ("--frontend", "--metadata-file", "--output", "--ssh"):
        parser.add_argument(name)
    for name in ("--opt", "--local", "--secret"):
        parser.add_argument(name, action="append", default=[])
    given = parser.parse_args()
    image = dict(part.split("=", 1) for part in given.output.split(","))["name"]
    local, opts = (dict(pair.split("=", 1) for pair in pairs) for pairs in (given.local, given.opt))
    with tempfile.TemporaryDirectory() as checkout:
        context = Path(local["context"]) if local else fetched(opts["context"], Path(checkout))
        if not (context / "Dockerfile").exists():
            sys.exit("failed to read dockerfile: open Dockerfile: no such file or directory")
        folder = image_folder(Path(os.environ["FAKE_REGISTRY"]), image)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(context, folder)
    sys.stdout.write(f"pushing {image}\n")
    digest = hashlib.sha256(b"".join(sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())))
    Path(given.metadata_file).write_text(json.dumps({"containerimage.digest": f"sha256:{digest.hexdigest()}"}))


def fetched(context: str, checkout: Path) -> Path:
    url, _, place = context.partition("#")
    commit, _, folder = place.partition(":")
    subprocess.run(["git", "clone", "--quiet", url, str(checkout)], check=True)
    subprocess.run(["git", "-C", str(checkout), "checkout", "--quiet", commit], check=True)
    return checkout / folder


if __name__ == "__main__":
    main()
