"""Logins by password beside something else."""

import socket

import pytest

from bench.login_stream import LoginsFailed, password_logins


def test_a_login_that_fails_is_told_when_the_work_is_over() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(LoginsFailed),
        password_logins(listener.getsockname()[1], ["ann"], per_s=1),
    ):
        listener.accept()[0].close()


def test_what_goes_wrong_meanwhile_is_told_and_ends_the_logins() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(ZeroDivisionError),
        password_logins(listener.getsockname()[1], ["ann"], per_s=1),
    ):
        listener.accept()[0].close()
        raise ZeroDivisionError
