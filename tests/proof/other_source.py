"""Modules that are imported with another source than their file's; this process alone is changed."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


def path_of(module: str) -> Path:
    """The file of a module of ours."""
    return REPOSITORY / f"{module.replace('.', '/')}.py"


def import_otherwise(module: str, source: Any) -> None:
    """From now on `module`, which must not have been imported, has this source: a text or a syntax tree."""
    assert module not in sys.modules, f"{module} was imported already"
    sys.meta_path.insert(0, _Finder(module, source))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, module: str, source: Any) -> None:
        self._module = module
        self._source = source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        loader = _Loader(fullname, str(path_of(fullname)), self._source)
        return importlib.util.spec_from_file_location(fullname, path_of(fullname), loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, source: Any) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.get_filename(fullname), "exec")
