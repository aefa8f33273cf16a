"""Shapes of events."""

from typing import Literal

from pydantic import Field

from chalicelib.http.shape import LenientShape, Shape


class CloudEventShape(Shape):
    """A CloudEvent 1.0 in JSON. id: unique in the installation. subject: what it happened to. data: by its type."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: Literal["application/json"]
    sequence: str
    project: str
    data: dict[str, object]


class EventsShape(Shape):
    """Events in their order. next: what to give as `after`, also where there are none."""

    items: list[CloudEventShape]
    next: str


class EventsQuery(LenientShape):
    """Which events are read. after: `next` of the answer before, or `end`. kind: names, with commas or repeated.

    wait: seconds to wait for the first.
    """

    after: str = ""
    project: str = ""
    kind: list[str] = []
    limit: int = Field(default=100, ge=1, le=1000)
    wait: int = Field(default=0, ge=0, le=20)
