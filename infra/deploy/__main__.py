"""`python -m infra.deploy PREFIX`: create or update a stack from build/. `make deploy PREFIX=...` runs this.

It finds account, region and keys as every client of AWS does (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL).
"""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import operator
from infra.deploy.deployment import Deployment
from infra.deploy.stack import Failed


def main(arguments: list[str]) -> int:
    """Deploy, print the outputs and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        outputs = deploy(options)
    except (Failed, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(f"{name}: {value}" for name, value in sorted(outputs.items())))
    return 0


def deploy(options: argparse.Namespace) -> Mapping[str, str]:
    """Deploy what was built and return the outputs of the stack. Faults: Failed."""
    deployment = Deployment(
        session=boto3.session.Session(),
        build=options.build,
        prefix=options.prefix,
        name=options.stack,
        stand_in=os.environ.get("AWS_ENDPOINT_URL", ""),
        bucket=options.bucket or "",
    )
    outputs = deployment.deploy(dict(options.parameters))
    if options.token:
        text = operator.first_token(operator.ports(deployment.session, options.prefix))
        outputs = {**outputs, "token": text or "there is one already; it cannot be shown again"}
    return outputs


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    parser.add_argument("prefix", help="begins every name; it cannot change later")
    parser.add_argument("parameters", nargs="*", type=_parameter, metavar="NAME=VALUE", help="of the template")
    parser.add_argument("--stack", default="slipway", help="its name (default: slipway)")
    parser.add_argument("--bucket", help="for the code (default: one of this account and region, made if needed)")
    parser.add_argument("--token", action="store_true", help="make the first token and show it, this once")
    parser.add_argument("--build", type=Path, default=Path("build"), help="where `make package` wrote (default: build)")
    return parser


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is no NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
