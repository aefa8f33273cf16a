"""`python -m infra.deploy PREFIX`: create or update a stack from build/. `make deploy PREFIX=...` runs this.

With --share the new release gets a part of the traffic; --shift gives it another one, and --rollback none.

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
from infra.deploy.shift import WHOLE
from infra.deploy.stack import Failed
from infra.package.indexes import TooManyIndexes


def main(arguments: list[str]) -> int:
    """Deploy, print the outputs and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        outputs = deploy(options)
    except (Failed, TooManyIndexes, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(f"{name}: {value}" for name, value in sorted(outputs.items())))
    return 0


def deploy(options: argparse.Namespace) -> Mapping[str, str]:
    """Do what the options say and return the outputs of the stack. Faults: Failed, TooManyIndexes."""
    deployment = Deployment(
        session=boto3.session.Session(),
        build=options.build,
        prefix=options.prefix,
        name=options.stack,
        stand_in=os.environ.get("AWS_ENDPOINT_URL", ""),
        bucket=options.bucket or "",
        tags=dict(options.tag),
    )
    outputs = _done(deployment, options)
    if options.token:
        text = operator.first_token(operator.ports(deployment.session, options.prefix))
        outputs = {**outputs, "token": text or "there is one already; it cannot be shown again"}
    return outputs


def _done(deployment: Deployment, options: argparse.Namespace) -> Mapping[str, str]:
    """Deploy, or give the deployed release another share, and return the outputs."""
    if options.shift is not None:
        return deployment.shift(options.shift)
    return deployment.deploy(dict(options.parameters), options.share)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    parser.add_argument("prefix", help="begins every name; it cannot change later")
    parser.add_argument("parameters", nargs="*", type=_parameter, metavar="NAME=VALUE", help="of the template")
    share = parser.add_mutually_exclusive_group()
    share.add_argument("--share", type=_percent, default=WHOLE, help="%% of the traffic that it gets (default: 100)")
    share.add_argument("--shift", type=_percent, help="deploy nothing: give the release that is deployed another share")
    share.add_argument("--rollback", dest="shift", action="store_const", const=0, help="the same as --shift 0")
    parser.add_argument("--stack", default="slipway", help="its name (default: slipway)")
    tag = "of the stack and all that it makes, besides application and installation; can be repeated"
    parser.add_argument("--tag", type=_parameter, action="append", default=[], metavar="NAME=VALUE", help=tag)
    parser.add_argument("--bucket", help="for the code (default: one of this account and region, made if needed)")
    parser.add_argument("--token", action="store_true", help="make the first token and show it, this once")
    parser.add_argument("--build", type=Path, default=Path("build"), help="where `make package` wrote (default: build)")
    return parser


def _percent(text: str) -> int:
    if not text.isdigit() or int(text) > WHOLE:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 0 to {WHOLE}")
    return int(text)


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is no NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
