"""Get the CloudFormation template of the REST API and its function from `chalice package`, in its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CHALICE = "from chalice.cli import main; main()"
STAGE = "aws"
BINARY = "x-amazon-apigateway-binary-media-types"


class Unpackaged(Exception):  # noqa: N818 - says what the project is, as the faults do
    """`chalice package` failed."""


def template(project: Path, out: Path, architecture: str) -> dict[str, Any]:
    """Return the template of `chalice package`; its zip is not used. Faults: Unpackaged."""
    _choose(project / ".chalice" / "config.json", architecture)
    command = [sys.executable, "-c", CHALICE, "--project-dir", str(project), "package", "--stage", STAGE, str(out)]
    # Chalice needs a region to look up service names in botocore; it calls nothing.
    environment = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise Unpackaged(f"chalice package failed:\n{done.stderr or done.stdout}")
    made: dict[str, Any] = json.loads((out / "sam.json").read_text())
    # API Gateway judges a reply by the header Accept, of which Go's clients send none: by all types, or no gzipped
    # reply gets to them. Chalice would refuse such replies, so that it is not told.
    made["Resources"]["RestAPI"]["Properties"]["DefinitionBody"][BINARY] = ["*/*"]
    return made


def _choose(config: Path, architecture: str) -> None:
    config.write_text(json.dumps({**json.loads(config.read_text()), "lambda_architecture": architecture}))
