"""What AWS asks for what the meter counts, in USD: list prices of us-east-1, without free tiers and discounts.

Sources: aws.amazon.com/dynamodb/pricing/on-demand, /sqs/pricing, /lambda/pricing, /s3/pricing, /api-gateway/pricing.
"""

MILLION = 1_000_000

WRITE_UNIT = 0.625 / MILLION
"""DynamoDB on demand, standard class."""

READ_UNIT = 0.125 / MILLION
SQS_STANDARD = 0.40 / MILLION
SQS_FIFO = 0.50 / MILLION
S3_PUT = 5.00 / MILLION
S3_GET = 0.40 / MILLION
API_CALL = 3.50 / MILLION
"""API Gateway, REST."""

LAMBDA_CALL = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000166667
"""x86; Arm is a fifth cheaper."""

LAMBDA_GB = 0.5
LAMBDA_WHOLE_CORE_GB = 1769 / 1024
"""With less memory a function has less of a core, in proportion. Source: Lambda's guide, "configure memory"."""


def lambda_price(calls: int, milliseconds: float) -> float:
    """Of so many calls that take so long together on a whole core."""
    stretched = milliseconds / 1000 * LAMBDA_WHOLE_CORE_GB / LAMBDA_GB
    return calls * LAMBDA_CALL + stretched * LAMBDA_GB * LAMBDA_GB_SECOND
