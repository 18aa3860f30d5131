"""The direction of imports: docs/architecture.md's table holds, and the check that says so can tell."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.import_rules import Import, imports, violations
from tests.servers import REPOSITORY


def planted(root: Path, module: str, source: str) -> list[str]:
    """What the checker says of a tree that consists of one module."""
    path = root.joinpath(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True)
    path.write_text(source)
    return [line.partition(": ")[2] for line in violations(root)]


def test_every_room_imports_only_what_it_may() -> None:
    assert violations(REPOSITORY) == []


@pytest.mark.parametrize(
    ("module", "source", "imported"),
    [
        ("naivechat.protocol.packet", "import naivechat.domain.user", "naivechat.domain.user"),
        ("naivechat.protocol.packet", "import cbor2", "cbor2"),
        ("naivechat.protocol.codec", "from twisted.protocols import basic", "twisted.protocols.basic"),
        ("naivechat.domain.user", "from twisted.internet import defer", "twisted.internet.defer"),
        ("naivechat.domain.user", "import sqlite3", "sqlite3"),
        ("naivechat.domain.user", "from naivechat import __version__", "naivechat.__version__"),
        ("naivechat.application.talks", "from naivechat import protocol", "naivechat.protocol"),
        (
            "naivechat.infrastructure.sql.pool",
            "from ...application import talks",
            "naivechat.application.talks",
        ),
        ("naivechat.infrastructure.event_codec", "import cbor2", "cbor2"),
        (
            "naivechat.sockets.delivery",
            "from naivechat.infrastructure.sql.pool import Pool",
            "naivechat.infrastructure.sql.pool.Pool",
        ),
        ("naivechat.sockets.delivery", "from naivechat import bootstrap", "naivechat.bootstrap"),
        ("naivechat.sockets.delivery", "import naivechat", "naivechat"),
        ("naivechat.interfaces.console", "import naivechat.protocol.codec", "naivechat.protocol.codec"),
        ("naivechat.client.outbox", "import naivechat.domain.talk", "naivechat.domain.talk"),
        ("naivechat.client.outbox", "import tkinter", "tkinter"),
        ("naivechat.terminal.screen", "from naivechat.sockets import session", "naivechat.sockets.session"),
        ("naivechat.bootstrap", "import naivechat.tap", "naivechat.tap"),
        ("naivechat.settings", "from naivechat.cli import main", "naivechat.cli.main"),
        ("tkclient.ui.window", "from twisted.internet import defer", "twisted.internet.defer"),
        ("tkclient.logic.login", "from tkinter import ttk", "tkinter.ttk"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, module: str, source: str, imported: str) -> None:
    assert planted(tmp_path, module, source) == [f"{module} must not import {imported}"]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("naivechat.protocol.frame", "from twisted.protocols.basic import IntNStringReceiver"),
        ("naivechat.protocol.codec", "import cbor2, msgspec"),
        ("naivechat.domain.user", "import re\nfrom naivechat.domain import talk"),
        ("naivechat.application.talks", "from . import accounts\nfrom ..domain.user import User"),
        ("naivechat.infrastructure.sql.pool", "import pymysql\nfrom twisted.internet import defer"),
        ("naivechat.sockets.handlers.login", "from naivechat.sockets.session import Session"),
        ("naivechat.client.local_store", "import sqlite3\nfrom naivechat import __version__"),
        ("naivechat.bootstrap", "import naivechat.sockets.factory, naivechat.infrastructure.passwords"),
        ("naivechat.tap", "from twisted.internet import reactor\nfrom naivechat import bootstrap"),
        ("naivechat.cli", "import click\nfrom twisted.internet.task import react"),
        ("tkclient.app", "import tkinter, tkclient.ui.window, naivechat.client"),
    ],
)
def test_a_right_import_is_let_through(tmp_path: Path, module: str, source: str) -> None:
    assert planted(tmp_path, module, source) == []


@pytest.mark.parametrize(
    "source", ["from twisted.internet import reactor", "import twisted.internet.reactor"]
)
def test_the_global_reactor_stays_where_programs_begin(tmp_path: Path, source: str) -> None:
    assert planted(tmp_path, "naivechat.bootstrap", source) == [
        "naivechat.bootstrap must not import twisted.internet.reactor"
    ]


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
import typing
if typing.TYPE_CHECKING:
    from a import b
def function():
    from . import sibling
    from ..other import thing
    importlib.import_module("late")
    __import__(computed)
"""
    assert list(imports(source, package="naivechat.sockets")) == [
        Import(name="typing", line=2),
        Import(name="a.b", line=4),
        Import(name="naivechat.sockets.sibling", line=6),
        Import(name="naivechat.other.thing", line=7),
        Import(name="late", line=8),
    ]


@pytest.mark.parametrize("name", ["utils", "common", "helpers", "base", "manager", "misc"])
def test_a_module_whose_name_says_nothing_is_found(tmp_path: Path, name: str) -> None:
    assert planted(tmp_path, f"naivechat.domain.{name}", "") == ["the module's name says nothing"]


def test_a_module_outside_every_room_is_found(tmp_path: Path) -> None:
    assert planted(tmp_path, "naivechat.plumbing.pipe", "") == ["naivechat.plumbing.pipe is in no room"]


def test_the_command_line_installs_no_reactor() -> None:
    program = "import sys, naivechat.cli; sys.exit('twisted.internet.reactor' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
