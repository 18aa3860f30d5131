"""What every test gets: the hypothesis profile, an eye on the log, and databases."""

import gc
from collections.abc import Iterator

import pytest
from twisted.logger import globalLogBeginner
from twisted.trial.unittest import SynchronousTestCase

from tests.databases import DATABASES
from tests.logs import logged_errors
from tests.processes import kill_all
from tests.profiles import load_profile
from tests.servers import MariaDBServer, shared_mariadb

load_profile()


def pytest_sessionstart() -> None:
    globalLogBeginner.beginLoggingTo([logged_errors], discardBuffer=True, redirectStandardIO=False)


def pytest_sessionfinish() -> None:
    if shared_mariadb.cache_info().currsize:
        shared_mariadb().close()
    kill_all()


@pytest.fixture(autouse=True, scope="module")
def older_objects_stay() -> None:
    """Keep what was there before the module out of its tests' collections: each then takes a millisecond, not forty."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_error_is_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logged a failure or a critical event, or lost a Deferred that held an error."""
    logged_errors.flush()
    yield
    if isinstance(request.instance, SynchronousTestCase):
        logged_errors.flush_failures()  # trial has reported them already, or the test has flushed them
    if request.instance is not None and not request.config.getoption("usepdb"):
        # It is older than its module's first test: what refers to itself through it would never be collected.
        vars(request.instance).clear()
    gc.collect()
    errors = logged_errors.describe()
    if errors:
        pytest.fail(f"errors in the log:\n{errors}", pytrace=False)


@pytest.fixture(scope="session")
def mariadb() -> MariaDBServer:
    """The run's shared MariaDB."""
    return shared_mariadb()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a new, empty database: the test runs once on each kind."""
    databases = DATABASES[request.param]
    url = databases.create()
    yield url
    databases.remove(url)
