"""What something uses of AWS, and its price by list."""

from dataclasses import dataclass, fields

from tests.bench import prices
from tests.bench.counted import CALL_LENGTH
from tests.bench.meter import Meter


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Requests of the API, calls of Lambda, units of DynamoDB, requests of SQS and S3.

    seconds: of a whole core that Lambda needs. waits: calls to AWS, for which it waits. messages, minutes: of
    WebSockets, and of their connections.
    """

    requests: float = 0
    calls: float = 0
    seconds: float = 0
    waits: float = 0
    writes: float = 0
    reads: float = 0
    fifo: float = 0
    standard: float = 0
    puts: float = 0
    gets: float = 0
    messages: float = 0
    minutes: float = 0

    @staticmethod
    def of(meter: Meter, *, requests: int, calls: int, seconds: float) -> "Usage":
        """What a meter has counted."""
        return Usage(
            requests=requests,
            calls=calls,
            seconds=seconds,
            waits=sum(meter.requests.values()),
            writes=meter.writes,
            reads=meter.reads,
            fifo=meter.sqs(fifo=True),
            standard=meter.sqs(fifo=False),
            puts=meter.of("s3", "PutObject"),
            gets=meter.of("s3", "GetObject"),
        )

    def scaled(self, times: float) -> "Usage":
        """So many times as much."""
        return Usage(**{one.name: getattr(self, one.name) * times for one in fields(Usage)})

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Usage)})

    @property
    def lambda_seconds(self) -> float:
        """How long functions take: what they compute on their share of a core, and their waits."""
        share = prices.LAMBDA_GB / prices.LAMBDA_WHOLE_CORE_GB
        return self.seconds / share + self.waits * CALL_LENGTH.total_seconds()

    def prices(self) -> dict[str, float]:
        """USD by service."""
        return {
            "API Gateway": prices.tiered(self.requests, prices.API_TIERS),
            "Lambda": self.calls * prices.LAMBDA_CALL
            + self.lambda_seconds * prices.LAMBDA_GB * prices.LAMBDA_GB_SECOND,
            "DynamoDB": self.writes * prices.WRITE_UNIT + self.reads * prices.READ_UNIT,
            "SQS": self.fifo * prices.SQS_FIFO + self.standard * prices.SQS_STANDARD,
            "S3": self.puts * prices.S3_PUT + self.gets * prices.S3_GET,
            "WebSockets": self.messages * prices.SOCKET_MESSAGE + self.minutes * prices.SOCKET_MINUTE,
        }


NOTHING = Usage()
