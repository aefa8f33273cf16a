"""What the demo shows on one machine it shows of a stack as well."""

import subprocess


def test_the_demo_tells_its_story_on_a_stack(demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, f"{demo.stdout}\n{demo.stderr}"
    assert "A change travelled from a commit to production" in demo.stdout
