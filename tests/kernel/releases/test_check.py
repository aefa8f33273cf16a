"""What keeps metadata from being registered, in Escape's words and order; and how its gaps are filled in."""

from typing import Any

import pytest

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.releases.check import check_namespace, check_tag, checked
from slipway_formats.release import Consumer, Dependency, Download, Extension, Metadata, ReleaseStage, Variable

TOO_NEW = (
    "The release metadata is compiled with a version of Escape targetting API version v{}, "
    "but this build supports up to v15"
)
TWO_WAYS = (
    "Found a problem in the 'build' field: More than one field is set. "
    "Please specify only one of script, cmd or inline."
)


def metadata(**fields: Any) -> Metadata:  # noqa: ANN401 - whatever metadata has
    return Metadata(**{"name": "app", "version": "1.0", **fields})


def refusal_of(given: Metadata | None) -> str:
    with pytest.raises(Invalid) as refused:
        checked(given)
    (defect,) = refused.value.defects
    assert defect.path == ""
    return defect.message


def test_nothing_is_no_metadata() -> None:
    assert refusal_of(None) == "Missing release metadata"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Missing name field in release metadata"),
        ({"name": "App"}, "Invalid name 'App'"),
        ({"name": "a"}, "Invalid name 'a'"),
        ({"name": "this"}, "The name 'this' is a protected variable."),
        ({"version": ""}, "Missing version field in release metadata"),
        ({"project": "NO"}, "Invalid name 'NO'"),
        ({"api_version": 16}, TOO_NEW.format(16)),
        ({"api_version": 0}, TOO_NEW.format(0)),
        ({"version": "v1.0"}, "Invalid version string 'v1.0'."),
        ({"version": "1.@"}, "Can't add release with unresolved version"),
        ({"version": "@"}, "Can't add release with unresolved version"),
        ({"version": "latest"}, "Can't add release with unresolved version"),
        ({"inputs": (Variable(),)}, "Variable object is missing an 'id'"),
        ({"inputs": (Variable(id="9bad"),)}, "Invalid variable format '9bad'"),
        ({"outputs": (Variable(id="9bad"),)}, "Invalid variable format '9bad'"),
        ({"depends": (Dependency(release_id="x-latest"),)}, "The dependency '_/x-latest' needs its version resolved."),
        ({"depends": (Dependency(release_id="zzz"),)}, "Invalid release format: zzz."),
        ({"consumes": (Consumer(),)}, "Missing name for Consumer"),
        ({"downloads": (Download(),)}, "Missing URL in download config."),
        ({"downloads": (Download(url="u"),)}, "Missing 'dest' in download config for 'u'"),
        (
            {"downloads": (Download(url="https://h/a?token=abc", dest="a"),)},
            "The URL of download 'https://h/a?token=***' holds a password or token, which all would see",
        ),
        ({"stages": {"build": ReleaseStage(cmd="a", inline="b")}}, TWO_WAYS),
        ({"extends": (Extension(release_id="zzz"),)}, "Invalid release format: zzz."),
    ],
)
def test_a_defect_is_told_in_escapes_words(fields: dict[str, Any], message: str) -> None:
    assert refusal_of(metadata(**fields)) == message


def test_defects_are_told_one_at_a_time_in_escapes_order() -> None:
    wrong: dict[str, Any] = {
        "name": ("", "name field"),
        "version": ("", "version field"),
        "project": ("NO", "'NO'"),
        "api_version": (16, "v16"),
        "inputs": ((Variable(id="9in"),), "'9in'"),
        "outputs": ((Variable(id="9out"),), "'9out'"),
        "depends": ((Dependency(release_id="zzz"),), "zzz"),
        "consumes": ((Consumer(),), "Consumer"),
        "downloads": ((Download(),), "URL"),
        "stages": ({"build": ReleaseStage(cmd="a", inline="b")}, "'build'"),
    }
    left = {name: value for name, (value, _) in wrong.items()}

    for name, (_, word) in wrong.items():
        assert word in refusal_of(metadata(**left)), name
        del left[name]

    checked(metadata(**left))


def test_gaps_are_filled_in() -> None:
    known = checked(
        metadata(
            inputs=(Variable(id="a"),),
            consumes=(Consumer(name="web"),),
            depends=(Dependency(release_id="x-v1"), Dependency(release_id="ns/y-v2 as why")),
        )
    )

    assert known.project == "_"
    assert known.inputs == (Variable(id="a", scopes=("build", "deploy")),)
    assert known.consumes == (Consumer(name="web", variable="web", scopes=("build", "deploy")),)
    assert [(one.release_id, one.variable, one.deployment_name) for one in known.depends or ()] == [
        ("_/x-v1", "_/x", "_/x"),
        ("ns/y-v2", "why", "why"),
    ]


def test_null_stays_null_but_for_generates() -> None:
    known = checked(metadata(inputs=None, depends=None, generates=None, downloads=None))

    assert (known.inputs, known.depends, known.generates, known.downloads) == (None, None, (), None)


def test_a_variables_type_is_nobodys_business() -> None:
    checked(metadata(inputs=(Variable(id="a", type="frob"),)))


@pytest.mark.parametrize("tag", ["", "latest", "@", "v@", "1", "v1.0", "0.@", "v0.1.@"])
def test_what_reads_as_a_version_is_no_tag(tag: str) -> None:
    with pytest.raises(Invalid, match=f"^The tag '{tag}' is invalid/not supported.$"):
        check_tag(tag)


@pytest.mark.parametrize("tag", ["v10.alpha", "very", "a b/c"])
def test_any_other_text_is_a_tag(tag: str) -> None:
    check_tag(tag)


def test_namespaces_are_named_as_applications_are_or_are_the_default_one() -> None:
    check_namespace("_")
    with pytest.raises(Invalid, match=r"^Invalid name 'X!'$"):
        check_namespace("X!")
    with pytest.raises(Invalid, match=r"^The name 'string' is a protected variable\.$"):
        check_namespace("string")


def test_a_release_does_not_say_with_what_password_it_was_cloned() -> None:
    assert checked(metadata(repository="https://ci:word@h/a.git")).repository == "https://ci:***@h/a.git"
    assert checked(metadata(repository="git@h:a.git")).repository == "git@h:a.git"
