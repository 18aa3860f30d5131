import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkclient.ui.lists.initials import OTHERS, initial_of, sort_key


@pytest.mark.parametrize(
    ("name", "initial"),
    [
        ("Alice", "A"),
        ("bob", "B"),
        ("Élan", "E"),
        ("ñandú", "N"),
        (" space", "S"),
        ("陈静", "C"),
        ("啊", "A"),
        ("座", "Z"),
        ("王磊", "W"),
        ("欧阳", "O"),
        ("007", OTHERS),
        ("🐼", OTHERS),
        ("שלום", OTHERS),
        ("ひろ", OTHERS),
        ("", OTHERS),
    ],
)
def test_a_name_stands_under_its_letter(name, initial):
    assert initial_of(name) == initial


def test_names_are_in_the_order_of_their_letters_and_others_come_last():
    names = ["张伟", "007", "bob", "陈静", "Alice", "carl", "曹操", "álvaro"]
    assert sorted(names, key=sort_key) == ["Alice", "álvaro", "bob", "carl", "曹操", "陈静", "张伟", "007"]


@given(st.text())
def test_every_name_has_a_letter_or_stands_among_the_others(name):
    assert initial_of(name) in [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", OTHERS]
