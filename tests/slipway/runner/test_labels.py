"""A runner says labels of itself, from its command line or environment, with each request for jobs."""

from __future__ import annotations

import pytest

from slipway.runner.settings import read
from tests.slipway.runner.conftest import FAST, Start
from tests.slipway.runner.platform import Platform


def test_options_stand_over_the_variable() -> None:
    told = {"SLIPWAY_LABELS": "gpu=t4, os=linux"}
    assert read(["--label", "gpu=a100", "--label", "zone=eu=1"], told).labels == {
        "gpu": "a100",
        "os": "linux",
        "zone": "eu=1",
    }
    assert read([], {}).labels == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--label", "gpu"], "a label is NAME=VALUE, unlike 'gpu'"),
        (["--label", "=a100"], "a label is NAME=VALUE, unlike '=a100'"),
        (["--label", "gpu=a\x1b100"], r"a label is NAME=VALUE, unlike 'gpu=a\x1b100'"),
        ([f"--label=n{number}=x" for number in range(21)], "over 20 labels"),
    ],
)
def test_what_is_no_label_is_refused(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read(arguments, {})
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("labels", "said"), [({"gpu": "a100"}, {"gpu": "a100"}), ({}, None)])
def test_labels_go_with_each_request_for_work_and_none_to_a_platform_that_may_not_know_them(
    platform: Platform, start: Start, labels: dict[str, str], said: dict[str, str] | None
) -> None:
    start(FAST, labels=labels)
    platform.wait(lambda: len(platform.labels) > 1)
    assert platform.labels[:2] == [said, said]
