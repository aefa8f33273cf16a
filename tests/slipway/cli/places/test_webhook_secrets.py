"""Secrets of webhooks, and warnings about what was saved."""

from slipway.cli.places.paths import build_path, pipeline_path
from tests.slipway.cli.recorded_api import RecordedApi, Shell

BUILD = f"{build_path('web', 'ci', 'app')}webhook-secret"
PIPELINE = pipeline_path("web", "release")
TRIGGER = f"{PIPELINE}triggers/t1/webhook-secret"


def test_the_secret_of_a_build_is_shown_and_made_anew(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {BUILD}", {"webhook_secret": "first"})
    api.on(f"POST {BUILD}", {"webhook_secret": "second"})

    assert slipway("build", "webhook-secret", "web", "ci", "app").stdout == "first\n"
    assert slipway("build", "webhook-secret", "web", "ci", "app", "--rotate").stdout == "second\n"


def test_the_only_webhook_of_a_pipeline_needs_no_name(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {PIPELINE}", {"name": "release", "triggers": [{"id": "t1"}]})
    api.on(f"GET {TRIGGER}", {"webhook_secret": "first"})

    assert slipway("pipeline", "webhook-secret", "web", "release").stdout == "first\n"


def test_of_several_webhooks_one_is_to_be_named(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {PIPELINE}", {"name": "release", "triggers": [{"id": "t1"}, {"id": "t2"}]})
    api.on(f"POST {TRIGGER}", {"webhook_secret": "second"})

    refused = slipway("pipeline", "webhook-secret", "web", "release")
    assert "the pipeline has 2 webhooks" in refused.stderr
    assert slipway("pipeline", "webhook-secret", "web", "release", "--trigger", "t1", "--rotate").stdout == "second\n"


def test_what_is_odd_about_a_saved_pipeline_is_told_on_stderr(api: RecordedApi, slipway: Shell) -> None:
    odd = {"path": "phases[0].gates[0]", "message": "only admins can open it: of user ghost 0 may decide, 1 should"}
    api.on(f"GET {PIPELINE}", {"name": "release", "triggers": [], "phases": []})
    api.on(f"PUT {PIPELINE}", {"warnings": [odd]})

    done = slipway("pipeline", "edit", "web", "release", "--protected")

    assert done.stderr == f"warning: {odd['path']}: {odd['message']}\n"
    assert api.last("PUT").body["protected"] is True
