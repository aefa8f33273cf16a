"""Wrong usage says what was not understood and what may have been meant, for programs in JSON."""

import json

import pytest

from tests.slipway.cli.recorded_api import Shell

USAGE = 64


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["runn", "list"], "did you mean `slipway run` or `slipway runner`?"),
        (["run", "lst"], "did you mean `slipway run list`?"),
        (["runs"], "did you mean `slipway run`?"),
        (["project", "create"], "did you mean `slipway project add`?"),
        (["user", "rm"], "did you mean `slipway user remove`?"),
        (["approve"], "did you mean `slipway run approve`?"),
        (["run", "list", "--stats", "open"], "did you mean --status?"),
        (["run", "frobnicate"], "see `slipway run --help`"),
        (["run", "watch"], "write slipway run watch [OPTIONS] RUN; see `slipway run watch --help`"),
    ],
)
def test_wrong_words_say_what_may_have_been_meant(stranger: Shell, words: list[str], meant: str) -> None:
    result = stranger(*words)

    assert result.exit_code == USAGE
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1] == f"next:  {meant}"


@pytest.mark.parametrize(
    "words",
    [["runn"], ["run", "watch"], ["run", "list", "--limit", "0"], ["run", "list", "--frob"], [], ["why-may", "ann"]],
)
def test_json_says_wrong_usage_in_json_too(stranger: Shell, words: list[str]) -> None:
    for asked in ([*words, "--json"], ["--json", *words]):
        result = stranger(*asked)

        assert result.exit_code == USAGE
        error = json.loads(result.stdout)["error"]
        assert error["exit_code"] == USAGE
        assert all((error["message"], error["hint"]))
