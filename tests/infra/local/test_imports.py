"""What the processes of a platform import before they serve: each test of a platform pays for it, and each start."""

import subprocess
import sys

import pytest

SELDOM_NEEDED = {
    # Addresses presigned by an old version alone; its own client is not botocore.
    "infra.local.emulator.server": frozenset({"botocore", "urllib3", "boto3"}),
    # Requests to services of workloads alone.
    "infra.local.server, app": frozenset({"httpcore", "httpx", "h2", "botocore"}),
}


@pytest.mark.parametrize("modules", SELDOM_NEEDED)
def test_what_few_need_is_imported_by_the_first_of_them(modules: str) -> None:
    asked = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert SELDOM_NEEDED[modules] & set(done.stdout.split()) == set()
