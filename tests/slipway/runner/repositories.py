"""A repository with a plan, by real git."""

from __future__ import annotations

import subprocess
from pathlib import Path

PLAN = """
name: ns/app
version: 0.1.@
includes: [main.txt]
build: build.sh
deploy: deploy.sh
smoke: smoke.sh
inputs:
- id: word
  default: hello
outputs:
- id: url
  default: $this.inputs.word
errands:
  greet:
    script: greet.sh
"""
FILES = {
    "escape.yml": PLAN,
    "main.txt": "main",
    "build.sh": "#!/bin/sh\necho built $INPUT_word\n",
    "deploy.sh": "#!/bin/sh\necho deployed $INPUT_word\n",
    "smoke.sh": "#!/bin/sh\necho smoked\n",
    "greet.sh": "#!/bin/sh\necho greeted $INPUT_word\n",
}

STEP = {"plan_location": "escape.yml", "run_destroy": False}


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str, **files: str) -> str:
    """A commit with these files; its id. The dot of a name is written as an underscore."""
    for name, text in files.items():
        file = folder / name.replace("_", ".")
        file.write_text(text)
        file.chmod(0o755)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def sample(folder: Path) -> Path:
    """A fresh repository with one commit."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    commit(folder, "first", **{name.replace(".", "_"): text for name, text in FILES.items()})
    return folder
