"""The stand-in answers, keeps its state over every kind of end, and takes nothing with it."""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import botocore.session
import psutil
import pytest
from botocore.client import BaseClient
from botocore.config import Config

from chalicelib.aws.signing import CONTENT_TYPE, signed
from infra.local.emulator import older_state, pinned
from infra.local.emulator import process as stand_in
from tests.cloud import KEYS, free_port

Start = Callable[[], subprocess.Popen[bytes]]


OPEN: list[BaseClient] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


AT_ONCE = Config(retries={"total_max_attempts": 1})
"""Of whoever asks until the stand-in is killed: botocore would ask a dead one ten times, for up to 25 s."""


def client(service: str, port: int, config: Config | None = None) -> BaseClient:
    made = botocore.session.get_session().create_client(
        service,
        endpoint_url=stand_in.endpoint(port),
        region_name="us-east-1",
        aws_access_key_id=KEYS.access,
        aws_secret_access_key=KEYS.secret,
        config=config,
    )
    OPEN.append(made)
    return made


def make_table(dynamodb: BaseClient) -> None:
    dynamodb.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def put(dynamodb: BaseClient, name: str) -> None:
    dynamodb.put_item(TableName="things", Item={"id": {"S": name}})


def has(dynamodb: BaseClient, name: str) -> bool:
    return "Item" in dynamodb.get_item(TableName="things", Key={"id": {"S": name}}, ConsistentRead=True)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "aws"


@pytest.fixture
def started(port: int, folder: Path) -> Iterator[Start]:
    processes: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        processes.append(stand_in.start(port, folder, KEYS))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


def test_a_clean_stop_keeps_everything_and_queues_too(started: Start, port: int, folder: Path) -> None:
    process = started()
    sqs, dynamodb, s3 = client("sqs", port), client("dynamodb", port), client("s3", port)
    address = sqs.create_queue(QueueName="letters")["QueueUrl"]
    sqs.send_message(QueueUrl=address, MessageBody="hello")
    s3.create_bucket(Bucket="boxes")
    s3.put_object(Bucket="boxes", Key="one", Body=b"\x00\xff" * 1000)
    make_table(dynamodb)
    put(dynamodb, "late")

    stand_in.stop(process)
    started()

    assert has(dynamodb, "late")
    assert sqs.receive_message(QueueUrl=address)["Messages"][0]["Body"] == "hello"
    assert s3.get_object(Bucket="boxes", Key="one")["Body"].read() == b"\x00\xff" * 1000
    assert not older_state.owes_recovery(folder)


def test_a_kill_loses_nothing_that_was_acknowledged(started: Start, port: int, folder: Path) -> None:
    process = started()
    make_table(client("dynamodb", port))
    address = client("sqs", port).create_queue(QueueName="letters")["QueueUrl"]
    acknowledged: list[str] = []

    for life in range(3):
        threads = [
            threading.Thread(target=write_until_killed, args=(port, f"{life}-{n}", acknowledged)) for n in range(4)
        ]
        for thread in threads:
            thread.start()
        until(lambda: len(acknowledged) >= 40 * (life + 1))  # noqa: B023 - called before the next life
        client("sqs", port).send_message(QueueUrl=address, MessageBody=f"letter {life}")
        process.kill()
        process.wait()
        for thread in threads:
            thread.join()
        process = started()

    dynamodb = client("dynamodb", port)
    assert [name for name in acknowledged if not has(dynamodb, name)] == []
    assert sorted(received(client("sqs", port), address)) == ["letter 0", "letter 1", "letter 2"]
    assert not older_state.owes_recovery(folder)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def write_until_killed(port: int, prefix: str, acknowledged: list[str]) -> None:
    dynamodb, number = client("dynamodb", port, AT_ONCE), 0
    with contextlib.suppress(Exception):
        while True:
            put(dynamodb, f"{prefix}-{number}")
            acknowledged.append(f"{prefix}-{number}")
            number += 1


def received(sqs: BaseClient, address: str) -> list[str]:
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=address).get("Messages", []):
        found += [message["Body"] for message in messages]
    return found


def test_a_kill_brings_back_no_message_that_was_settled(started: Start, port: int) -> None:
    process = started()
    sqs = client("sqs", port)
    address = sqs.create_queue(QueueName="letters")["QueueUrl"]
    for body in ("settled", "received", "waiting"):
        sqs.send_message(QueueUrl=address, MessageBody=body)
    first, _ = (sqs.receive_message(QueueUrl=address)["Messages"][0] for _ in range(2))
    sqs.delete_message(QueueUrl=address, ReceiptHandle=first["ReceiptHandle"])

    process.kill()
    process.wait()
    started()

    assert sorted(received(sqs, address)) == ["received", "waiting"]


def test_a_kill_loses_no_object_secret_or_setting(started: Start, port: int) -> None:
    process = started()
    s3, secrets, dynamodb = client("s3", port), client("secretsmanager", port), client("dynamodb", port)
    s3.create_bucket(Bucket="boxes")
    s3.put_object(Bucket="boxes", Key="one", Body=b"1" * 100_000)
    secrets.create_secret(Name="word", SecretString="friend")
    make_table(dynamodb)
    expiry = {"Enabled": True, "AttributeName": "expires_at"}
    dynamodb.update_time_to_live(TableName="things", TimeToLiveSpecification=expiry)

    process.kill()
    process.wait()
    started()

    assert s3.get_object(Bucket="boxes", Key="one")["Body"].read() == b"1" * 100_000
    assert secrets.get_secret_value(SecretId="word")["SecretString"] == "friend"
    described = dynamodb.describe_time_to_live(TableName="things")["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_a_transaction_is_read_back_as_a_whole(started: Start, port: int) -> None:
    process = started()
    dynamodb = client("dynamodb", port)
    make_table(dynamodb)

    def write() -> None:
        writing = client("dynamodb", port, AT_ONCE)
        with contextlib.suppress(Exception):
            for number in range(10_000):
                puts = [{"Put": {"TableName": "things", "Item": {"id": {"S": f"{side}{number}"}}}} for side in "lr"]
                writing.transact_write_items(TransactItems=puts)

    writer = threading.Thread(target=write)
    writer.start()
    until(lambda: has(dynamodb, "r20"))
    process.kill()
    process.wait()
    writer.join()
    started()

    names = {item["id"]["S"] for item in dynamodb.scan(TableName="things")["Items"]}
    assert len(names) > 40
    assert {name[1:] for name in names if name[0] == "l"} == {name[1:] for name in names if name[0] == "r"}


def test_a_snapshot_is_read_back_with_its_indexes_and_what_came_after(started: Start, port: int, folder: Path) -> None:
    process = started()
    dynamodb = client("dynamodb", port)
    names = [{"AttributeName": name, "AttributeType": "S"} for name in ("id", "kind")]
    index = {
        "IndexName": "by_kind",
        "KeySchema": [
            {"AttributeName": "kind", "KeyType": "HASH"},
            {"AttributeName": "id", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    dynamodb.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=names,
        GlobalSecondaryIndexes=[index],
        BillingMode="PAY_PER_REQUEST",
    )

    def put_large(number: int) -> None:
        item = {"id": {"S": f"{number:03d}"}, "kind": {"S": "large"}, "text": {"S": "x" * 390_000}}
        dynamodb.put_item(TableName="things", Item=item)

    counted = {"TableName": "things", "Key": {"id": {"S": "count"}}, "UpdateExpression": "ADD n :one"}
    once = [{"Update": {**counted, "ExpressionAttributeValues": {":one": {"N": "1"}}}}]
    dynamodb.transact_write_items(TransactItems=once, ClientRequestToken="once")
    for number in range(45):
        put_large(number)
    until(lambda: len([*(folder / "journal").glob("[0-9]*.snapshot")]) == 2)
    put_large(45)
    process.kill()
    process.wait()
    started()
    dynamodb.transact_write_items(TransactItems=once, ClientRequestToken="once")

    found = dynamodb.query(
        TableName="things",
        IndexName="by_kind",
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "large"}},
    )
    assert [item["id"]["S"] for item in found["Items"]] == [f"{number:03d}" for number in range(46)]
    assert dynamodb.get_item(TableName="things", Key={"id": {"S": "count"}})["Item"]["n"] == {"N": "1"}


def test_what_an_older_version_left_is_read_and_its_lost_second_recovered(
    started: Start, port: int, folder: Path
) -> None:
    leave_as_an_older_version(folder, was_stopped=False)

    process = started()
    put(client("dynamodb", port), "new")
    process.kill()
    process.wait()
    started()

    assert has(client("dynamodb", port), "old")
    assert has(client("dynamodb", port), "new")
    assert older_state.owes_recovery(folder)
    assert not (folder / "snapshots").exists()


def test_what_an_older_version_left_at_a_clean_stop_needs_no_recovery(started: Start, port: int, folder: Path) -> None:
    leave_as_an_older_version(folder, was_stopped=True)

    started()

    assert has(client("dynamodb", port), "old")
    assert not older_state.owes_recovery(folder)


def leave_as_an_older_version(folder: Path, *, was_stopped: bool) -> None:
    """A folder as 0.1 left it, with one table of one item."""
    snapshot = folder / "snapshots" / "0000000007"
    snapshot.mkdir(parents=True)
    table = {
        "TableName": "things",
        "TableArn": "arn:aws:dynamodb:us-east-1:000000000000:table/things",
        "TableStatus": "ACTIVE",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "pk_name": "id",
        "sk_name": None,
        "items": {"old": {"__no_sort__": {"id": {"S": "old"}}}},
        "ItemCount": 1,
    }
    scoped = {"__account_region_scoped__": True, "data": {"000000000000\x00us-east-1\x00'things'": table}}
    text = json.dumps({"__ministack_format__": 2, "payload": {"tables": scoped}})
    (snapshot / "dynamodb.json").write_text(text)
    sums = {"dynamodb.json": (len(text), zlib.crc32(text.encode()))}
    (snapshot / "manifest.json").write_text(json.dumps(sums))
    if not was_stopped:
        (folder / older_state.RUNNING).touch()


@pytest.mark.parametrize("spoil", ["manifest.json", "dynamodb.json"])
def test_of_what_an_older_version_left_the_newest_whole_snapshot_counts(tmp_path: Path, spoil: str) -> None:
    leave_as_an_older_version(tmp_path, was_stopped=True)
    snapshots = tmp_path / "snapshots"
    shutil.copytree(snapshots / "0000000007", snapshots / "0000000008")
    assert older_state.newest_whole(snapshots) == snapshots / "0000000008"

    (snapshots / "0000000008" / spoil).write_text("")

    assert older_state.newest_whole(snapshots) == snapshots / "0000000007"


def test_a_client_that_hangs_up_in_a_long_poll_takes_no_message(started: Start, port: int) -> None:
    started()
    sqs = client("sqs", port)
    address = sqs.create_queue(QueueName="letters")["QueueUrl"]
    code = f"import http.client; c = http.client.HTTPConnection('127.0.0.1', {port}); c.request('POST', '/', "
    body = json.dumps({"QueueUrl": address, "WaitTimeSeconds": 20})
    told = {"host": f"127.0.0.1:{port}", "x-amz-target": "AmazonSQS.ReceiveMessage", "content-type": CONTENT_TYPE}
    headers = signed(KEYS, ("us-east-1", "sqs"), told, body.encode(), at=datetime.now(UTC))
    poller = subprocess.Popen([sys.executable, "-c", f"{code}{body!r}, {headers!r}); c.getresponse()"])
    time.sleep(0.5)
    poller.send_signal(signal.SIGKILL)
    poller.wait()
    time.sleep(0.1)

    sqs.send_message(QueueUrl=address, MessageBody="for the living")
    time.sleep(0.3)

    assert sqs.receive_message(QueueUrl=address)["Messages"][0]["Body"] == "for the living"


def test_it_listens_on_loopback_alone(started: Start, port: int) -> None:
    process = psutil.Process(started().pid)

    sockets = process.net_connections(kind="inet")

    listening = {tuple(one.laddr) for one in sockets if one.status == psutil.CONN_LISTEN}
    assert listening == {("127.0.0.1", port)}


def test_many_clients_are_served_while_changes_are_written(started: Start, port: int) -> None:
    started()
    make_table(client("dynamodb", port))

    def work(mine: int) -> None:
        dynamodb = client("dynamodb", port)
        for number in range(100):
            put(dynamodb, f"{mine}-{number}")

    threads = [threading.Thread(target=work, args=(mine,)) for mine in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert client("dynamodb", port).scan(TableName="things", Select="COUNT")["Count"] == 400


def test_of_a_queue_without_order_who_has_little_in_flight_comes_first(started: Start, port: int) -> None:
    started()
    sqs = client("sqs", port)
    address = sqs.create_queue(QueueName="calls")["QueueUrl"]
    for body in ("a1", "a2", "a3", "a4", "b1", "c1", "b2", "none"):
        group = {} if body == "none" else {"MessageGroupId": body[0]}
        sqs.send_message(QueueUrl=address, MessageBody=body, **group)

    came = [sqs.receive_message(QueueUrl=address)["Messages"][0]["Body"] for _ in range(8)]

    assert came == ["a1", "b1", "c1", "none", "a2", "b2", "a3", "a4"]


def test_the_version_whose_inside_we_know_is_the_one_installed() -> None:
    assert pinned.load().__name__ == "ministack.app"
