"""Grants of API keys: the APIs that a key may call. Other credentials have no grants and are not limited by them."""

from enum import StrEnum


class Grant(StrEnum):
    """The APIs of BuildMaster, each of which a key may be made for."""

    NATIVE = "native"
    APPLICATION_MANAGEMENT = "application-management"
    RELEASES = "release-and-build-deployment"
    INFRASTRUCTURE = "infrastructure"
    VARIABLES = "variables"
    CI_BADGE = "ci-badge"
