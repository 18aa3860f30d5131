"""Values in the text of a statement: nothing in them is read as SQL."""

import pytest

from naivechat.infrastructure.sql.literals import filled, literal


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-7, "-7"),
        (2**63, "9223372036854775808"),
        (None, "NULL"),
        (b"", "''"),
        (b"\x00'\\", "0x00275c"),
        ("", "''"),
        ("it's", "'it''s'"),
        ("\\' OR 1=1; -- ", "'\\\\'' OR 1=1; -- '"),
        ("漢\0\n%s", "'漢\0\n%s'"),
    ],
)
def test_a_value_is_said_so_that_it_stays_a_value(value: int | str | bytes | None, said: str) -> None:
    assert literal(value) == said


def test_values_take_their_places_and_percent_signs_stay() -> None:
    statement = filled("SELECT a %% b FROM t WHERE c = %s AND d = %s", ["50 %s", 3])
    assert statement == "SELECT a % b FROM t WHERE c = '50 %s' AND d = 3"


@pytest.mark.parametrize("value", [True, 1.5, [1]])
def test_a_value_of_any_other_type_is_refused(value: object) -> None:
    with pytest.raises(KeyError):
        filled("SELECT %s", [value])
