"""QR codes: the drawing of a text, module by module."""

import re

import segno
from hypothesis import given
from hypothesis import strategies as st

from naivechat.interfaces.console.qr_code import qr_code_of

URI = "otpauth://totp/naivechat:olga?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=naivechat"


def test_a_code_of_an_authenticators_address_has_its_finders_within_a_quiet_zone() -> None:
    code = qr_code_of(URI)
    assert code.size == 41 + 2 * 4
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path)}
    assert {(x, y) for x, y in dark if not 4 <= x < 45 or not 4 <= y < 45} == set()
    for left, top in ((4, 4), (38, 4), (4, 38)):
        ring = {(left + step, top) for step in range(7)} | {(left, top + step) for step in range(7)}
        assert ring <= dark
        assert (left + 1, top + 1) not in dark


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_the_path_draws_all_dark_modules_and_no_light_one(text: str) -> None:
    code = qr_code_of(text)
    drawn = [[False] * code.size for _ in range(code.size)]
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path):
        drawn[int(y)][int(x)] = True
    expected = segno.make_qr(text, error="m").matrix_iter(border=4)
    assert drawn == [[bool(module) for module in row] for row in expected]
