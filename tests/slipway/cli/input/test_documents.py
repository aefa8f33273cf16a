"""What people write in files and arguments is sent as JSON, or refused in words with its place; never a traceback."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from slipway.cli.input.documents import NotJsonError, from_json, from_yaml
from tests.slipway.cli.recorded_api import RecordedApi, Shell

CASES = Path(__file__).parents[3] / "data" / "cases" / "command-line"
PIPELINES = "/api/v1/pipelines/by-project/shop/"
USAGE = 64


def refused(result: Result) -> dict[str, object]:
    """The error as JSON, of a command that was refused in words."""
    assert result.exit_code == USAGE, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    error: dict[str, object] = json.loads(result.stdout)["error"]
    return error


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nan.yaml", "phases[0].steps[0].seconds is nan"),
        ("inf.yaml", "phases[0].steps[0].timeout is inf"),
        ("binary.yaml", "description is of a kind that JSON does not have: bytes"),
        ("set.yaml", "phases is of a kind that JSON does not have: set"),
        ("recursive-alias.yaml", "holds itself"),
        ("key-twice.yaml", "key 'name' is given twice"),
        ("pipeline-nan.json", "NaN is no number that JSON has"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_its_place(
    slipway: Shell, api: RecordedApi, name: str, words: str
) -> None:
    file = CASES / name
    error = refused(slipway("pipeline", "add", "shop", "-f", str(file), "--json"))
    assert str(file) in str(error["message"])
    assert words in str(error["message"])
    assert api.asked == []


@pytest.mark.parametrize("name", ["import-nan.json", "import-lone-surrogate.json"])
def test_a_state_that_is_no_json_is_refused(slipway: Shell, name: str) -> None:
    assert name in str(refused(slipway("project", "import", "shop", str(CASES / name), "--json"))["message"])


def test_an_instant_of_yaml_becomes_that_instant(slipway: Shell, api: RecordedApi) -> None:
    api.on(f"POST {PIPELINES}add", {})
    api.on(f"GET {PIPELINES}by-name/dt/", {"name": "dt", "triggers": []})
    assert slipway("pipeline", "add", "shop", "-f", str(CASES / "wait-until.yaml")).exit_code == 0
    body = api.last("POST").body
    assert isinstance(body, dict)
    assert body["phases"][0]["steps"][0]["until"] == "2099-12-01T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2099-12-01", "2099-12-01"),
        ("2099-12-01 10:20:30", "2099-12-01T10:20:30Z"),
        ("2099-12-01T10:20:30+02:00", "2099-12-01T10:20:30+02:00"),
        ("2099-12-01T10:20:30.5Z", "2099-12-01T10:20:30.500000Z"),
        ("{1: a, 2.5: b, 2099-12-01: e}", {"1": "a", "2.5": "b", "2099-12-01": "e"}),
        ("{null: c, true: d}", {"null": "c", "true": "d"}),
        ("{a: &x {b: 1}, c: {<<: *x, b: 2}}", {"a": {"b": 1}, "c": {"b": 2}}),
        ("[&x [1], *x]", [[1], [1]]),
        ("\ufeffa: 1", {"a": 1}),
    ],
)
def test_what_yaml_has_besides_json_is_written_as_text(text: str, value: object) -> None:
    assert from_yaml(text) == value


NO_YAML = (
    ".nan", "[.inf]", "-.inf", "!!binary aGVsbG8=", "!!set {a}", "&a [*a]", "&a {b: *a}", "{a: 1, a: 2}", "? [a]\n: 1",
    '"\\ud800"', "!!python/object:os.system x", "2099-13-45", "a: [", "[" * 5000, "\0", "{{a: 1}: 2}",
    "{1: a, true: b}", "{1: a, '1': b}", "? {a: 1}\n: 2", "!!float x", "!!int x",
)  # fmt: skip
NO_JSON = (
    "NaN", "[Infinity]", "-Infinity", '"\\ud800"', '{"a": "\\udfff"}', '{"\\ud800": 1}', "1e400", "[" * 100_000, "{",
    "", '{"a": 1, "a": 2}', "1" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("text", NO_YAML)
def test_no_yaml_ends_in_a_traceback(text: str) -> None:
    with pytest.raises(NotJsonError):
        from_yaml(text)


@pytest.mark.parametrize("text", NO_JSON)
def test_no_json_ends_in_a_traceback(text: str) -> None:
    with pytest.raises(NotJsonError):
        from_json(text)


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [1,1,1,1,1,1,1,1,1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(NotJsonError, match="too large"):
        from_yaml("\n".join(lines))


def test_a_byte_order_mark_is_skipped() -> None:
    assert from_json((CASES / "pipeline-bom.json").read_text(encoding="utf-8")) == {
        "name": "bp", "phases": [{"name": "a", "steps": [{"name": "x", "type": "noop"}]}],
    }  # fmt: skip


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "caf\u00e9", "1,5"])
def test_an_argument_that_is_no_json_is_text(slipway: Shell, api: RecordedApi, text: str) -> None:
    api.on(f"POST {PIPELINES}by-name/p/trigger", {"id": "r1"})
    slipway("pipeline", "trigger", "shop", "p", "--input", f"x={text}")
    assert api.last("POST").body == {"inputs": {"x": text}}


@pytest.mark.parametrize("text", ['"\\ud800"', "1e400", '{"a": 1, "a": 2}'])
def test_an_argument_that_nothing_can_send_is_refused(slipway: Shell, text: str) -> None:
    assert "x" in str(refused(slipway("pipeline", "trigger", "shop", "p", "-i", f"x={text}", "--json"))["message"])


def test_an_argument_that_is_no_utf8_is_refused(slipway: Shell) -> None:
    error = refused(slipway("project", "edit", "shop", "--description", "caf\udce9", "--json"))
    assert error["message"] == "argument 5 is no UTF-8: 'caf\\udce9'"


def test_a_file_that_is_no_utf8_is_refused(slipway: Shell, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(b"name: caf\xe9\n")
    assert "p.yaml" in str(
        refused(slipway("pipeline", "add", "shop", "-f", str(tmp_path / "p.yaml"), "--json"))["message"]
    )
