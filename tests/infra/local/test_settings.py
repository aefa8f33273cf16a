"""What the environment says, and what children are told."""

from pathlib import Path

import pytest

from infra.local import settings
from infra.local.settings import Settings, Unusable, for_children, read


def test_without_variables_the_usual_places_are_meant() -> None:
    here = read({})

    assert here == Settings(port=8000, aws_port=4566, home=Path.cwd() / ".slipway", elsewhere=None)
    assert here.aws_endpoint == "http://127.0.0.1:4566"
    assert here.aws_folder == Path.cwd() / ".slipway" / "aws"


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({"AWS_ENDPOINT_URL": "http://10.0.0.1:99"}, "http://10.0.0.1:99"),
        ({"LOCALSTACK_HOST": "stack"}, "http://stack:4566"),
        ({"LOCALSTACK_HOST": "stack:1234"}, "http://stack:1234"),
        ({"LOCALSTACK_HOST": "stack", "AWS_ENDPOINT_URL": "http://10.0.0.1:99"}, "http://10.0.0.1:99"),
    ],
)
def test_an_aws_elsewhere_is_used_as_it_is(variables: dict[str, str], address: str) -> None:
    here = read(variables)

    assert here.aws_endpoint == address
    assert here.aws_folder is None


@pytest.mark.parametrize("text", ["0", "65536", "-1", "8000.0", "²", " 80"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="SLIPWAY_PORT"):
        read({"SLIPWAY_PORT": text})


def test_what_is_no_network_of_pods_is_refused() -> None:
    with pytest.raises(Unusable, match=r"SLIPWAY_POD_NETWORKS: .*10\.244"):
        read({"SLIPWAY_POD_NETWORKS": "10.244.0.1/16"})


def test_no_key_of_an_aws_is_in_the_environment_before_our_own_stand_in() -> None:
    theirs = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SESSION_TOKEN": "x", "AWS_PROFILE": "work", "AWS_REGION": "eu-west-1"}

    told = for_children(read({}), theirs)

    assert [name for name in told if name.startswith("AWS_")] == [
        "AWS_ENDPOINT_URL", "AWS_EC2_METADATA_DISABLED", "AWS_DEFAULT_REGION",
    ]  # fmt: skip


def test_an_aws_elsewhere_is_reached_with_the_keys_of_its_owner() -> None:
    theirs = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_ENDPOINT_URL": "http://10.0.0.1:99", "AWS_REGION": "eu-west-1"}

    told = for_children(read(theirs), theirs)

    assert (told["AWS_ACCESS_KEY_ID"], told["AWS_REGION"]) == ("AKIA", "eu-west-1")


def test_children_find_the_platform_by_the_same_settings() -> None:
    here = read({"SLIPWAY_PORT": "1234", "SLIPWAY_HOME": "/somewhere"})

    assert settings.read(for_children(here, {})).port == 1234
    assert settings.read(for_children(here, {})).home == Path("/somewhere")


def test_the_api_and_the_stand_in_cannot_share_a_port() -> None:
    with pytest.raises(Unusable, match="both 4566; each needs a port of its own"):
        read({"SLIPWAY_PORT": "4566"})


def test_with_another_s_stand_in_its_port_is_nobody_s() -> None:
    assert read({"SLIPWAY_PORT": "4566", "AWS_ENDPOINT_URL": "http://127.0.0.1:5000"}).port == 4566
