"""A stack deployed again, as an operator does it."""

import os
import subprocess
import sys

from infra.rehearsal.stand_in import environment_of
from tests.deployed.stack import ROOT, Stack
from tests.walks.api import Ask


def deploy(stack: Stack, *words: str) -> None:
    """Deploy what was built to the stack, or what the words say."""
    env = {**os.environ, **environment_of(stack.stand_in.address)}
    command = [sys.executable, "-m", "infra.deploy", stack.prefix, "--stack", stack.prefix.rstrip("-"), *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def version(stack: Stack) -> str:
    """The release that answers."""
    return stack.asks(Ask(method="GET", path="/")).text.split()[1].rstrip(":")
