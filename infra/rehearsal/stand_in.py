"""Start and stop a stand-in of a whole AWS account, with IAM on. What runs there: account.py."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local import die_with_parent
from infra.local.emulator import process
from infra.local.emulator.keys import REGION

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv" / "deployed" / "bin" / "python"
PROGRAM = Path(__file__).with_name("account.py")
NOTHING_YET = "the stand-in of an account is not installed: make .venv/deployed/ready"


class Missing(Exception):  # noqa: N818 - says what the stand-in is, as the faults do
    """The stand-in cannot be started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A running stand-in. folder: of its log and of the record of IAM checks."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Return its URL."""
        return process.endpoint(self.port)

    @property
    def record(self) -> Path:
        """Return the file of the IAM checks."""
        return self.folder / "iam.jsonl"

    def stop(self) -> None:
        """Stop it, and the functions that it runs."""
        process.stop(self.process)


def environment_of(address: str) -> Mapping[str, str]:
    """Return the variables by which AWS clients reach a stand-in as its administrator."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }


def start(port: int, folder: Path) -> StandIn:
    """Start a stand-in that keeps nothing, and wait until it answers. folder: for its log and record.

    Faults: Missing.
    """
    if not PYTHON.exists():
        raise Missing(NOTHING_YET)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "account.log").open("ab") as log:
        child = subprocess.Popen(
            [PYTHON, PROGRAM, folder / "iam.jsonl"],
            env=_environment(port, folder),
            cwd=folder,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent.before_exec() if die_with_parent.IS_LINUX else None,
        )
    if not process.answers_before_it_ends(child, port):
        child.kill()
        child.wait()
        raise Missing(f"the stand-in does not start: see {folder / 'account.log'}")
    return StandIn(port=port, folder=folder, process=child)


def _environment(port: int, folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SLIPWAY_", "PYTHON"))}
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return {
        **clean,
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_HOST": "127.0.0.1",
        "PERSIST_STATE": "0",
        "TMPDIR": str(temporary),
    }
