"""The stand-in answers, keeps its state over every kind of end, and takes nothing with it."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import botocore.session
import psutil
import pytest
from botocore.client import BaseClient

from chalicelib.aws.signing import CONTENT_TYPE, signed
from infra.local.emulator import clean_stop, pinned, snapshots
from infra.local.emulator import process as stand_in
from tests.cloud import KEYS, free_port

Start = Callable[[], subprocess.Popen[bytes]]


OPEN: list[BaseClient] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def client(service: str, port: int) -> BaseClient:
    made = botocore.session.get_session().create_client(
        service,
        endpoint_url=stand_in.endpoint(port),
        region_name="us-east-1",
        aws_access_key_id=KEYS.access,
        aws_secret_access_key=KEYS.secret,
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
    clean = not (folder / clean_stop.RUNNING).exists()
    started()

    assert clean
    assert has(dynamodb, "late")
    assert sqs.receive_message(QueueUrl=address)["Messages"][0]["Body"] == "hello"
    assert s3.get_object(Bucket="boxes", Key="one")["Body"].read() == b"\x00\xff" * 1000
    assert not clean_stop.owes_recovery(folder)


def test_a_kill_loses_at_most_the_last_second_and_empties_the_queues(started: Start, port: int, folder: Path) -> None:
    process = started()
    sqs, dynamodb = client("sqs", port), client("dynamodb", port)
    address = sqs.create_queue(QueueName="letters")["QueueUrl"]
    make_table(dynamodb)
    sqs.send_message(QueueUrl=address, MessageBody="hello")
    stand_in.stop(process)
    process = started()
    acknowledged: list[tuple[str, float]] = []
    begun = time.monotonic()
    while time.monotonic() < begun + 1.5:
        put(dynamodb, f"n{len(acknowledged)}")
        acknowledged.append((f"n{len(acknowledged)}", time.monotonic()))

    process.kill()
    killed = time.monotonic()
    process.wait()
    started()

    lost = [(name, at) for name, at in acknowledged if not has(dynamodb, name)]
    assert all(killed - at <= 1.0 for _, at in lost)
    assert lost == acknowledged[len(acknowledged) - len(lost) :], "what is lost is the end, without holes"
    assert sqs.list_queues().get("QueueUrls", []) == []
    assert clean_stop.owes_recovery(folder)


def test_a_write_followed_by_quiet_survives_a_kill(started: Start, port: int) -> None:
    process = started()
    dynamodb = client("dynamodb", port)
    make_table(dynamodb)
    put(dynamodb, "before")
    time.sleep(1)

    process.kill()
    process.wait()
    started()

    assert has(dynamodb, "before")


def test_a_debt_of_recovery_outlives_a_clean_stop(folder: Path) -> None:
    clean_stop.begin(folder)

    assert not clean_stop.begin(folder)
    clean_stop.end(folder)

    assert clean_stop.begin(folder)
    assert clean_stop.owes_recovery(folder)
    clean_stop.recovered(folder)
    assert not clean_stop.owes_recovery(folder)


def test_a_spoiled_newest_snapshot_gives_way_to_the_one_before(tmp_path: Path) -> None:
    older = snapshots.write(tmp_path, 1, [("a.json", "1")])
    newer = snapshots.write(tmp_path, 2, [("a.json", "2")])
    assert snapshots.newest_whole(tmp_path) == newer

    (newer / "a.json").write_text("")

    assert snapshots.newest_whole(tmp_path) == older


@pytest.mark.parametrize("spoil", ["manifest.json", "a.json"])
def test_a_snapshot_without_one_of_its_files_is_not_whole(tmp_path: Path, spoil: str) -> None:
    only = snapshots.write(tmp_path, 1, [("a.json", "1")])

    (only / spoil).unlink()

    assert snapshots.newest_whole(tmp_path) is None


def test_two_snapshots_are_kept_and_half_written_ones_are_not(tmp_path: Path) -> None:
    for number in range(1, 6):
        snapshots.write(tmp_path, number, [("a.json", str(number))])
    (tmp_path / ".unfinished-0000000009").mkdir()

    snapshots.clear_unfinished(tmp_path)

    assert sorted(found.name for found in tmp_path.iterdir()) == ["0000000004", "0000000005"]
    assert snapshots.next_number(tmp_path) > 5


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


def test_many_clients_are_served_while_snapshots_are_taken(started: Start, port: int) -> None:
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
