"""Every ending has its exit code, `--json` is JSON and nothing else, and help comes at once."""

import json
import subprocess
import sys
from importlib import import_module

import click
import pytest

from slipway.cli.lazy import LazyGroup, loaded
from slipway.cli.main import cli
from tests.slipway.cli.recorded_api import RecordedApi, Shell
from tests.slipway.cli.runs import a_node, a_run, a_stage
from tests.slipway.cli.terminal import a_terminal, in_terminal

HEAVY = ("rich", "urllib3", "yaml", "slipway.client", "slipway.runner.command")


def every_command(command: click.Command = cli, *path: str) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(path, command)]
    if isinstance(command, LazyGroup):
        for name, entry in command.commands_by_name.items():
            found += every_command(loaded(entry), *path, name)
    elif isinstance(command, click.Group):
        for name, one in command.commands.items():
            found += every_command(one, *path, name)
    return found


COMMANDS = every_command()
PASSED_ON = (("up",), ("runner",))


@pytest.mark.parametrize("path", [path for path, _ in COMMANDS if path not in PASSED_ON], ids=" ".join)
def test_every_command_helps(stranger: Shell, path: tuple[str, ...]) -> None:
    result = stranger(*path, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: slipway")


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=lambda one: " ".join(one) if isinstance(one, tuple) else "")
def test_every_command_that_answers_can_answer_in_json(path: tuple[str, ...], command: click.Command) -> None:
    options = {name for parameter in command.params for name in parameter.opts}

    assert "--json" in options or path in (*PASSED_ON, ("completion",))


def test_the_table_of_a_group_says_what_its_commands_say() -> None:
    assert all(command.name == path[-1] for path, command in COMMANDS if path)


@pytest.mark.parametrize(("status", "code"), [(400, 1), (401, 4), (403, 4), (404, 3), (409, 1), (413, 1), (500, 1)])
def test_a_refusal_has_the_exit_code_of_its_status(api: RecordedApi, slipway: Shell, status: int, code: int) -> None:
    api.refuse("GET /api/v1/auth/whoami", status, "no such luck")

    result = slipway("whoami")

    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.startswith("error: no such luck\n")


def test_nobody_at_the_address_is_told_with_what_to_do(stranger: Shell) -> None:
    result = stranger("status", "--json", SLIPWAY_API="http://127.0.0.1:1", SLIPWAY_TOKEN="slp_1")

    assert result.exit_code == 69
    assert json.loads(result.stdout)["error"]["status"] == 0
    assert "make up" in result.stderr


@pytest.mark.parametrize("words", [("frob",), ("run", "watch"), ("run", "list", "--limit", "0"), ()])
def test_wrong_usage_is_64_for_2_means_cancelled(stranger: Shell, words: tuple[str, ...]) -> None:
    assert stranger(*words).exit_code == 64


def test_json_may_be_asked_for_on_any_level(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/runs/R1", a_run("succeeded"))

    for words in (("--json", "run", "show", "R1"), ("run", "--json", "show", "R1"), ("run", "show", "R1", "--json")):
        result = slipway(*words)
        assert json.loads(result.stdout)["id"] == "R1"
        assert result.stderr == ""


def test_what_breaks_is_never_taken_for_an_answer(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/auth/whoami", None)

    assert "does not say who asks" in slipway("whoami").stderr


def test_on_a_terminal_the_tree_is_refreshed_in_place(api: RecordedApi) -> None:
    running = a_run("running", a_stage("s", "running", a_node("n", "running")))
    api.on("GET /api/v1/runs/R1", running, a_run("failed", a_stage("s", "failed", a_node("n", "failed")), version=2))

    code, sent = in_terminal(["run", "watch", "R1"], a_terminal(api))

    assert code == 1
    assert "\x1b[1A" in sent
    assert "\x1b[1;31m✗" in sent
    assert sent.rstrip().endswith("\x1b[?25h")


def test_no_color_is_respected_on_a_terminal(api: RecordedApi) -> None:
    api.on("GET /api/v1/runs/R1", a_run("failed", a_stage("s", "failed", a_node("n", "failed", log="J1"))))
    api.on("GET /api/v1/job-logs/J1", [{"seq": 1, "at": "", "stream": "out", "text": "\x1b[31mred\x1b[0m\n"}])

    _, shown = in_terminal(["run", "show", "R1"], a_terminal(api, NO_COLOR="1"))
    _, logs = in_terminal(["run", "logs", "R1"], a_terminal(api, NO_COLOR="1"))
    _, coloured = in_terminal(["run", "logs", "R1"], a_terminal(api))

    assert "\x1b[1;31m" not in shown
    assert "\x1b[3" not in shown
    assert logs == "n │ red\r\n"
    assert "\x1b[31mred" in coloured


@pytest.mark.parametrize(("shell", "sign"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete ")])
def test_each_shell_has_its_completion(stranger: Shell, shell: str, sign: str) -> None:
    result = stranger("completion", shell)

    assert result.exit_code == 0
    assert sign in result.stdout
    assert "_SLIPWAY_COMPLETE" in result.stdout


@pytest.mark.parametrize(
    ("typed", "place", "offered"),
    [
        ("slipway sta", 1, ["state", "status"]),
        ("slipway run ap", 2, ["approve"]),
        ("slipway run watch --u", 3, ["--until"]),
    ],
)
def test_names_are_completed(stranger: Shell, typed: str, place: int, offered: list[str]) -> None:
    result = stranger(_SLIPWAY_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(place))

    assert [line.partition(",")[2] for line in result.stdout.splitlines()] == offered


def test_help_and_completion_load_nothing_heavy() -> None:
    program = "\n".join(
        [
            "import sys",
            "from slipway.cli.main import cli",
            "sys.argv = ['slipway', '--help']",
            "try: cli(prog_name='slipway')",
            "except SystemExit: pass",
            f"print([name for name in {HEAVY!r} if name in sys.modules])",
        ]
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.splitlines()[-1] == "[]"


def test_the_program_is_where_pyproject_says() -> None:
    assert callable(import_module("slipway.cli.main").main)
