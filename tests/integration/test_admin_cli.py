"""`naivechat admin …`, each command a process of its own on a database of its own."""

import csv
import io
import re
from pathlib import Path

import pyotp
import pytest

from tests.integration.test_cli import Operator

PASSWORD = "long enough for two"


@pytest.fixture
def shell(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def test_an_operator_goes_through_its_life(shell: Operator) -> None:
    assert shell.succeeds("admin", "list") == ""
    made = shell.succeeds("admin", "add", "root", typed=f"{PASSWORD}\n")
    assert made == "root can log in to the console now.\n"
    generated = shell.succeeds("admin", "add", "vic", "--role", "viewer", "--generate")
    assert re.search(r"Password: \S{12}\n", generated)
    assert shell.succeeds("admin", "role", "vic", "operator") == "vic is operator now.\n"
    assert shell.succeeds("admin", "passwd", "vic", typed=f"{PASSWORD}\n") == "vic has a new password.\n"
    assert shell.succeeds("admin", "disable", "vic") == "vic can no longer log in.\n"
    assert [line.split() for line in shell.succeeds("admin", "list").splitlines()] == [
        ["root", "operator"],
        ["vic", "operator", "disabled"],
    ]
    assert shell.succeeds("admin", "enable", "vic") == "vic can log in again.\n"


def test_what_is_wrong_is_one_line_and_no_password_is_a_default(shell: Operator) -> None:
    weak = "An operator's password needs at least 12 characters."
    assert shell.fails("admin", "add", "root", typed="") == weak
    assert shell.fails("admin", "add", "root", typed="elevenchars\n") == weak
    assert shell.fails("admin", "add", "a b", "--generate").startswith("operator_id: ")
    assert shell.fails("admin", "passwd", "root", "--generate") == "There is no operator root."
    assert shell.fails("admin", "disable", "root") == "There is no operator root."
    assert shell.fails("admin", "token", "add", "root", "bot") == "There is no operator root."
    assert shell.succeeds("admin", "audit") == ""


def test_a_one_time_code_is_asked_for_once_the_app_has_the_secret(shell: Operator) -> None:
    shell.succeeds("admin", "add", "root", typed=f"{PASSWORD}\n")
    status, written = shell.run("admin", "totp", "root", typed="000\n")
    assert status == 1
    assert written.splitlines()[-1].startswith("Error: code: ")
    assert shell.succeeds("admin", "list").split() == ["root", "operator"]
    assert re.search(r"otpauth://totp/naivechat:root\?secret=[A-Z2-7]{32}&issuer=naivechat\n", written)
    assert shell.succeeds("admin", "totp", "root", "--off") == "root logs in by the password alone.\n"


def test_a_secret_in_use_is_listed_and_shown_no_more(tmp_path: Path) -> None:
    shell, secret = Operator(tmp_path), pyotp.random_base32()
    shell.succeeds("admin", "add", "root", typed=f"{PASSWORD}\n")
    forged = Operator(tmp_path, before=f"import pyotp; pyotp.random_base32 = lambda: {secret!r}; ")
    told = forged.succeeds("admin", "totp", "root", typed=f"{pyotp.TOTP(secret).now()}\n")
    assert told.endswith("root logs in by password and code from now on.\n")
    assert shell.succeeds("admin", "list").split() == ["root", "operator", "one-time", "code"]
    assert secret not in shell.succeeds("admin", "audit", "--csv")


def test_tokens_are_made_listed_and_revoked(shell: Operator) -> None:
    shell.succeeds("admin", "add", "root", typed=f"{PASSWORD}\n")
    made = shell.succeeds("admin", "token", "add", "root", "bot", "--role", "operator", "--days", "3")
    assert re.fullmatch(r"Good until \S+Z, shown this once:\nnc_[\w-]{43}\n", made)
    (line,) = shell.succeeds("admin", "token", "list").splitlines()
    assert re.fullmatch(r"root +bot +operator until \S+Z  never used", line)
    shell.succeeds("admin", "token", "add", "root", "helper", "--bot", "helper")
    assert re.search(r"root +helper +bot helper until", shell.succeeds("admin", "token", "list"))
    assert shell.succeeds("admin", "token", "list", "nobody") == ""
    assert shell.succeeds("admin", "token", "revoke", "root", "bot") == "bot of root is good no more.\n"
    assert shell.fails("admin", "token", "revoke", "root", "bot") == "root has no token bot."


def test_the_audit_log_tells_of_all_that_and_of_no_secret(shell: Operator) -> None:
    shell.succeeds("admin", "add", "root", typed=f"{PASSWORD}\n")
    shell.succeeds("admin", "add", "vic", "--role", "viewer", typed=f"{PASSWORD}\n")
    token = shell.succeeds("admin", "token", "add", "vic", "bot").splitlines()[-1]
    first, *_, last = shell.succeeds("admin", "audit").splitlines()
    assert first.split()[1:4] == ["-", "token.create", "vic"]
    assert last.split()[1:4] == ["-", "operator.create", "root"]
    assert last.endswith('{"role": "operator"}')
    written = shell.succeeds("admin", "audit", "--csv")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["action"] for row in rows] == ["token.create", "operator.create", "operator.create"]
    assert all(row["node"] for row in rows)
    assert token not in written
    assert PASSWORD not in written


def test_what_is_done_to_users_on_the_command_line_is_written_down_too(shell: Operator) -> None:
    shell.succeeds("user", "add", "li", "--nickname", "李雷", typed=f"{PASSWORD}\n")
    shell.succeeds("user", "passwd", "li", "--generate")
    shell.succeeds("user", "disable", "li")
    shell.succeeds("user", "enable", "li")
    shell.fails("user", "disable", "nobody")
    lines = shell.succeeds("admin", "audit", "--action", "user.").splitlines()
    *done, refused = [line.split() for line in reversed(lines)]
    codes = ["user.create", "user.set_password", "user.disable", "user.enable"]
    assert [words[1:] for words in done] == [["-", code, "li"] for code in codes]
    assert refused[1:] == ["-", "user.disable", "nobody", '{"refused":', '"NOT_FOUND"}']


def test_the_audit_log_may_be_narrowed(shell: Operator) -> None:
    for name in ("root", "vic"):
        shell.succeeds("admin", "add", name, typed=f"{PASSWORD}\n")
    shell.succeeds("admin", "role", "vic", "viewer")
    for options, lines in (
        ((), 3),
        (("-n", "2"), 2),
        (("--subject", "vic"), 2),
        (("--action", "operator.create"), 2),
        (("--action", "operator."), 3),
        (("--action", "user."), 0),
        (("--operator", "root"), 0),
        (("--since", "2020-01-01"), 3),
        (("--before", "2020-01-01T10:00:00"), 0),
    ):
        assert len(shell.succeeds("admin", "audit", *options).splitlines()) == lines, options
