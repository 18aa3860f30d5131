"""Tests run in a process in which a module of ours is another one than in the tree; nothing on the disk is touched.

`run_altered` forks, so that what tests need is loaded once; the child imports the module from the altered source instead.
"""

import contextlib
import importlib.machinery
import importlib.util
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any

import attrs
import pytest

REPOSITORY = Path(__file__).parent.parent

HEAVY_MODULES = (
    "attrs",
    "cbor2",
    "hypothesis.stateful",
    "hypothesis.strategies",
    "pycddl",
    "pymysql",
    "twisted.internet.defer",
    "twisted.internet.protocol",
    "twisted.internet.task",
    "twisted.logger",
    "twisted.protocols.basic",
    "twisted.python.threadpool",
    "yoyo",
)
"""What takes long to import, has nothing of ours in it, and brings no reactor: two processes must not share one."""

MOST_MEMORY = 4 * 1024**3
"""Of a child, in bytes: what never ends should not take the machine with it."""

_OPTIONS = ("-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:playwright")


@attrs.frozen(kw_only=True)
class Verdict:
    """What became of the tests that ran.

    failed, passed: their node ids, in order; a test that fails while it is prepared is in neither.
    problem: why they tell nothing, or less than all; "" when all could be run, and ended by themselves.
    """

    failed: tuple[str, ...]
    passed: tuple[str, ...]
    problem: str
    took_s: float


class AlteredModules:
    """A finder, for `sys.meta_path`, of modules that have another source than their file.

    Args:
        sources: by the name of a module, the whole text of it.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        loaded = sorted(set(sources) & set(sys.modules))
        if loaded:
            raise ValueError(f"imported already: {', '.join(loaded)}")
        self._sources = sources

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The module's own spec, with a loader that compiles the other source."""
        if name not in self._sources:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"there is no file of {name}", name=name)
        spec.loader = _AlteredLoader(name, spec.origin, self._sources[name])
        return spec


class _AlteredLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


class _Notes:
    """A plugin of pytest that notes what became of each test."""

    def __init__(self) -> None:
        self.failed: dict[str, None] = {}
        self.passed: dict[str, None] = {}
        self.not_run: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.not_run.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and report.when == "setup":
            self.not_run.append(report.nodeid)
        elif report.failed:
            self.failed[report.nodeid] = None
            self.passed.pop(report.nodeid, None)
        elif report.passed and report.when == "call":
            self.passed[report.nodeid] = None


_EXITS = {0: "", 1: "", 2: "interrupted", 3: "fails within pytest", 4: "names no tests", 5: "has no tests"}


def path_of(module: str) -> str:
    """The file of a module, which is not imported; its packages are not, either."""
    return module.replace(".", "/") + ".py"


def load_heavy_modules() -> None:
    """Import what every child needs, once for all."""
    for name in HEAVY_MODULES:
        import_module(name)
    if "twisted.internet.reactor" in sys.modules:
        raise RuntimeError("a reactor was imported; children would share its descriptors")


def run_altered(
    sources: Mapping[str, str], arguments: Sequence[str], *, timeout_s: float, most_cpu_s: int | None = None
) -> Verdict:
    """Run pytest in a child in which some modules are other ones.

    Args:
        arguments: node ids, files and options of pytest.
        timeout_s: after so many seconds the child, and what it has started, is killed.
        most_cpu_s: after so many seconds of computing the child dies: what loops for ever is found out sooner, however busy the machine.
    """
    began_s = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(sources, arguments, writing, most_cpu_s)
    os.close(writing)
    try:
        said = _read_until(reading, began_s + timeout_s)
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    took_s = time.monotonic() - began_s
    if said is None:
        return Verdict(failed=(), passed=(), problem="hangs", took_s=took_s)
    if not said:
        return Verdict(failed=(), passed=(), problem="dies", took_s=took_s)
    failed, passed, problem = json.loads(said)
    return Verdict(failed=tuple(failed), passed=tuple(passed), problem=problem, took_s=took_s)


def _be_child(
    sources: Mapping[str, str], arguments: Sequence[str], writing: int, most_cpu_s: int | None
) -> None:
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        if most_cpu_s is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (most_cpu_s, most_cpu_s))
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        sys.meta_path.insert(0, AlteredModules(sources))
        notes = _Notes()
        status = pytest.main([*_OPTIONS, *arguments], plugins=[notes])
        problem = f"cannot run {notes.not_run[0]}" if notes.not_run else _EXITS[int(status)]
        report = [list(notes.failed), list(notes.passed), problem]
        os.write(writing, json.dumps(report).encode())
    finally:
        os._exit(0)


def _read_until(reading: int, end_s: float) -> bytes | None:
    """All that the child writes before it ends, or None at the end of its time."""
    said = b""
    while True:
        left_s = end_s - time.monotonic()
        if left_s <= 0 or not select.select([reading], [], [], left_s)[0]:
            return None
        piece = os.read(reading, 65536)
        if not piece:
            return said
        said += piece
