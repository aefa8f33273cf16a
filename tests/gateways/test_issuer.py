"""JWTs from outside: those of the issuer count, and none of the forgeries that are known."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.gateways.issuer import JwtIssuer, SharedSecret
from chalicelib.gateways.issuer_settings import IssuerSettings
from chalicelib.gateways.jwks import AGAIN, REMEMBERED, JwksKeys
from chalicelib.gateways.no_issuer import NoIssuer
from chalicelib.kernel.faults import Unavailable
from chalicelib.use_cases.ports.issuer import Claims, Issuer
from chalicelib.wiring import issuer_in
from tests.builders import NOON
from tests.fakes.issuer import FakeIssuer
from tests.http_server import HttpServer

ISSUER, MAIL, SECRET = "https://login.example.org", "ann@example.org", "a secret of thirty-two bytes, or more"
URL = "https://login.example.org/keys"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CLAIMS = {
    "iss": ISSUER,
    "sub": MAIL,
    "iat": int(NOON.timestamp()),
    "exp": int((NOON + timedelta(hours=1)).timestamp()),
    "groups": ["admins"],
}
KNOWN = Claims(subject=MAIL, issued_at=NOON)


def jwk(key: rsa.RSAPrivateKey, key_id: str, **more: object) -> Mapping[str, object]:
    written: dict[str, object] = json.loads(pyjwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**written, "kid": key_id, **more}


def jwks(*keys: object) -> bytes:
    return json.dumps({"keys": keys}).encode()


def by_secret(audience: str = "") -> JwtIssuer:
    return JwtIssuer(IssuerSettings(issuer=ISSUER, audience=audience, secret=SECRET), SharedSecret(SECRET))


def by_keys(content: bytes = jwks(jwk(KEY, "one"))) -> JwtIssuer:
    return JwtIssuer(IssuerSettings(issuer=ISSUER, jwks_url=URL), JwksKeys(URL, lambda _: content))


def hs256(claims: Mapping[str, Any] = CLAIMS, secret: str = SECRET, **headers: Any) -> str:  # noqa: ANN401 - any header
    return pyjwt.encode(dict(claims), secret, "HS256", headers)


def rs256(claims: Mapping[str, Any] = CLAIMS, key: rsa.RSAPrivateKey = KEY, **headers: Any) -> str:  # noqa: ANN401 - as above
    return pyjwt.encode(dict(claims), key, "RS256", {"kid": "one", **headers})


def letters(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def signed_with_the_public_key() -> str:
    """The swapped algorithm: HS256, whose secret is the public key that everybody can read."""
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    said = f"{letters({'alg': 'HS256', 'typ': 'JWT', 'kid': 'one'})}.{letters(CLAIMS)}"
    mark = base64.urlsafe_b64encode(hmac.new(public, said.encode(), sha256).digest()).rstrip(b"=").decode()
    return f"{said}.{mark}"


def without(name: str) -> Mapping[str, Any]:
    return {key: value for key, value in CLAIMS.items() if key != name}


@pytest.mark.parametrize(
    ("issuer", "jwt"),
    [(by_secret(), hs256()), (by_keys(), rs256()), (FakeIssuer({"a.b.c": KNOWN}), "a.b.c")],
    ids=["secret", "keys", "fake"],
)
def test_a_jwt_of_the_issuer_says_who_calls(issuer: Issuer, jwt: str) -> None:
    assert issuer.find_claims(jwt, NOON) == KNOWN
    assert issuer.find_claims("x.y.z", NOON) is None
    assert issuer.find_claims(jwt, NOON - timedelta(days=1)) is None
    assert NoIssuer().find_claims(jwt, NOON) is None


FORGED: Mapping[str, Callable[[], str]] = {
    "no algorithm": lambda: f"{letters({'alg': 'none', 'kid': 'one'})}.{letters(CLAIMS)}.",
    "no algorithm, in other letters": lambda: f"{letters({'alg': 'nOnE', 'kid': 'one'})}.{letters(CLAIMS)}.",
    "swapped algorithm": signed_with_the_public_key,
    "another's secret": lambda: hs256(secret="another secret of thirty-two bytes"),
    "another's key": lambda: rs256(key=OTHER_KEY),
    "an unknown key": lambda: rs256(key=OTHER_KEY, kid="two"),
    "a key in its own header": lambda: rs256(key=OTHER_KEY, jwk=jwk(OTHER_KEY, "one")),
    "an address of a key": lambda: rs256(key=OTHER_KEY, jku="https://evil.example.org/keys"),
    "no signature, hs256": lambda: f"{hs256().rpartition('.')[0]}.",
    "no signature, rs256": lambda: f"{rs256().rpartition('.')[0]}.",
    "another subject under a signature": lambda: ".".join(
        (rs256().split(".")[0], letters({**CLAIMS, "sub": "root@example.org"}), rs256().split(".")[2])
    ),
    "another issuer": lambda: rs256({**CLAIMS, "iss": "https://evil.example.org"}),
    "another issuer, hs256": lambda: hs256({**CLAIMS, "iss": "https://evil.example.org"}),
    "a critical header": lambda: rs256(crit=["exp"]),
    "no issuer": lambda: rs256(without("iss")),
    "no subject": lambda: rs256(without("sub")),
    "no beginning": lambda: rs256(without("iat")),
    "no end": lambda: rs256(without("exp")),
    "an end that is no number": lambda: hs256({**CLAIMS, "exp": "never"}),
    "an end that is true": lambda: hs256({**CLAIMS, "exp": True}),
    "an end beyond all time": lambda: hs256({**CLAIMS, "exp": 1e300}),
    "a beginning without measure": lambda: hs256({**CLAIMS, "iat": float("nan")}),
    "expired": lambda: rs256({**CLAIMS, "exp": int((NOON - timedelta(seconds=61)).timestamp())}),
    "not yet": lambda: rs256({**CLAIMS, "nbf": int((NOON + timedelta(seconds=61)).timestamp())}),
    "of tomorrow": lambda: rs256({**CLAIMS, "iat": int((NOON + timedelta(days=1)).timestamp())}),
    "too long": lambda: rs256({**CLAIMS, "more": "x" * 9000}),
    "a mail without end": lambda: hs256({**CLAIMS, "sub": "x" * 300}),
    "two parts": lambda: rs256().rpartition(".")[0],
    "deep": lambda: f"{base64.urlsafe_b64encode(b'[' * 4000).decode()}.{letters(CLAIMS)}.x",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_jwt_says_nothing(name: str) -> None:
    jwt = FORGED[name]()

    assert [issuer.find_claims(jwt, NOON) for issuer in (by_secret(), by_keys())] == [None, None]


@given(st.text(max_size=300) | st.lists(st.text(max_size=60), min_size=3, max_size=3).map(".".join))
def test_any_text_says_nothing(text: str) -> None:
    assert [issuer.find_claims(text, NOON) for issuer in (by_secret(), by_keys())] == [None, None]


def test_an_audience_counts_where_one_is_asked_for() -> None:
    ours = by_secret("slipway")

    assert ours.find_claims(hs256({**CLAIMS, "aud": ["other", "slipway"]}), NOON) == KNOWN
    assert ours.find_claims(hs256({**CLAIMS, "aud": "other"}), NOON) is None
    assert ours.find_claims(hs256(), NOON) is None
    assert by_secret().find_claims(hs256({**CLAIMS, "aud": "other"}), NOON) == KNOWN


def test_clocks_may_differ_by_a_minute() -> None:
    ended = {**CLAIMS, "exp": int((NOON - timedelta(seconds=59)).timestamp())}
    begins = {**CLAIMS, "iat": int((NOON + timedelta(seconds=59)).timestamp())}

    assert by_keys().find_claims(rs256(ended), NOON) is not None
    assert by_keys().find_claims(rs256(begins), NOON) is not None


def test_only_public_rsa_keys_for_signatures_count() -> None:
    secret = {"kty": "oct", "kid": "one", "k": base64.urlsafe_b64encode(SECRET.encode()).decode()}
    private = json.loads(pyjwt.algorithms.RSAAlgorithm.to_jwk(OTHER_KEY))
    others = jwks(
        secret, {**private, "kid": "two"}, jwk(KEY, "three", use="enc"), jwk(KEY, "four", alg="PS256"), "x", {}
    )

    for forged in (hs256(kid="one"), rs256(key=OTHER_KEY, kid="two"), rs256(kid="three"), rs256(kid="four")):
        assert by_keys(jwks(jwk(KEY, "good"), *json.loads(others)["keys"])).find_claims(forged, NOON) is None


def test_a_key_that_is_alone_goes_for_a_jwt_that_names_none() -> None:
    nameless = pyjwt.encode(dict(CLAIMS), KEY, "RS256")

    assert by_keys().find_claims(nameless, NOON) == KNOWN
    assert by_keys(jwks(jwk(KEY, "one"), jwk(OTHER_KEY, "two"))).find_claims(nameless, NOON) is None


class Publishing(BaseHTTPRequestHandler):
    """Publishes keys, at one path."""

    def do_GET(self) -> None:
        content = jwks(jwk(KEY, "one")) if self.path == "/keys?v=1" else b"x" * 300_000
        self.send_response(200 if self.path != "/away" else 302)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_keys_are_fetched_over_http() -> None:
    with HttpServer(("127.0.0.1", 0), Publishing) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        there = f"http://localhost:{server.server_port}"
        found = JwksKeys(f"{there}/keys?v=1").find_key("one", NOON)
        for elsewhere in ("/away", "/long"):
            with pytest.raises(Unavailable):
                JwksKeys(f"{there}{elsewhere}").find_key("one", NOON)
        server.shutdown()
        thread.join()

    assert isinstance(found, rsa.RSAPublicKey)


class Served:
    """The keys of an issuer, which change, and can be away."""

    def __init__(self) -> None:
        self.content: bytes | None = jwks(jwk(KEY, "one"))
        self.fetched = 0

    def fetch(self, _: str) -> bytes:
        self.fetched += 1
        if self.content is None:
            raise ConnectionRefusedError
        return self.content


def test_keys_are_remembered_and_an_unknown_one_is_looked_for_now_and_then() -> None:
    served = Served()
    issuer = JwtIssuer(IssuerSettings(issuer=ISSUER, jwks_url=URL), JwksKeys(URL, served.fetch))
    for second in range(29):
        assert issuer.find_claims(rs256(), NOON + timedelta(seconds=second)) == KNOWN
        assert issuer.find_claims(rs256(key=OTHER_KEY, kid="two"), NOON + timedelta(seconds=second)) is None
    assert served.fetched == 1

    served.content = jwks(jwk(OTHER_KEY, "two"))
    assert issuer.find_claims(rs256(key=OTHER_KEY, kid="two"), NOON + AGAIN) == KNOWN
    assert issuer.find_claims(rs256(), NOON + AGAIN) is None


def test_while_the_keys_are_away_those_that_are_known_stay() -> None:
    served = Served()
    issuer = JwtIssuer(IssuerSettings(issuer=ISSUER, jwks_url=URL), JwksKeys(URL, served.fetch))
    assert issuer.find_claims(rs256(), NOON) == KNOWN
    served.content = None

    assert issuer.find_claims(rs256(), NOON + REMEMBERED) == KNOWN


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b"\xff"])
def test_without_any_key_nobody_is_refused_for_good(content: bytes | None) -> None:
    served = Served()
    served.content = content
    issuer = JwtIssuer(IssuerSettings(issuer=ISSUER, jwks_url=URL), JwksKeys(URL, served.fetch))

    for second in (0, 1, 60):
        with pytest.raises(Unavailable):
            issuer.find_claims(rs256(), NOON + timedelta(seconds=second))


@pytest.mark.parametrize(
    "environment",
    [
        {"SLIPWAY_JWT_SECRET": SECRET},
        {"SLIPWAY_JWT_ISSUER": ISSUER},
        {"SLIPWAY_JWT_ISSUER": ISSUER, "SLIPWAY_JWT_SECRET": "short"},
        {"SLIPWAY_JWT_ISSUER": ISSUER, "SLIPWAY_JWT_SECRET": SECRET, "SLIPWAY_JWT_JWKS_URL": URL},
        {"SLIPWAY_JWT_ISSUER": ISSUER, "SLIPWAY_JWT_JWKS_URL": "http://login.example.org/keys"},
    ],
)
def test_half_an_issuer_is_refused_at_the_start(environment: Mapping[str, str]) -> None:
    with pytest.raises(ValueError, match="SLIPWAY_JWT"):
        issuer_in(environment)


def test_an_issuer_comes_from_the_environment() -> None:
    given_one = {"SLIPWAY_JWT_ISSUER": ISSUER, "SLIPWAY_JWT_AUDIENCE": "slipway", "SLIPWAY_JWT_JWKS_URL": URL}

    assert issuer_in(given_one) == IssuerSettings(issuer=ISSUER, audience="slipway", jwks_url=URL)
    assert issuer_in({"SLIPWAY_JWT_ISSUER": "", "SLIPWAY_JWT_JWKS_URL": ""}) is None
    assert SECRET not in repr(issuer_in({"SLIPWAY_JWT_ISSUER": ISSUER, "SLIPWAY_JWT_SECRET": SECRET}))
