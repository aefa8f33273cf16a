"""The emulator's own access key: made once per data folder, kept in a file that only its owner can read.

It is in no process's environment when that starts, so that /proc does not show it either.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from chalicelib.aws.endpoint import Keys

FILE = "aws-keys.json"
REGION = "us-east-1"


def kept_in(home: Path) -> Keys:
    """Return the key in the data folder; create it at first start."""
    path = home / FILE
    if not path.exists():
        write(path, _made())
    return read(path)


def read(path: Path) -> Keys:
    """Return the key in a file."""
    kept = json.loads(path.read_text())
    return Keys(access=kept["access_key_id"], secret=kept["secret_access_key"])


def write(path: Path, keys: Keys) -> None:
    """Store a key in a file for its owner alone."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"access_key_id": keys.access, "secret_access_key": keys.secret}, file)
    beside.replace(path)


def as_environment(keys: Keys) -> Mapping[str, str]:
    """Return the environment variables in which AWS clients look for the key."""
    return {"AWS_ACCESS_KEY_ID": keys.access, "AWS_SECRET_ACCESS_KEY": keys.secret}


def as_ready(keys: Keys) -> Mapping[str, str]:
    """Return the fields of the ready file that hold the key."""
    return {"aws_access_key_id": keys.access, "aws_secret_access_key": keys.secret, "aws_region": REGION}


def _made() -> Keys:
    # Shaped as AWS's own, because clients check the shape. Twelve digits would name an account of ministack's.
    name = "AKIA" + base64.b32encode(secrets.token_bytes(10)).decode()
    return Keys(access=name, secret=secrets.token_urlsafe(30))
