"""`python -m infra.rehearsal`: keep a stand-in of an AWS account running, to deploy to. `make account` runs this."""

import argparse
import os
import sys
from pathlib import Path

from infra.rehearsal import stand_in

PORT = 4566


def main(arguments: list[str]) -> int:
    """Start the stand-in, print the variables by which it is reached, and wait until it ends or is told to."""
    options = _parser().parse_args(arguments)
    try:
        started = stand_in.start(options.port, options.folder.absolute())
    except stand_in.Missing as error:
        print(error, file=sys.stderr)
        return 1
    for name, value in stand_in.environment_of(started.address).items():
        print(f"export {name}={value}", flush=True)
    try:
        return started.process.wait()
    except KeyboardInterrupt:
        started.stop()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.rehearsal", description=__doc__)
    port = int(os.environ.get("SLIPWAY_AWS_PORT") or PORT)
    parser.add_argument("--port", type=int, default=port, help=f"of loopback (default: SLIPWAY_AWS_PORT, or {PORT})")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(".slipway-account"),
        help="of its log and its record of IAM (default: %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
