"""Read a workload's manifest from JSON: every key that real ones have, all defects at once, unknown keys by name."""

import re
from collections.abc import Mapping
from decimal import Decimal

from slipway_formats.defect import Invalid
from slipway_formats.variable_values import LONGEST_VALUES, value_defects
from slipway_formats.workloads.cron import cron_defect
from slipway_formats.workloads.field_reader import FieldReader
from slipway_formats.workloads.manifest import (
    LASTING,
    ConcurrencyPolicy,
    Manifest,
    Published,
    PullPolicy,
    SecretReference,
    Strategy,
    WorkloadKind,
)
from slipway_formats.workloads.quantity import amount_of

LONGEST_CRONJOB = 52
"""Characters of a cronjob's name: the names of its jobs have eleven more."""

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,254}")
_LABEL = re.compile(r"([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?")
_PREFIX = re.compile(r"/([A-Za-z0-9_~-][A-Za-z0-9._~-]*/)+")
_MOST_CPU, _MOST_MEMORY = Decimal(1_000), Decimal(2) ** 50
_TYPES = {"job": WorkloadKind.JOB, "deployment": WorkloadKind.DEPLOYMENT, "service": WorkloadKind.SERVICE}
_LONGEST_CRON = 200


def read_manifest(raw: object, *, name: str = "", schedule: str = "") -> Manifest:
    """Return what a manifest says. name, schedule: of whoever deploys it, instead of its own. Faults: Invalid."""
    own = {key: value for key, value in (("name", name), ("schedule", schedule)) if value}
    given = {**raw, **own} if isinstance(raw, Mapping) else raw
    reader = FieldReader(given)
    manifest = _read(reader)
    reader.end()
    if isinstance(given, Mapping):
        _judge(reader, manifest, given)
    if reader.defects:
        raise Invalid(tuple(reader.defects))
    return manifest


def name_defect(name: str) -> str:
    """Return what is wrong with the name of a workload or namespace; blank if nothing is."""
    fits = _NAME.fullmatch(name) is not None
    return "" if fits else "must have 1 to 63 lower-case letters, digits and -, first and last no -"


def _read(reader: FieldReader) -> Manifest:
    written, name = _type_of(reader), reader.text("name", name_defect)
    schedule = reader.text("schedule", _schedule_defect)
    return Manifest(
        kind=WorkloadKind.CRONJOB if schedule and written is WorkloadKind.JOB else written,
        name=name,
        labels=_labels(reader),
        image=reader.text("image", _image_defect),
        image_destination=reader.text("image-destination", _image_defect),
        image_pull_policy=reader.word("image-pull-policy", PullPolicy, PullPolicy.IF_NOT_PRESENT),
        cmd=reader.texts("cmd"),
        args=reader.texts("args"),
        env=_environment(reader),
        secrets=_secrets(reader),
        cpu_request=_quantity(reader, "cpu-request", _MOST_CPU),
        cpu_limit=_quantity(reader, "cpu-limit", _MOST_CPU),
        memory_request=_quantity(reader, "memory-request", _MOST_MEMORY),
        memory_limit=_quantity(reader, "memory-limit", _MOST_MEMORY),
        schedule=schedule,
        concurrency_policy=reader.word("concurrency-policy", ConcurrencyPolicy, ConcurrencyPolicy.ALLOW),
        retries=reader.whole("retries", 0, range(101)),
        timeout_seconds=reader.whole("timeout-seconds", 0, range(604_801)),
        replicas=reader.whole("replicas", 1, range(101)),
        strategy=reader.word("strategy", Strategy, Strategy.ROLLING_UPDATE),
        container_port=reader.whole("container-port", 0, range(1, 65_536)),
        published=_published(reader),
    )


def _type_of(reader: FieldReader) -> WorkloadKind:
    found = _TYPES.get(reader.text("type"))
    if found is None:
        reader.refuse("type", f"must be one of {', '.join(_TYPES)}; a cronjob is a job with a schedule")
    return found or WorkloadKind.JOB


def _judge(reader: FieldReader, manifest: Manifest, raw: Mapping[str, object]) -> None:
    """Note what does not fit together."""
    if not raw.get("name"):
        reader.refuse("name", "must be given")
    if manifest.kind is WorkloadKind.CRONJOB and len(manifest.name) > LONGEST_CRONJOB:
        reader.refuse("name", f"must have at most {LONGEST_CRONJOB} characters, as the name of a cronjob")
    if manifest.image and manifest.image_destination:
        reader.refuse("image", "must not be given beside image-destination, which is built")
    if not (manifest.image or manifest.image_destination or manifest.cmd):
        reader.refuse("image", "must be given, or image-destination, or cmd")
    if manifest.kind is WorkloadKind.SERVICE and not raw.get("container-port"):
        reader.refuse("container-port", "must be given for a service")
    if not manifest.schedule and manifest.concurrency_policy is not ConcurrencyPolicy.ALLOW:
        reader.refuse("concurrency-policy", "stands only with a schedule")
    _judge_keys(reader, manifest, raw)
    for what in ("cpu", "memory"):
        _judge_amounts(reader, raw, what)


def _judge_keys(reader: FieldReader, manifest: Manifest, raw: Mapping[str, object]) -> None:
    foreign = {
        **dict.fromkeys(("replicas", "container-port", "strategy"), LASTING),
        **dict.fromkeys(("schedule", "retries", "timeout-seconds"), frozenset(WorkloadKind) - LASTING),
        "published": frozenset({WorkloadKind.SERVICE}),
    }
    for key, kinds in foreign.items():
        if raw.get(key) and manifest.kind not in kinds:
            reader.refuse(key, f"stands in no {manifest.kind}")


def _judge_amounts(reader: FieldReader, raw: Mapping[str, object], what: str) -> None:
    request, limit = (amount_of(str(raw.get(f"{what}-{which}") or "")) for which in ("request", "limit"))
    if request is not None and limit is not None and request > limit:
        reader.refuse(f"{what}-request", f"must not be over the {what}-limit {raw[f'{what}-limit']}")


def _quantity(reader: FieldReader, key: str, most: Decimal) -> str:
    def defect(text: str) -> str:
        amount = amount_of(text)
        if amount is None:
            return f"{text[:40]!r} is no quantity such as 0.5, 250m or 200Mi"
        return "" if 0 < amount <= most else f"must be over 0, and at most {most}"

    return reader.text(key, defect)


def _schedule_defect(text: str) -> str:
    return cron_defect(text) if len(text) <= _LONGEST_CRON else f"must have at most {_LONGEST_CRON} characters"


def _image_defect(text: str) -> str:
    return "" if re.fullmatch(r"[\w][\w./:@-]{0,511}", text) else "must be the name of an image"


def _labels(reader: FieldReader) -> dict[str, str]:
    raw = reader.value("labels")
    if raw is None or raw == "":
        return {}
    if isinstance(raw, str):
        key, colon, value = raw.partition(":")
        return _checked_labels(reader, {key: value} if colon else {})
    return _checked_labels(reader, raw)


def _checked_labels(reader: FieldReader, raw: object) -> dict[str, str]:
    pairs = raw.items() if isinstance(raw, Mapping) else ()
    held = {str(key): value for key, value in pairs if isinstance(value, str)}
    fits = all(_LABEL.fullmatch(key) and _LABEL_VALUE.fullmatch(value) for key, value in held.items())
    if not held or not fits or len(held) != len(pairs):
        reader.refuse("labels", "must be a text `key:value`, or an object of such texts")
        return {}
    return held


def _environment(reader: FieldReader) -> dict[str, str]:
    env: dict[str, str] = {}
    for path, raw in reader.items("env"):
        inner = reader.inner(path, raw)
        name, value = _variable(inner, env), inner.value("value")
        if value is not None and not isinstance(value, str):
            inner.refuse("value", "must be a text")
        inner.end()
        env[name] = value if isinstance(value, str) else ""
        for defect in value_defects({"value": env[name]}, path):
            reader.refuse(defect.path, defect.message)
    if sum(len(value.encode()) for value in env.values()) > LONGEST_VALUES:
        reader.refuse("env", f"are over {LONGEST_VALUES} bytes together, more than a program can be given")
    return env


def _secrets(reader: FieldReader) -> tuple[SecretReference, ...]:
    found: dict[str, SecretReference] = {}
    for path, raw in reader.items("secrets"):
        inner = reader.inner(path, raw)
        name, secret, key = _variable(inner, found), inner.text("secret"), inner.text("key")
        if not secret:
            inner.refuse("secret", "must be given")
        inner.end()
        found[name] = SecretReference(name=name, secret=secret, key=key)
    return tuple(found.values())


def _variable(inner: FieldReader, known: Mapping[str, object]) -> str:
    name = inner.text("name")
    if not _VARIABLE.fullmatch(name):
        inner.refuse("name", "must be the name of a variable: letters, digits, _, . and -, first no digit")
    elif name in known:
        inner.refuse("name", f"{name} is there twice")
    return name


def _published(reader: FieldReader) -> Published | None:
    raw = reader.value("published")
    if raw is None or raw in ("", {}):
        return None
    inner = reader.inner("published", raw)
    published = Published(
        prefix=inner.text("prefix", _prefix_defect),
        access=inner.text("access"),
        rewrite=inner.text("rewrite", _prefix_defect_of_rewrite),
        timeout_ms=inner.whole("timeout_ms", 6000, range(1, 3_600_001)),
        sticky_sessions=inner.flag("sticky_sessions"),
        bypass_auth=inner.flag("bypass_auth"),
    )
    inner.end()
    if isinstance(raw, Mapping) and not raw.get("prefix"):
        inner.refuse("prefix", "must be given")
    return published


def _prefix_defect(text: str) -> str:
    fits = _PREFIX.fullmatch(text) is not None
    return "" if fits else "must be a path such as /hello/, with a slash first and last, and no segment that is . or .."


def _prefix_defect_of_rewrite(text: str) -> str:
    return "" if text == "/" else _prefix_defect(text)
