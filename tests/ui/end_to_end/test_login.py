"""Logging in at a real node, with mouse and keys."""

from collections.abc import Callable

from tests.servers import NodeProcess
from tests.ui.desk import Desk
from tests.wire import PASSWORD, WireClient

Account = Callable[..., WireClient]
Sit = Callable[..., Desk]


def test_a_wrong_password_is_told_and_a_right_one_lets_in(sit: Sit, account: Account) -> None:
    account("lea", "Lea")
    desk = sit("lea", logs_in=False)
    desk.log_in("not this one")
    desk.until(lambda: desk.login.trouble, "the reason is told")
    assert "密码" in desk.login.trouble
    assert not desk.is_in
    desk.log_in(PASSWORD)
    desk.until(lambda: desk.is_in)
    desk.until(lambda: desk.model.user.nickname == "Lea")


def test_a_server_that_is_away_is_told(sit: Sit, node: NodeProcess) -> None:
    desk = sit("lea", logs_in=False, server="127.0.0.1:1")
    desk.log_in(PASSWORD)
    desk.until(lambda: "127.0.0.1:1" in desk.login.trouble, "the reason is told")
    assert not desk.is_in


def test_a_new_account_is_made_in_the_window_and_lets_in(sit: Sit) -> None:
    desk = sit("", logs_in=False)
    desk.until(desk.login.window.winfo_viewable)
    desk.hand.click(desk.login.links[0])
    desk.hand.click(desk.login.fields.account)
    for text in ("newcomer", "New Comer", PASSWORD, PASSWORD):
        desk.hand.type(text)
        desk.hand.press("Tab")
    desk.hand.press("Return")
    desk.until(lambda: desk.is_in and desk.model.user.nickname == "New Comer", "the newcomer is in")
