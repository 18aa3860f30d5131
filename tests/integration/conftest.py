"""What tests of several nodes share."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.clusters import Arrive, Person


@pytest.fixture
def arrive() -> Iterator[Arrive]:
    """Makes somebody new at a node, `arrive(node, "ann", device="phone")`; they go when the test ends."""
    with ExitStack() as leaving:
        yield lambda *place, **options: leaving.enter_context(Person.arrives(*place, **options))
