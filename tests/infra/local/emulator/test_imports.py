"""What the stand-in imports before its first call: it starts with every platform, and with many a test."""

import subprocess
import sys

SELDOM_NEEDED = frozenset({"botocore", "urllib3", "boto3"})


def test_botocore_is_imported_by_the_first_address_that_takes_it() -> None:
    asked = "import sys, infra.local.emulator.server; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert SELDOM_NEEDED & set(done.stdout.split()) == set()
