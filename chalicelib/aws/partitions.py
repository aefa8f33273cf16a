"""The domains of AWS by region, as botocore's data has them: tests/aws/test_like_botocore.py compares every region.

Botocore's own file takes 1 ms to read, and its resolver 85 ms to import, at every cold start.
"""

DOMAINS = (
    ("cn-", "amazonaws.com.cn"),
    ("eu-isoe-", "cloud.adc-e.uk"),
    ("eusc-", "amazonaws.eu"),
    ("us-iso-", "c2s.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
)
OTHERS = "amazonaws.com"


def domain_of(region: str) -> str:
    """Return the domain under which the services of a region are."""
    return next((domain for begin, domain in DOMAINS if region.startswith(begin)), OTHERS)
