"""What the tests of the logic get."""

from pathlib import Path

import pytest

from tests.unit.tkclient.logic.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)
