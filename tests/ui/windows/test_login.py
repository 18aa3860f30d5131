import pytest

from tests.ui.recorder import Recorder
from tkclient.interfaces import LoginEvents, LoginForm, LoginTrouble
from tkclient.ui.windows.login import LoginWindow
from tkclient.ui.windows.login_fields import LoginFields, RegisterFields, RememberedFields

SERVER = "im.example.com:7397"
KNOWN = LoginForm(server=SERVER, user_id="fox", nickname="小狐狸", avatar="fox", can_remember=True)
REMEMBERED = LoginForm(server=SERVER, user_id="fox", nickname="小狐狸", remember=True, can_remember=True)


@pytest.fixture
def events():
    return Recorder(LoginEvents)


@pytest.fixture
def login(root, look, events, hand):
    root.withdraw()
    root.update()
    hand.let_go()
    return LoginWindow(root, look, events)


@pytest.fixture
def open_with(login, hand):
    def show(form):
        login.show(form)
        hand.until(login.window.winfo_viewable)
        hand.work()
        return login

    return show


def link(login, text):
    return next(link for link in login.links if link.text == text)


def test_everything_is_typed_without_the_mouse_and_return_logs_in(open_with, events, hand):
    open_with(LoginForm(can_remember=True))
    for text in (SERVER, "fox", "secret12"):
        hand.type(text)
        hand.press("Tab")
    hand.press("space")
    hand.press("Return")
    assert events.calls == []
    hand.press("Tab")
    hand.press("Return")
    assert events.calls == [("login", SERVER, "fox", "secret12", False)]


def test_return_in_the_password_field_logs_in(open_with, events, hand):
    open_with(KNOWN)
    hand.type("secret12")
    hand.press("Return")
    assert events.calls == [("login", SERVER, "fox", "secret12", False)]


def test_a_known_server_is_asked_for_only_on_demand(open_with, hand):
    login = open_with(KNOWN)
    assert not login.fields.is_server_shown
    hand.click(link(login, "Server"))
    assert login.fields.is_server_shown
    hand.type("0")
    assert login.fields.server.value == SERVER + "0"


def test_remembering_is_offered_only_where_a_secret_can_be_kept(open_with):
    assert open_with(LoginForm(can_remember=False)).fields.remember is None
    assert open_with(LoginForm(can_remember=True)).fields.remember is not None


def test_remembering_is_asked_for(open_with, events, hand):
    login = open_with(KNOWN)
    hand.type("secret12")
    hand.click(login.fields.remember, 10)
    hand.click(login.submit_button)
    assert events.calls == [("login", SERVER, "fox", "secret12", True)]


def test_what_is_missing_is_said_beside_the_field_and_the_keyboard_goes_there(open_with, events, hand):
    login = open_with(LoginForm())
    hand.click(login.submit_button)
    fields = login.fields
    assert fields.server.note and fields.account.note and fields.password.note
    assert events.calls == []
    hand.type("x")
    assert fields.server.value == "x"
    assert not fields.server.note


def test_a_remembered_login_needs_one_click(open_with, events, hand):
    login = open_with(REMEMBERED)
    assert isinstance(login.fields, RememberedFields)
    hand.click(login.submit_button)
    assert events.calls == [("login", SERVER, "fox", "", True)]


def test_a_remembered_login_needs_one_key(open_with, events, hand):
    open_with(REMEMBERED)
    hand.press("Return")
    assert events.calls == [("login", SERVER, "fox", "", True)]


def test_another_account_can_log_in_instead_of_the_remembered_one(open_with, hand):
    login = open_with(REMEMBERED)
    hand.click(link(login, "Switch account"))
    assert isinstance(login.fields, LoginFields)
    assert login.fields.server.value == SERVER
    hand.type("panda")
    assert login.fields.account.value == "panda"


def test_a_remembered_login_that_has_expired_asks_for_the_password(open_with, events, hand):
    login = open_with(REMEMBERED)
    hand.press("Return")
    login.busy()
    login.error(LoginTrouble(code="TOKEN_EXPIRED"))
    hand.work()
    assert "expired" in login.trouble
    hand.type("secret12")
    hand.press("Return")
    assert events.of("login")[-1] == (SERVER, "fox", "secret12", False)


def test_while_it_is_under_way_nothing_is_raised_twice_and_it_can_be_given_up(open_with, events, hand):
    login = open_with(KNOWN)
    hand.type("secret12")
    hand.press("Return")
    login.busy()
    hand.work()
    assert login.submit_button.text == "Logging in …"
    hand.click(login.submit_button)
    hand.press("Return")
    assert len(events.calls) == 1
    hand.click(link(login, "Cancel"))
    assert events.calls[-1] == ("cancel",)
    assert login.submit_button.text == "Log in"
    assert login.fields.password.value == "secret12"


def test_escape_gives_up_a_login_under_way(open_with, events, hand):
    login = open_with(KNOWN)
    login.busy()
    hand.press("Escape")
    hand.press("Escape")
    assert events.calls == [("cancel",)]


def test_a_wrong_password_is_told_and_can_be_typed_over(open_with, events, hand):
    login = open_with(KNOWN)
    hand.type("wrong")
    hand.press("Return")
    login.busy()
    login.error(LoginTrouble(code="AUTH_FAILED"))
    hand.work()
    assert login.trouble == "The account or the password is wrong."
    hand.type("right")
    hand.press("Return")
    assert events.of("login")[-1] == (SERVER, "fox", "right", False)
    assert not login.trouble


def test_a_server_that_does_not_answer_is_named_and_its_field_comes_up(open_with, hand):
    login = open_with(KNOWN)
    login.busy()
    login.error(LoginTrouble(code="UNREACHABLE", detail="Connection refused"))
    hand.work()
    assert SERVER in login.trouble
    assert login.fields.is_server_shown
    hand.type("other:1")
    assert login.fields.server.value == "other:1"


def test_who_was_kicked_reads_why(open_with):
    login = open_with(KNOWN)
    login.error(LoginTrouble(code="KICKED_REPLACED"))
    assert "another computer" in login.trouble


def test_an_error_brings_a_hidden_window_up(login, hand):
    login.error(LoginTrouble(code="KICKED_ADMIN"))
    hand.until(login.window.winfo_viewable)


def test_success_hides_the_window_and_forgets_the_password(open_with, hand):
    login = open_with(KNOWN)
    hand.type("secret12")
    login.busy()
    login.success()
    hand.work()
    assert not login.window.winfo_viewable()
    login.show(KNOWN)
    assert login.fields.password.value == ""
    assert login.submit_button.text == "Log in"


def test_an_account_is_opened_with_everything_it_needs(open_with, events, hand):
    login = open_with(LoginForm(server=SERVER))
    hand.click(link(login, "Create an account"))
    assert isinstance(login.fields, RegisterFields)
    hand.type("otter")
    hand.press("Tab")
    hand.paste("水獭🦦")
    hand.press("Tab")
    hand.type("secret12")
    hand.press("Tab")
    hand.type("secret12")
    hand.press("Return")
    assert events.calls == [("register", SERVER, "otter", "secret12", "水獭🦦")]


@pytest.mark.parametrize(
    ("account", "nickname", "password", "again", "wrong"),
    [
        ("", "Otter", "secret12", "secret12", "account"),
        ("no blanks", "Otter", "secret12", "secret12", "account"),
        ("-otter", "Otter", "secret12", "secret12", "account"),
        ("o" * 33, "Otter", "secret12", "secret12", "account"),
        ("otter", " ", "secret12", "secret12", "nickname"),
        ("otter", "O" * 33, "secret12", "secret12", "nickname"),
        ("otter", "Otter", "secret1", "secret1", "password"),
        ("otter", "Otter", "secret12", "secret21", "again"),
    ],
)
def test_what_no_account_can_have_is_said_before_anybody_is_asked(
    open_with, events, hand, account, nickname, password, again, wrong
):
    login = open_with(LoginForm(server=SERVER))
    hand.click(link(login, "Create an account"))
    fields = login.fields
    fields.account.value, fields.nickname.value = account, nickname
    fields.password.value, fields.again.value = password, again
    hand.click(login.submit_button)
    assert [name for name in ("account", "nickname", "password", "again") if getattr(fields, name).note] == [
        wrong
    ]
    assert events.calls == []


def test_a_taken_account_name_can_be_typed_over(open_with, events, hand):
    login = open_with(LoginForm(server=SERVER))
    hand.click(link(login, "Create an account"))
    login.fields.account.value = "fox"
    login.busy()
    login.error(LoginTrouble(code="USER_EXISTS"))
    hand.work()
    assert "taken" in login.trouble
    hand.type("otter")
    assert login.fields.account.value == "otter"


def test_the_way_back_from_opening_an_account_keeps_server_and_account(open_with, hand):
    login = open_with(LoginForm())
    login.fields.server.value = SERVER
    hand.click(link(login, "Create an account"))
    assert login.fields.server.value == SERVER
    login.fields.account.value = "otter"
    hand.click(link(login, "I have an account"))
    assert login.fields.server.value == SERVER
    assert login.fields.account.value == "otter"


def test_closing_the_window_ends_the_program(open_with, events, hand):
    login = open_with(KNOWN)
    login.window.tk.call(login.window.protocol("WM_DELETE_WINDOW"))
    assert events.calls == [("quit",)]
