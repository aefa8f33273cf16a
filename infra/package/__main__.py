"""`python -m infra.package`: make the deployable zips and their template. `make package` runs this."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from infra.package import build, check, dependencies, indexes, lock, rest_api, stage

FAULTS = (
    lock.Unlocked,
    dependencies.Unfetched,
    rest_api.Unpackaged,
    build.TooLarge,
    check.Unfit,
    indexes.TooManyIndexes,
)


def main(arguments: list[str]) -> int:
    """Build zips and template, check them if requested, and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        kept = stage.ROOT / "build" / "dependencies"
        built = build.build(options.out.absolute(), options.architecture, kept, believes_issuer=options.issuer)
        for made in (built.archive, built.pages):
            print(f"{made}  {made.stat().st_size / 1e6:.2f} MB")
        print(built.template)
        if options.released:
            indexes.write_released(json.loads(built.template.read_text()))
        if options.check:
            print(check.report(check.check(built)))
    except FAULTS as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(map(str, error.cmd))} ended with {error.returncode}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build"), help="where to (default: build)")
    parser.add_argument(
        "--architecture",
        choices=sorted(dependencies.PLATFORMS),
        default=os.environ.get("SLIPWAY_ARCHITECTURE") or "x86_64",
        help="of the functions (default: SLIPWAY_ARCHITECTURE, or x86_64)",
    )
    parser.add_argument("--issuer", action="store_true", help="with what verifies JWTs of an outside issuer, 6 MB more")
    parser.add_argument("--released", action="store_true", help="keep its indexes as those of the last release")
    parser.add_argument("--check", action="store_true", help="import every function from its zip, as Lambda does")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
