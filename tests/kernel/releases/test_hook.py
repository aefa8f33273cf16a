"""Hooks are refused in Escape's words, and their calls signed as Standard Webhooks say."""

import pytest

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.releases.hook import NAMESPACE_KINDS, UNIT_KINDS, Signed, check_hooks, signature


def test_a_signature_is_that_of_the_scheme() -> None:
    # Source: the test vector of Standard Webhooks' libraries.
    signed = Signed(id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=1614265330, body=b'{"test": 2432232314}')
    said = signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", signed)
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("hooks", "said"),
    [
        ({"zzz": {}}, "Unknown hook type 'zzz'"),
        ({"build": {}}, "Unknown hook type 'build'"),
        ({"events": {"zzz": ""}}, "Unknown hook configuration key 'zzz'"),
        ({"slack": {"zzz": ""}}, "Unknown  hook configuration key 'zzz'"),
        ({"events": {"url": "ftp://a"}}, "Invalid hook url 'ftp://a'"),
        ({"events": {"url": "http://"}}, "Invalid hook url 'http://'"),
        ({"events": {"url": "http://u:p@a"}}, "Invalid hook url 'http://u:p@a'"),
        ({"events": {"url": "http://a:99999"}}, "Invalid hook url 'http://a:99999'"),
        ({"events": {"secret": "whsec_!"}}, "Invalid secret of hook 'events': after 'whsec_' base64 is expected"),
        ({"slack": {"secret": "whsec_"}}, "Invalid secret of hook 'slack': after 'whsec_' base64 is expected"),
        ({"events": {"secret": "whsec_===="}}, "Invalid secret of hook 'events': after 'whsec_' base64 is expected"),
    ],
)
def test_what_hooks_may_not_be(hooks: dict[str, dict[str, str]], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_hooks(hooks, NAMESPACE_KINDS)
    assert refused.value.message == said


def test_units_may_have_one_kind_more() -> None:
    check_hooks({"build": {"url": "https://a/b?c"}, "slack": {"username": "u", "icon_emoji": ":x:"}}, UNIT_KINDS)
