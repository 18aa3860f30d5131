import pytest

from tkclient.ui.look.scale import Scale


@pytest.mark.parametrize(("factor", "pixels"), [(1.0, 66), (1.25, 82), (1.5, 99), (2.0, 132)])
def test_a_length_grows_with_the_screen(factor, pixels):
    assert Scale(factor).px(66) == pixels


def test_a_thin_line_never_vanishes():
    assert Scale(0.4).px(1) == 1
    assert Scale(0.4).px(-1) == -1
    assert Scale(2.0).px(0) == 0
