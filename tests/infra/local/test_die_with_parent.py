"""A child dies with its parent on systems without PR_SET_PDEATHSIG: the pipe of the parent closes."""

import os
import subprocess
import sys

from infra.local import die_with_parent

SLEEPER = [sys.executable, "-c", "import time; print('on', flush=True); time.sleep(60)"]


def test_the_end_of_the_pipe_is_the_end_of_the_child() -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(die_with_parent.command(reading, SLEEPER), pass_fds=(reading,), stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"on\n"

    os.close(writing)

    assert process.wait(45) != 0
    assert process.stdout.read() == b"", "the child has closed its output, so it is gone"
    process.stdout.close()
    os.close(reading)


def test_the_childs_end_is_told() -> None:
    reading, writing = os.pipe()
    words = [sys.executable, "-c", "raise SystemExit(7)"]

    process = subprocess.run(die_with_parent.command(reading, words), pass_fds=(reading,), check=False)

    assert process.returncode == 7
    os.close(reading)
    os.close(writing)


def test_a_signal_reaches_the_child() -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(die_with_parent.command(reading, SLEEPER), pass_fds=(reading,), stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()

    process.terminate()

    assert process.wait(45) != 0
    assert process.stdout.read() == b""
    process.stdout.close()
    os.close(reading)
    os.close(writing)
