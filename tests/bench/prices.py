"""What AWS asks for what the meter counts, in USD: list prices of us-east-1, without free tiers and discounts.

As known in November 2025; `AS_OF` says it where prices are told.

Sources: aws.amazon.com/dynamodb/pricing/on-demand, /sqs/pricing, /lambda/pricing, /s3/pricing, /api-gateway/pricing.
"""

from collections.abc import Sequence

MILLION = 1_000_000
AS_OF = "November 2025"

WRITE_UNIT = 0.625 / MILLION
"""DynamoDB on demand, standard class."""

READ_UNIT = 0.125 / MILLION
SQS_STANDARD = 0.40 / MILLION
SQS_FIFO = 0.50 / MILLION
S3_PUT = 5.00 / MILLION
S3_GET = 0.40 / MILLION
API_CALL = 3.50 / MILLION
"""API Gateway, REST; of the first 333 million a month."""

API_TIERS = ((333 * MILLION, API_CALL), (667 * MILLION, 2.80 / MILLION), (19_000 * MILLION, 2.38 / MILLION))
"""How many requests a month at which price; what is beyond, at the last."""

SOCKET_MESSAGE = 1.00 / MILLION
"""API Gateway, WebSocket: of 32 KB."""

SOCKET_MINUTE = 0.25 / MILLION
LOG_GB = 0.50
"""CloudWatch, what is taken in."""

LAMBDA_CALL = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000166667
"""x86; Arm is a fifth cheaper."""

LAMBDA_GB = 0.5
LAMBDA_SECOND = LAMBDA_GB * LAMBDA_GB_SECOND
LAMBDA_WHOLE_CORE_GB = 1769 / 1024
"""With less memory a function has less of a core, in proportion. Source: Lambda's guide, "configure memory"."""


def lambda_price(calls: int, milliseconds: float) -> float:
    """Of so many calls that take so long together on a whole core."""
    stretched = milliseconds / 1000 * LAMBDA_WHOLE_CORE_GB / LAMBDA_GB
    return calls * LAMBDA_CALL + stretched * LAMBDA_GB * LAMBDA_GB_SECOND


def tiered(count: float, tiers: Sequence[tuple[float, float]]) -> float:
    """Of so many, at the prices of the tiers that they reach."""
    total, left = 0.0, count
    for size, price in tiers[:-1]:
        total += min(left, size) * price
        left = max(left - size, 0.0)
    return total + left * tiers[-1][1]
