"""Lists by their address, and the squares beside names."""

import pytest

from naivechat.interfaces.console.listing import LONGEST_FIELD, Listing, read_listing
from naivechat.interfaces.console.portraits import ground_of, sign_of


def read(**query: str) -> Listing:
    return read_listing("/console/users", query, fields=("q", "state"), columns=("id", "created"), usual="id")


def test_an_address_says_which_part_of_a_list_in_which_order() -> None:
    listing = read(q=" li ", sort="created", order="down", page="3")
    assert (listing.chosen, listing.sort, listing.descending) == ({"q": "li", "state": ""}, "created", True)
    assert (listing.page, listing.offset) == (3, 100)
    assert listing.at_page(4) == "/console/users?q=li&sort=created&order=down&page=4"


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "１", "99999999999999999999", "1.5"])
def test_what_makes_no_sense_in_an_address_is_passed_over(page: str) -> None:
    listing = read(sort="password_hash", order="sideways", page=page, q="x" * 1000)
    assert (listing.sort, listing.descending, listing.page) == ("id", False, 1)
    assert len(listing.chosen["q"]) == LONGEST_FIELD


def test_nobody_asks_for_a_page_that_there_cannot_be() -> None:
    assert read(page="999999").page == read().last_page == 2001


def test_a_column_sorts_and_sorts_the_other_way_round() -> None:
    listing = read(page="7")
    assert listing.sorted_by("id") == "/console/users?sort=id&order=down"
    assert listing.sorted_by("created") == "/console/users?sort=created"
    assert read(order="down").sorted_by("id") == "/console/users?sort=id"
    assert [listing.direction(column) for column in ("id", "created")] == ["ascending", "none"]
    assert read(order="down").direction("id") == "descending"


def test_what_is_searched_for_stays_text_in_an_address() -> None:
    assert read(q="a&page=9#%_ 李").at_page(2) == (
        "/console/users?q=a%26page%3D9%23%25_+%E6%9D%8E&sort=id&page=2"
    )


@pytest.mark.parametrize(
    ("name", "sign"), [("li", "L"), ("…李四", "李"), ("🐼", "🐼"), ("  ", ""), ("", ""), ("ß", "ß")]
)
def test_a_portrait_has_the_first_letter_of_a_name(name: str, sign: str) -> None:
    assert sign_of(name) == sign


def test_the_ground_of_a_portrait_follows_from_the_id_alone() -> None:
    assert ground_of("li") == ground_of("li")
    assert {ground_of(f"u{n}") for n in range(100)} == set(range(8))
