"""Rows of the Release & Build Deployment API: releases and their builds."""

from chalicelib.dialects.buildmaster.dialect import LOGS, RELEASE_API
from chalicelib.dialects.buildmaster.releases import words, words_deployments
from chalicelib.http.operation import Group, Handling, Operation, Schema
from chalicelib.http.permission import KeyFor
from chalicelib.http.reply import TEXT_MEDIA
from chalicelib.kernel.access.grant import Grant
from chalicelib.use_cases.train_addresses.addressed import create_train_at, end_train_at, reject_snapshot_at
from chalicelib.use_cases.train_addresses.train_views import list_snapshot_views, list_train_views
from chalicelib.use_cases.travel.addressed import create_snapshot_at, deploy_at
from chalicelib.use_cases.travel.deployment_log import read_deployment_log
from chalicelib.use_cases.travel.deployments import list_deployments

RELEASES = Group(RELEASE_API, "Releases")
BUILDS = Group(RELEASE_API, "Builds")
KEY = KeyFor(Grant.RELEASES)
PATH = "/api/releases"

_RELEASES = (
    RELEASES.operation(
        f"GET|POST {PATH}",
        "Releases, newest first, by application, release, pipeline and status.",
        KEY,
        Handling(words.read_releases, list_train_views, words.show_releases),
    ),
    RELEASES.operation(
        f"POST|PUT {PATH}/create",
        "Plan a release of an application.",
        KEY,
        Handling(words.read_new_release, create_train_at, words.show_release),
    ),
    RELEASES.operation(
        f"POST|PUT {PATH}/create-from-template",
        "Plan a release as a template says.",
        KEY,
        Handling(words.read_release_from_template, create_train_at, words.show_release),
    ),
    RELEASES.operation(
        f"POST|PUT {PATH}/cancel",
        "Cancel a release, and reject its builds.",
        KEY,
        Handling(words.read_cancelled, end_train_at, words.show_nothing),
    ),
    RELEASES.operation(
        f"POST|PUT {PATH}/restore",
        "Take the cancelling of a release back; its builds stay rejected.",
        KEY,
        Handling(words.read_restored, end_train_at, words.show_nothing),
    ),
)


def _builds(plural: str) -> tuple[Operation, ...]:
    """Return the rows of builds, which were called packages before."""
    return (
        BUILDS.operation(
            f"GET|POST {PATH}/{plural}",
            "Builds, newest first, by application, release, build, pipeline, furthest stage and status.",
            KEY,
            Handling(words.read_builds, list_snapshot_views, words.show_builds),
        ),
        BUILDS.operation(
            f"POST|PUT {PATH}/{plural}/create",
            "Give a release another build; or an application one without a release, by a pipeline.",
            KEY,
            Handling(words.read_new_build, create_snapshot_at, words.show_build),
        ),
        BUILDS.operation(
            f"POST|DELETE {PATH}/{plural}/reject",
            "Reject a build; one that is rejected stays as it is.",
            KEY,
            Handling(words.read_rejected, reject_snapshot_at, words.show_nothing),
        ),
        BUILDS.operation(
            f"GET|POST {PATH}/{plural}/deployments",
            "Deployments, newest first, by all that a build is found by, stage, environment and status.",
            KEY,
            Handling(words_deployments.read_deployments, list_deployments, words_deployments.show_deployments),
        ),
        BUILDS.operation(
            f"POST|PUT {PATH}/{plural}/deploy",
            "Deploy a build to a stage, the next if none is named.",
            KEY,
            Handling(words_deployments.read_deploy, deploy_at, words_deployments.show_deployments),
        ),
    )


_LOGS = Group(LOGS, "Logs").operation(
    "GET|POST /executions/logs",
    "The log of the deployment `executionId`, as text.",
    KEY,
    Handling(words_deployments.read_log, read_deployment_log, words_deployments.show_log),
    schema=Schema(media=TEXT_MEDIA),
)

OPERATIONS = (_LOGS, *_RELEASES, *_builds("builds"), *_builds("packages"))
