"""`python -m infra.restore OLD NEW`: a stack with the data of another one, as it was at a time.

It restores the tables, lets a new stack take them in, deploys it, copies the objects, and lets numbers jump.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.store.runs.recover import CrashRecovery, recover
from infra.deploy import operator
from infra.deploy.deployment import Deployment
from infra.deploy.stack import Failed
from infra.resources import BUCKET
from infra.restore.tables import Restoring, only_tables


def main(arguments: list[str]) -> int:
    """Restore, print the outputs of the new stack and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        outputs = restore(options)
    except (Failed, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(f"{name}: {value}" for name, value in sorted(outputs.items())))
    return 0


def restore(options: argparse.Namespace) -> Mapping[str, str]:
    """Make the stack and return its outputs. Faults: Failed."""
    session, stand_in = boto3.session.Session(), os.environ.get("AWS_ENDPOINT_URL", "")
    to = Deployment(session=session, build=options.build, prefix=options.new, name=options.stack, stand_in=stand_in)
    pause = 1.0 if stand_in else 20.0
    tables = Restoring(
        dynamodb=session.client("dynamodb"), old=options.old, new=options.new, at=options.at, pause=pause
    )
    tables.restore()
    url = to.artifacts().put_template(only_tables(to.template()))
    to.stack.take_in(url, options.new, tuple(tables.to_import()))
    outputs = to.deploy({})
    copy_objects(session, f"{options.old}{BUCKET}", f"{options.new}{BUCKET}")
    let_numbers_jump(session, options.new)
    return outputs


def copy_objects(session: Any, old: str, new: str) -> None:  # noqa: ANN401 - boto3's session has no types
    """Copy every object from one bucket to another."""
    s3 = session.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=old):
        for found in page.get("Contents", ()):
            s3.copy({"Bucket": old, "Key": found["Key"]}, new, found["Key"])


def let_numbers_jump(session: Any, prefix: str) -> None:  # noqa: ANN401 - boto3's session has no types
    """Raise numbers and fences, end leases and wake open runs: somebody may know what the restored data does not."""
    ports = operator.ports(session, prefix)
    recovery = CrashRecovery(
        tables=operator.context(session, prefix).tables(),
        identifier=ports.ids.identifier,
        jobs=ports.jobs,
        queue=ports.queue,
    )
    recover(recovery, ports.clock.now())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.restore", description=__doc__)
    parser.add_argument("old", help="prefix of the tables that are there")
    parser.add_argument("new", help="prefix of the new stack")
    parser.add_argument("--stack", required=True, help="name of the new stack")
    parser.add_argument("--at", type=datetime.fromisoformat, help="with its zone (default: the latest time there is)")
    parser.add_argument("--build", type=Path, default=Path("build"), help="where `make package` wrote (default: build)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
