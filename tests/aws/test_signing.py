"""Our signature is botocore's, to the letter."""

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.endpoint import Keys
from chalicelib.aws.signing import CONTENT_TYPE, signed

AT = datetime(2026, 6, 1, 12, 30, 5, 999_000, tzinfo=UTC)
STAMP = "20260601T123005Z"


def botocores(keys: Keys, scope: tuple[str, str], headers: dict[str, str], body: bytes) -> str:
    region, service = scope
    signer = SigV4Auth(Credentials(keys.access, keys.secret, keys.token or None), service, region)
    request = AWSRequest("POST", f"https://{headers['host']}/", headers=dict(headers), data=body)
    request.context["timestamp"] = STAMP
    request.headers["X-Amz-Date"] = STAMP
    if keys.token:
        request.headers["X-Amz-Security-Token"] = keys.token
    return str(signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request))


@pytest.mark.parametrize("token", ["", "a session's token/+="])
@pytest.mark.parametrize("scope", [("us-east-1", "dynamodb"), ("eu-central-1", "sqs")])
@given(body=st.binary(max_size=200), secret=st.text("abcXYZ019/+", min_size=1, max_size=40))
def test_a_signature_is_that_of_botocore(token: str, scope: tuple[str, str], body: bytes, secret: str) -> None:
    keys = Keys(access="AKIA0", secret=secret, token=token)
    host = f"{scope[1]}.{scope[0]}.amazonaws.com"
    headers = {"host": host, "content-type": CONTENT_TYPE, "x-amz-target": "DynamoDB_20120810.PutItem"}
    sent = signed(keys, scope, headers, body, at=AT)
    assert sent["x-amz-date"] == STAMP
    assert sent["authorization"].endswith(f"Signature={botocores(keys, scope, headers, body)}")
    assert sent["authorization"].startswith(f"AWS4-HMAC-SHA256 Credential=AKIA0/20260601/{scope[0]}/{scope[1]}/aws4")
    assert ("x-amz-security-token" in sent) == bool(token)
