"""A small cloud for the tests: an app with a route of every kind, and functions that write down what they were told."""

import functools
import json
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import botocore.session
from botocore.client import BaseClient
from chalice.app import Chalice, Response, WebsocketEvent

from infra.local.functions import Cloud, QueueFunction, ScheduledFunction, Worker

app = Chalice(app_name="small")
app.experimental_feature_flags.update(["WEBSOCKETS"])
app.api.binary_types = [*app.api.default_binary_types]
KEPT: dict[str, Any] = {}


@functools.cache
def aws(service: str) -> BaseClient:
    return botocore.session.get_session().create_client(service)


def echo() -> Response:
    request = app.current_request
    assert request is not None
    body = request.raw_body
    return Response(
        body={
            "resource": request.path,
            "parameters": request.uri_params,
            "method": request.method,
            "query": {}
            if request.query_params is None
            else {k: request.query_params.getlist(k) for k in request.query_params},
            "length": len(body),
            "hex": (body.encode() if isinstance(body, str) else body)[:64].hex(),
        },
        headers={"Set-Cookie": ["a=1", "b=2"], "X-One": "1"},
    )


@app.route("/plain", methods=["GET", "POST", "HEAD"], content_types=["*/*"])
def plain() -> dict[str, str]:
    return {"it": "works"}


@app.route("/things/{thing}", methods=["GET", "POST"], content_types=["*/*"])
def thing(thing: str) -> Response:
    assert thing
    return echo()


@app.route("/things/special", methods=["GET"], content_types=["*/*"], cors=True)
def special() -> Response:
    return echo()


@app.route("/slow/{name}", methods=["GET"], content_types=["*/*"])
def slow(name: str) -> dict[str, str]:
    time.sleep(0.02)
    request = app.current_request
    assert request is not None
    return {"asked": name, "seen": (request.uri_params or {})["name"]}


@app.route("/bytes/{size}", methods=["GET"], content_types=["*/*"])
def some_bytes(size: str) -> Response:
    return Response(body=b"\xff" * int(size), headers={"Content-Type": "application/octet-stream"})


@app.route("/broken", methods=["GET"])
def broken() -> Response:
    return Response(body={"when": object()})


@app.route("/letters/{queue}", methods=["POST"], content_types=["*/*"])
def post_letter(queue: str) -> dict[str, str]:
    request = app.current_request
    assert request is not None
    name = os.environ["SLIPWAY_PREFIX"] + queue
    fifo = {"MessageGroupId": "one", "MessageDeduplicationId": str(time.time())} if queue.endswith(".fifo") else {}
    address = KEPT.get(name) or KEPT.setdefault(name, aws("sqs").get_queue_url(QueueName=name)["QueueUrl"])
    body = json.dumps({"sent": time.time(), "text": request.raw_body.decode()})  # type: ignore[union-attr]  # bytes
    aws("sqs").send_message(QueueUrl=address, MessageBody=body, **fifo)
    KEPT["ring"](name)
    return {"sent": "yes"}


@app.route("/items/{name}", methods=["GET", "PUT"], content_types=["*/*"])
def items(name: str) -> dict[str, bool]:
    dynamodb, key = aws("dynamodb"), {"id": {"S": name}}
    request = app.current_request
    assert request is not None
    if request.method == "PUT":
        dynamodb.put_item(TableName="items", Item=key)
    return {"there": "Item" in dynamodb.get_item(TableName="items", Key=key, ConsistentRead=True)}


@app.route("/{proxy+}", methods=["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"], content_types=["*/*"])
def rest() -> Response:
    request = app.current_request
    assert request is not None
    return Response(body={"unknown": (request.uri_params or {})["proxy"]}, status_code=404)


@app.on_ws_connect()
def connect(event: WebsocketEvent) -> Response | None:
    query = event.to_dict().get("queryStringParameters") or {}
    return Response(body="who are you", status_code=401) if query.get("token") == "wrong" else None


@app.on_ws_message()
def message(event: WebsocketEvent) -> None:
    api = app.websocket_api
    api.send(event.connection_id, f"{event.body} from {event.connection_id}")
    if event.body == "close":
        api.close(event.connection_id)


@app.on_ws_disconnect()
def disconnect(event: WebsocketEvent) -> None:
    note("gone", event.connection_id)


def note(kind: str, text: object) -> None:
    with (Path(os.environ["SLIPWAY_HOME"]) / f"{kind}.txt").open("a") as file:
        file.write(f"{text}\n")


def work(event: dict[str, Any], _: object) -> None:
    for record in event["Records"]:
        letter = json.loads(record["body"])
        note("letters", f"{letter['text']} {time.time() - letter['sent']:.4f}")
        is_first = record["attributes"]["ApproximateReceiveCount"] == "1"
        if letter["text"].startswith("hang") and is_first:
            time.sleep(60)
        if letter["text"].startswith("crash") and is_first:
            raise RuntimeError("it crashed")


def sweep(event: dict[str, Any], _: object) -> None:
    note("sweeps", event["time"])


def create(endpoint: str) -> None:
    assert endpoint == os.environ["AWS_ENDPOINT_URL"]
    if reason := os.environ.get("SMALL_CLOUD_FAILS"):
        raise RuntimeError(reason)
    prefix = os.environ["SLIPWAY_PREFIX"]
    aws("sqs").create_queue(QueueName=f"{prefix}plain", Attributes={"VisibilityTimeout": "30"})
    aws("sqs").create_queue(
        QueueName=f"{prefix}ordered.fifo", Attributes={"FifoQueue": "true", "VisibilityTimeout": "30"}
    )
    if "items" not in aws("dynamodb").list_tables()["TableNames"]:
        aws("dynamodb").create_table(
            TableName="items",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


def recover() -> None:
    note("recoveries", "recovered")


def admit(text: str) -> None:
    note("tokens", text)


def admit_runner(text: str | None) -> str:
    return text or "slp_of_the_runner"


def join(ring: object, live: object) -> None:
    KEPT.update(ring=ring, live=live)


HERE = "tests.infra.local.small"
SMALL = Cloud(
    app=f"{HERE}:app",
    queues=(
        QueueFunction(queue="plain", handler=f"{HERE}:work", workers=2),
        QueueFunction(queue="ordered.fifo", handler=f"{HERE}:work"),
    ),
    schedules=(ScheduledFunction(handler=f"{HERE}:sweep", every=timedelta(seconds=1)),),
    workers=(Worker(name="runner", module="tests.infra.local.small_runner"),),
    create=f"{HERE}:create",
    recover=f"{HERE}:recover",
    admit=f"{HERE}:admit",
    admit_runner=f"{HERE}:admit_runner",
    join=f"{HERE}:join",
)
