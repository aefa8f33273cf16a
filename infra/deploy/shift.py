"""How much of the traffic a new release gets: the aliases of a template leave the rest to the versions before."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from infra.package.invoked.alias import alias_id, newest_version

NEW_SHARE = "NewShare"
WHOLE = 100
PUBLISHED = "AutoPublishCodeSha256"
KEPT_RIGHTS = "rights-of-the-release-before"

IS_WHOLE, IS_SHARED = "NewIsWhole", "NewIsShared"
NOTHING = {"Ref": "AWS::NoValue"}
IN_SUB = re.compile(r"\$\{(\w+)[.}]")
"""What of the template a text of Fn::Sub names; names of AWS's own have colons."""

Template = dict[str, Any]


def functions_of(template: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the properties of the functions that have an alias, by logical id."""
    found = template["Resources"]
    return {name: one["Properties"] for name, one in found.items() if alias_id(name) in found}


def release_of(template: Mapping[str, Any], parameters: Mapping[str, str]) -> str:
    """Return what tells this deployment from others: a digest of template, code and parameters.

    parameters: all that will be in force.
    """
    told = {name: value for name, value in parameters.items() if name != NEW_SHARE}
    return sha256(json.dumps([template, told], sort_keys=True).encode()).hexdigest()


def released(template: Mapping[str, Any], release: str) -> Template:
    """Return the template whose functions publish a version unless this release did. release: its digest."""
    changed = {
        name: {**template["Resources"][name], "Properties": {**properties, PUBLISHED: release}}
        for name, properties in functions_of(template).items()
    }
    return _with_resources(template, changed)


def is_released(template: Mapping[str, Any], release: str) -> bool:
    """Return True if this release made the template."""
    return any(properties.get(PUBLISHED) == release for properties in functions_of(template).values())


def beside(template: Mapping[str, Any], steady: Mapping[str, str]) -> Template:
    """Return the template with the parameter NewShare, by which functions share with the versions before.

    steady: those versions, by the logical id of their functions.
    """
    share = {"Type": "Number", "Default": 1, "MinValue": 0, "MaxValue": 1, "Description": "Share of the new release"}
    whole, none = ({"Fn::Equals": [{"Ref": NEW_SHARE}, value]} for value in ("1", "0"))
    conditions = {IS_WHOLE: whole, IS_SHARED: {"Fn::Not": [{"Fn::Or": [whole, none]}]}}
    aliases = {alias_id(name): _shared(template["Resources"][alias_id(name)], name, steady[name]) for name in steady}
    return {
        **_with_resources(template, aliases),
        "Parameters": {**template["Parameters"], NEW_SHARE: share},
        "Conditions": {**template["Conditions"], **conditions},
    }


def share_of(percent: int) -> str:
    """Return a percentage as the parameter NewShare takes it."""
    return f"{percent / WHOLE:g}"


def with_rights_of(template: Mapping[str, Any], deployed: Mapping[str, Any], *, is_whole: bool) -> Template:
    """Return the template whose roles also allow what those of the deployed one do: versions before need it still.

    is_whole: the versions before are of the deployed template, not of one that it was still beside.
    """
    known = {*template["Resources"], *template["Parameters"]}
    changed = {}
    for name, role in template["Resources"].items():
        before = deployed["Resources"].get(name)
        if role["Type"] == "AWS::IAM::Role" and before is not None:
            needed = _statements(before, *([KEPT_RIGHTS] if is_whole else []))
            kept = [one for one in needed if one not in _statements(role) and _names(one) <= known]
            changed[name] = _with_policy(role, kept) if kept else role
    return _with_resources(template, changed)


def _shared(alias: Mapping[str, Any], function: str, steady: str) -> Template:
    newest = newest_version(function)
    weight = {"FunctionVersion": newest, "FunctionWeight": {"Ref": NEW_SHARE}}
    routing = {"Fn::If": [IS_SHARED, {"AdditionalVersionWeights": [weight]}, NOTHING]}
    version = {"Fn::If": [IS_WHOLE, newest, steady]}
    return {**alias, "Properties": {**alias["Properties"], "FunctionVersion": version, "RoutingConfig": routing}}


def _statements(role: Mapping[str, Any], *without: str) -> list[Any]:
    policies = [one for one in role["Properties"].get("Policies", ()) if one["PolicyName"] not in without]
    return [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]


def _names(value: Any) -> set[str]:  # noqa: ANN401 - part of a template
    """Return what of the template a part of it refers to."""
    match value:
        case {"Ref": str(name)}:
            return set() if name.startswith("AWS::") else {name}
        case {"Fn::GetAtt": [str(name), *_]}:
            return {name}
        case {"Fn::Sub": str(text)}:
            return set(IN_SUB.findall(text))
        case Mapping():
            return {name for one in value.values() for name in _names(one)}
        case list():
            return {name for one in value for name in _names(one)}
    return set()


def _with_policy(role: Mapping[str, Any], statements: list[Any]) -> Template:
    kept = {"PolicyName": KEPT_RIGHTS, "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
    properties = role["Properties"]
    return {**role, "Properties": {**properties, "Policies": [*properties.get("Policies", ()), kept]}}


def _with_resources(template: Mapping[str, Any], changed: Mapping[str, Any]) -> Template:
    return {**template, "Resources": {**template["Resources"], **changed}}
