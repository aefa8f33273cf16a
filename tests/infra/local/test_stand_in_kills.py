"""What a kill comes between: the parts of an upload, and the two requests for one transaction."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from infra.lifetimes import UNFINISHED_UPLOAD_DAYS
from infra.local.emulator import process as stand_in
from tests.cloud import KEYS, free_port

PART = 5 * 1024 * 1024
KEY = {"Bucket": "boxes", "Key": "large"}


class Place:
    """A stand-in that can be killed. folder: of its state."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.clients: list[BaseClient] = []
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        return stand_in.start(self.port, self.folder, KEYS)

    def kill(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Kill it and start it again."""
        self.process.kill()
        self.process.wait()
        meanwhile()
        self.process = self._started()

    def client(self, service: str) -> BaseClient:
        made = botocore.session.get_session().create_client(
            service,
            endpoint_url=stand_in.endpoint(self.port),
            region_name="us-east-1",
            aws_access_key_id=KEYS.access,
            aws_secret_access_key=KEYS.secret,
        )
        self.clients.append(made)
        return made


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "aws")
    yield made
    for client in made.clients:
        client.close()
    made.process.kill()
    made.process.wait()


def begun(s3: BaseClient) -> dict[str, str]:
    """An upload in parts that has begun."""
    s3.create_bucket(Bucket="boxes")
    upload = s3.create_multipart_upload(**KEY, ContentType="application/gzip", Metadata={"of": "web"})
    return {**KEY, "UploadId": upload["UploadId"]}


def completed(s3: BaseClient, upload: dict[str, str]) -> None:
    """The upload of the parts that are listed, completed."""
    parts = [{"PartNumber": one["PartNumber"], "ETag": one["ETag"]} for one in s3.list_parts(**upload)["Parts"]]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})


def test_an_upload_goes_on_after_a_kill_where_it_was(place: Place) -> None:
    s3 = place.client("s3")
    upload = begun(s3)
    s3.upload_part(**upload, PartNumber=1, Body=b"0" * PART)
    s3.upload_part(**upload, PartNumber=1, Body=b"1" * PART)
    place.kill()
    s3.upload_part(**upload, PartNumber=2, Body=b"2" * PART)
    place.kill()
    s3.upload_part(**upload, PartNumber=3, Body=b"")

    assert [one["Size"] for one in s3.list_parts(**upload)["Parts"]] == [PART, PART, 0]
    completed(s3, upload)

    place.kill()
    got = s3.get_object(**KEY)
    assert got["Body"].read() == b"1" * PART + b"2" * PART
    assert (got["ContentType"], got["Metadata"]) == ("application/gzip", {"of": "web"})
    assert [*(place.folder / "uploads").iterdir()] == []


def test_of_an_upload_that_is_given_up_nothing_is_left(place: Place) -> None:
    s3 = place.client("s3")
    upload = begun(s3)
    s3.upload_part(**upload, PartNumber=1, Body=b"1")

    s3.abort_multipart_upload(**upload)
    place.kill()

    assert [*(place.folder / "uploads").iterdir()] == []
    with pytest.raises(ClientError, match="NoSuchUpload"):
        s3.list_parts(**upload)


def test_a_part_that_is_torn_and_an_upload_that_is_forgotten_are_not_there(place: Place) -> None:
    s3 = place.client("s3")
    torn, old = begun(s3), s3.create_multipart_upload(**KEY)["UploadId"]
    for number in (1, 2):
        s3.upload_part(**torn, PartNumber=number, Body=b"1" * 100)

    def spoil() -> None:
        os.truncate(place.folder / "uploads" / torn["UploadId"] / "2.part", 150)
        told = place.folder / "uploads" / old / "upload.json"
        account, record = json.loads(told.read_text())
        long_ago = datetime.now(UTC) - timedelta(days=UNFINISHED_UPLOAD_DAYS, hours=1)
        told.write_text(json.dumps([account, {**record, "created": long_ago.isoformat()}]))

    place.kill(spoil)

    assert [one["PartNumber"] for one in s3.list_parts(**torn)["Parts"]] == [1]
    assert [one["UploadId"] for one in s3.list_multipart_uploads(Bucket="boxes")["Uploads"]] == [torn["UploadId"]]


def test_a_transaction_that_is_asked_for_again_after_a_kill_counts_once(place: Place) -> None:
    dynamodb = place.client("dynamodb")
    dynamodb.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    add = {
        "TableName": "things",
        "Key": {"id": {"S": "count"}},
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }

    def ask(token: str, update: Mapping[str, object]) -> None:
        dynamodb.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken=token)

    ask("once", add)
    place.kill()
    ask("once", add)
    ask("twice", add)
    place.kill()
    ask("twice", add)

    item = dynamodb.get_item(TableName="things", Key={"id": {"S": "count"}})["Item"]
    assert item["n"] == {"N": "2"}
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        ask("once", {**add, "ExpressionAttributeValues": {":one": {"N": "2"}}})
