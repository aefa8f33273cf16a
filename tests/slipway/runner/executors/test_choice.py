"""What a cluster's client costs is paid by whoever runs workloads there, and by nobody else."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def test_a_runner_imports_the_client_of_kubernetes_with_the_first_task_for_it() -> None:
    look = (
        "import sys, slipway.runner.command, slipway.runner.work.perform;"
        " print([name for name in sys.modules if name.split('.')[0] == 'kubernetes'])"
    )

    said = subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=True, capture_output=True, text=True)

    assert said.stdout == "[]\n"


def test_the_lock_of_all_has_no_client_of_kubernetes_and_both_locks_pin_alike() -> None:
    usual, more = (dict(PIN.findall((ROOT / f"requirements{name}.lock").read_text())) for name in ("", "-kubernetes"))

    assert "kubernetes" not in usual
    assert "kubernetes-validate" not in usual
    assert {name: pin for name, pin in usual.items() if name in more and more[name] != pin} == {}
