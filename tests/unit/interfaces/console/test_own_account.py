"""An operator's own account: another password, in the browser."""

import pytest

from tests.unit.interfaces.console.visitor import PASSWORD, Page, Visitor, World

PATH = "/console/account/password"
NEW = "another long password"


def change(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> Page:
    return visitor.post(PATH, old=old, new=new, again=again, HX_Request="true")


@pytest.mark.parametrize("operator_id", ["olga", "vera"])
def test_everybody_may_change_the_own_password_and_logs_in_by_it(operator_id: str) -> None:
    world = World()
    visitor, elsewhere, other = (
        world.visitor(operator_id),
        world.visitor(operator_id),
        world.visitor("vera" if operator_id == "olga" else "olga"),
    )
    assert 'hx-post="/console/account/password"' in visitor.get("/console/account").text
    page = change(visitor)
    assert (page.status, page.header("hx-redirect")) == (200, "/console/login")
    assert visitor.cookies == {}
    assert elsewhere.get("/console/").status == 303
    assert other.get("/console/").status == 200
    assert world.visitor().log_in(operator_id).status == 403
    assert world.visitor().log_in(operator_id, NEW).status == 303
    entry = next(e for e in reversed(world.store.entries) if e.action == "operator.set_password")
    assert (entry.operator_id, entry.subject) == (operator_id, operator_id)
    assert NEW not in repr(world.store.entries)


@pytest.mark.parametrize(
    ("old", "new", "again", "status", "sentence"),
    [
        ("wrong", NEW, NEW, 403, "The present password is wrong."),
        (PASSWORD, NEW, "typed otherwise", 400, "The new password was not typed the same twice."),
        (PASSWORD, "elevenchars", "elevenchars", 400, "A password needs at least 12 characters."),
        (PASSWORD, "", "", 400, "A password needs at least 12 characters."),
    ],
)
def test_a_refused_password_is_told_in_words_and_changes_nothing(
    old: str, new: str, again: str, status: int, sentence: str
) -> None:
    world = World()
    olga = world.visitor("olga")
    page = change(olga, old, new, again)
    assert page.status == status
    assert sentence in page.text
    assert olga.get("/console/").status == 200
    assert world.visitor().log_in("olga").status == 303


def test_a_browser_left_open_is_no_place_to_guess_the_password() -> None:
    olga = World().visitor("olga")
    assert [change(olga, "a guess").status for _ in range(6)] == [403] * 5 + [429]
    page = change(olga)
    assert page.status == 429
    assert "try again in 30 seconds" in page.text
