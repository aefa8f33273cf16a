"""What 0.1 wrote is read as 0.1 read it: every answer, every token, every log and package, and the audit's chain."""

from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from chalicelib.adapters import BUCKET
from tests.upgrade.answers import difference, in_order, recorded
from tests.upgrade.place import PREFIX, Place

LOGS = "/api/v1/job-logs/"
ENOUGH = 5
"""Different answers that are told: more of them say nothing more."""


def test_every_recorded_answer_is_given_again(place: Place) -> None:
    different = (said for one in in_order(recorded()) if (said := difference(place, one)))

    assert list(islice(different, ENOUGH)) == []


def test_every_caller_is_known_or_refused_as_before(place: Place) -> None:
    known = {one["as"]: one["status"] for one in recorded() if one["path"] == "/api/v1/auth/whoami"}

    assert {who: place.ask("GET", "/api/v1/auth/whoami", by=who).status for who in place.callers} == known


def test_who_has_the_etag_of_an_answer_gets_it_no_more(place: Place) -> None:
    tagged = [one for one in recorded() if "ETag" in one["headers"]]

    statuses = {
        place.ask("GET", one["path"], by=one["as"], headers={"If-None-Match": one["headers"]["ETag"]}).status
        for one in tagged
    }

    assert len(tagged) > 20
    assert statuses == {304}


def test_packages_are_downloaded(place: Place, held: Mapping[str, Any]) -> None:
    found = {path: fetched(place, path) for path in held["packages"]}

    assert found == held["packages"]


def test_logs_of_ended_jobs_are_read_from_their_objects(place: Place) -> None:
    sealed = {name.removeprefix("logs/").removesuffix(".jsonl.gz") for name in place.objects() if "logs/" in name}
    answers = {one["path"].removeprefix(LOGS): one["body"] for one in recorded() if one["path"].startswith(LOGS)}
    for pk, sk in place.item_keys("logs"):
        if sk.startswith("seq#") and pk.removeprefix("log#") in sealed:
            key = {"pk": {"S": pk}, "sk": {"S": sk}}  # which expire after a while
            place.aws.call("dynamodb", "DeleteItem", {"TableName": f"{PREFIX}logs", "Key": key})

    read = {job: place.done("GET", f"{LOGS}{job}", by="rita") for job in sealed}

    assert len(sealed) > 5
    assert read == {job: answers[job] for job in sealed}


def test_the_chain_of_the_audit_log_is_whole_and_goes_on(place: Place) -> None:
    before = place.done("GET", "/api/v1/audit/verify")
    place.sweep()

    after = place.done("GET", "/api/v1/audit/verify")

    assert before["broken"] is None
    assert after["broken"] is None
    assert after["is_end"]
    assert after["seals"] == before["seals"] + 1
    assert after["entries"] > before["entries"] + 20


def test_old_entries_stand_in_the_whole_log_in_time(place: Place) -> None:
    place.sweep()
    sealed = place.done("GET", "/api/v1/audit/verify?seals=1")["entries"]

    found = [
        entry
        for machines in ("false", "true")
        for entry in place.done("GET", f"/api/v1/audit?machines={machines}&page_size=200")["items"]
    ]

    assert len(found) >= sealed > 5


def test_secrets_reach_the_runner_of_a_build(place: Place) -> None:
    place.done("POST", "/api/v1/state/web/environments/staging/builds/by-name/app/trigger-build", by="walt")
    place.deliver()

    asked = {"runner": "r1", "slots": 9, "nonce": "nonce-of-a-later-lease"}
    leases = place.done("POST", "/api/v1/jobs/lease", asked, by="runner")["leases"]

    said = str([one["job"]["ask"] for one in leases])
    secrets = ("KEY-OF-THE-BUILD", "TOKEN-OF-THE-BUILD", "PASSWORD-OF-THE-REPOSITORY")
    assert [name for name in secrets if f"THE-{name}" not in said.replace("PRIVATE-", "")] == []


def fetched(place: Place, path: str) -> str:
    """The package to which a download leads."""
    answered = place.ask("GET", path, by="olga")
    assert answered.status == 302, answered.text
    key = unquote(urlsplit(answered.headers["Location"]).path).partition(f"/{PREFIX}{BUCKET}/")[2]
    with place.aws.call("s3", "GetObject", {"Bucket": PREFIX + BUCKET, "Key": key})["Body"] as body:
        content: bytes = body.read()
    return content.decode()


def test_every_run_is_found_in_the_list_across_projects(place: Place) -> None:
    written = {pk.removeprefix("run#") for pk, sk in place.item_keys("runs") if sk == "run"}
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = place.done("GET", "/api/v1/runs?page_size=200" + (f"&page_from={after}" if after else ""))
        found.extend(one["id"] for one in page["items"])
        after = page["next"]

    assert found == sorted(written, reverse=True)
