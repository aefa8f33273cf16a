"""What in an address is secret is shown as ***, whatever it is called and wherever it stands; nothing else is."""

import pytest

from slipway_formats.secret_address import address_defects, called, shown, without_secrets

RANDOM = "8GvVDYW0zXoQm2tL4kN7"


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("http://ann:word@127.0.0.1:9001/x", "http://ann:***@127.0.0.1:9001/x"),
        ("HTTPS://ann:a%40b@h/x", "HTTPS://ann:***@h/x"),
        ("https://:word@h/", "https://:***@h/"),
        ("https://ann:p@ss@h/", "https://ann:***@h/"),
        ("https://ghp_abc@h/x", "https://***@h/x"),
        (f"https://{RANDOM}:@h/x", "https://***:@h/x"),
        ("https://h/x?a=1&token=abc", "https://h/x?a=1&token=***"),
        ("https://h/x?ACCESS-Token=abc&b=2", "https://h/x?ACCESS-Token=***&b=2"),
        ("https://h/x?%74oken=abc", "https://h/x?%74oken=***"),
        ("https://h/x?a=1;private_token=abc", "https://h/x?a=1;private_token=***"),
        ("https://h/x?api_key=abc#access_token=def", "https://h/x?api_key=***#access_token=***"),
        ("https://h/x?X-Amz-Signature=abc&sig=d&code=e", "https://h/x?X-Amz-Signature=***&sig=***&code=***"),
        (f"https://h/x?{RANDOM}", "https://h/x?***"),
        (f"https://h/x?state={RANDOM}", "https://h/x?state=***"),
        ("https://h/x?next=https%3A%2F%2Fa%3Ab%40c", "https://h/x?next=***"),
        ("https://hooks.slack.com/services/T00/B00/xyz", "https://hooks.slack.com/services/***"),
        ("https://Hooks.Slack.com:443/workflows/T00/A/1/z", "https://Hooks.Slack.com:443/workflows/***"),
        ("http://127.0.0.1:9001/services/T0AB/B0CD/xyz", "http://127.0.0.1:9001/services/***"),
        ("https://discord.com/api/webhooks/12/xyz", "https://discord.com/api/webhooks/12/***"),
        ("https://acme.webhook.office.com/webhookb2/a@b/c", "https://acme.webhook.office.com/webhookb2/***"),
        ("https://api.telegram.org/bot12:A-b/sendMessage", "https://api.telegram.org/bot***/sendMessage"),
        ("https://slipway.example/api/v1/pipelines/by-project/p/pipelines/webhook/abc",
         "https://slipway.example/api/v1/pipelines/by-project/p/pipelines/webhook/***"),
    ],
)  # fmt: skip
def test_secrets_are_hidden(url: str, seen: str) -> None:
    assert shown(url) == seen
    assert shown(seen) == seen, "what is shown can be told again"
    assert address_defects(url, "url")


@pytest.mark.parametrize(
    "url",
    [
        "https://ann@h/x",
        "https://h:8443/team/app.git?ref=main&author=ann&page=2#top",
        "https://h/services/web/production",
        "https://github.com/acme/webhook/tree/main",
        "git@host:team/app.git",
        "ops@example.org",
        "data:image/png;base64,//8AAP//",
        f"https://h/{RANDOM}",
        "",
    ],
)
def test_what_is_not_secret_is_shown(url: str) -> None:
    assert shown(url) == url
    assert not address_defects(url, "url")


@pytest.mark.parametrize("segment", [RANDOM, "0190a6ff-6ad5-7a4b-9f51-1f5d2f1c9a10"])
def test_the_path_of_an_address_that_is_called_may_be_the_secret(segment: str) -> None:
    assert shown(f"https://h/hooks/{segment}/go", is_called=True) == "https://h/hooks/***/go"
    assert shown("https://h/hooks/release-2024/go", is_called=True) == "https://h/hooks/release-2024/go"


def test_an_address_of_any_length_is_looked_at_within_a_moment() -> None:
    assert shown("https://h/" + "a1" * 500_000 + "!", is_called=True).endswith("***")
    assert shown("https://h/?" + "a" * 3_000 + "=!") == "https://h/?" + "a" * 3_000 + "=!"


def test_user_and_password_go_into_headers() -> None:
    to = called("https://ann:w%3Ard@h:8443/x?a=b")
    assert (to.url, to.headers) == ("https://h:8443/x?a=b", {"authorization": "Basic YW5uOnc6cmQ="})
    assert called("https://h/x").headers == {}


def test_an_answer_does_not_repeat_what_is_secret() -> None:
    assert (
        without_secrets("no token=a%20bc, a bc at h", "https://ann:word@h/x?token=a%20bc") == "no token=***, *** at h"
    )
