"""Start and stop the AWS emulator as a child process on loopback. `server` persists its state."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from chalicelib.aws.endpoint import Keys
from infra.local import die_with_parent
from infra.local.emulator import keys

LONGEST_START = 60.0


def endpoint(port: int) -> str:
    """Return the address of the emulator on this port."""
    return f"http://127.0.0.1:{port}"


def command(port: int, key: Path, folder: Path | None) -> list[str]:
    """Return the command that starts the emulator. key: file of its key. folder: for its state; None keeps none."""
    words = [sys.executable, "-m", "infra.local.emulator.server", str(port), str(key)]
    return [*words, *([str(folder)] if folder else [])]


def environment(port: int, folder: Path | None) -> Mapping[str, str]:
    """Return the variables that configure ministack, in addition to the current environment."""
    kept = {
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder and folder / "s3"),
        # The emulator server replaces it with the snapshot that it chooses.
        "STATE_DIR": str(folder and folder / "nothing"),
    }
    return {
        "AWS_DEFAULT_REGION": keys.REGION,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        **(kept if folder else {"PERSIST_STATE": "0", "S3_PERSIST": "0"}),
    }


def start(port: int, folder: Path | None, key: Keys) -> subprocess.Popen[bytes]:
    """Start the emulator and wait until it answers. folder: for its state; None keeps none."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / keys.FILE
        keys.write(file, key)
        process = subprocess.Popen(
            command(port, file, folder),
            env={**os.environ, **environment(port, folder)},
            preexec_fn=die_with_parent.before_exec() if die_with_parent.IS_LINUX else None,
        )
        answers_in_time = answers_before_it_ends(process, port)
    if not answers_in_time:
        process.kill()
        process.wait()
        raise RuntimeError(f"the AWS stand-in did not answer on port {port} within {LONGEST_START:.0f} s")
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the emulator, after it has saved its state."""
    process.terminate()
    try:
        process.wait(LONGEST_START)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    """True when the emulator on this port is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def answers_before_it_ends(process: subprocess.Popen[bytes], port: int) -> bool:
    """Return True as soon as the emulator answers; False if it ends before, or not in time."""
    deadline = time.monotonic() + LONGEST_START
    while process.poll() is None and time.monotonic() < deadline:
        if answers(port):
            return True
        time.sleep(0.02)
    return False
