"""Shapes of events."""

from typing import Literal

from chalicelib.http.shape import Shape


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
