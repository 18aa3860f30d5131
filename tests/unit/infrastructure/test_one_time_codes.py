"""One-time codes, as RFC 6238 has them."""

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naivechat.domain.operator import OperatorId
from naivechat.infrastructure.one_time_codes import TotpCodes

CODES = TotpCodes()
SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_rfc(at_s: int, code: str) -> None:
    """Source: RFC 6238, appendix B, the last six of its eight digits."""
    assert CODES.matching_step(SECRET, code, at_s * 1_000) == at_s // 30


def test_clocks_may_differ_by_one_step_and_not_by_two() -> None:
    step = 2_000_000_000 // 30
    for apart in (-2, -1, 0, 1, 2):
        now_ms = (step + apart) * 30_000
        assert CODES.matching_step(SECRET, "279037", now_ms) == (step if abs(apart) < 2 else None)


def test_a_code_may_be_typed_as_the_app_shows_it() -> None:
    assert CODES.matching_step(SECRET, " 279 037 ", 2_000_000_000_000) is not None


@given(st.text(st.characters()))
def test_what_is_no_code_is_none(text: str) -> None:
    typed = "".join(text.split())
    if len(typed) != 6 or not typed.isascii():
        assert CODES.matching_step(SECRET, text, 2_000_000_000_000) is None


def test_secrets_are_random_and_an_app_can_read_them() -> None:
    secrets = {CODES.make_secret() for _ in range(5)}
    assert len(secrets) == 5
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_the_address_for_an_app_holds_secret_and_names() -> None:
    address = urlsplit(CODES.uri(OperatorId("ann"), SECRET))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/naivechat:ann"
    assert parse_qs(address.query) == {"secret": [SECRET], "issuer": ["naivechat"]}


@pytest.mark.parametrize("secret", ["", "a" * 32, "1" * 32, "A" * 31, "A" * 33, "é" * 32, "A" * 31 + "\n"])
def test_what_is_no_secret_has_no_codes(secret: str) -> None:
    assert CODES.matching_step(secret, "279037", 2_000_000_000_000) is None
