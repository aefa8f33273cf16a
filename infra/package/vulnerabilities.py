"""Ask an index of known vulnerabilities about every pin of requirements.lock (`make audit`).

Source: OSV, `POST /v1/querybatch`. Where the index cannot be reached, that is said, and nothing fails.
"""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

INDEX = "https://api.osv.dev/v1/querybatch"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
PATIENCE = 20.0
MOST_AT_ONCE = 1000
"""Queries that the index takes in one request."""


class Unreachable(Exception):  # noqa: N818 - says what the index is
    """The index did not answer as it should."""


def pins_of(lock: str) -> tuple[tuple[str, str], ...]:
    """Return name and version of each pin of a lock."""
    return tuple(PIN.findall(lock))


def known_in(pins: Sequence[tuple[str, str]], index: str = INDEX) -> Mapping[str, tuple[str, ...]]:
    """Return the ids of known vulnerabilities by `name==version`, of those that have any. Faults: Unreachable."""
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(pins), MOST_AT_ONCE):
        batch = pins[start : start + MOST_AT_ONCE]
        for (name, version), result in zip(batch, _results(batch, index), strict=True):
            if ids := tuple(str(one["id"]) for one in result.get("vulns", ())):
                found[f"{name}=={version}"] = ids
    return found


def _results(pins: Sequence[tuple[str, str]], index: str) -> Sequence[Mapping[str, Any]]:
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in pins]
    try:
        answered = httpx.post(index, json={"queries": queries}, timeout=PATIENCE).raise_for_status().json()
        results: Sequence[Mapping[str, Any]] = answered["results"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Unreachable(f"{index}: {error}") from error
    if len(results) != len(pins):
        raise Unreachable(f"{index}: {len(results)} answers to {len(pins)} questions")
    return results


def main(words: Sequence[str]) -> int:
    """Print what is known of the pins; return 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m infra.package.vulnerabilities", description=__doc__)
    parser.add_argument("--lock", type=Path, default=Path("requirements.lock"))
    parser.add_argument("--index", default=INDEX)
    chosen = parser.parse_args(words)
    pins = pins_of(chosen.lock.read_text())
    try:
        found = known_in(pins, chosen.index)
    except Unreachable as why:
        print(f"audit skipped: no index of vulnerabilities can be reached ({why})")
        return 0
    for pin, ids in sorted(found.items()):
        print(f"{pin}: {', '.join(ids)}")
    print(f"audit: {len(found)} of {len(pins)} pins have known vulnerabilities")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
