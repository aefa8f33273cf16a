"""What came of a call to AWS, kept by value, so that it is told as often as one likes."""

import pickle
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from botocore.response import StreamingBody

from chalicelib.aws.calls import Answer, AwsRequest, Refused, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a call. answer: by value. content: of an object, to be read once. refused: instead of both."""

    answer: bytes = b""
    content: bytes | None = None
    refused: Refused | None = None

    def told(self) -> Answer:
        """The answer, to be read anew, or the refusal."""
        if self.refused is not None:
            raise self.refused.with_traceback(None)
        answer: Answer = pickle.loads(self.answer)  # noqa: S301 - of our own making
        return answer if self.content is None else {**answer, "Body": _body(self.content)}

    def is_like(self, other: "Outcome") -> bool:
        """Whether nobody could tell it from the other."""
        return bool(_shown(self) == _shown(other))


def outcome(ask: AwsRequest, send: Send) -> Outcome:
    """Send, and keep what comes of it."""
    try:
        answer = dict(send(ask))
    except Refused as error:
        return Outcome(refused=error)
    body = answer.pop("Body", None)
    return Outcome(answer=pickle.dumps(answer), content=None if body is None else body.read())


def _body(content: bytes) -> StreamingBody:
    return StreamingBody(BytesIO(content), len(content))


def _shown(one: Outcome) -> Any:  # noqa: ANN401 - whatever is answered
    refused = one.refused
    said = pickle.loads(one.answer) if one.answer else {}  # noqa: S301 - of our own making
    # Botocore tells of each answer when it was given, and by whom.
    said.pop("ResponseMetadata", None)
    return said, one.content, refused and (refused.code, refused.reasons, refused.answer.get("Item"))
