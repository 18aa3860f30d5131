"""The watch over the log that every test runs under."""

import pytest

from tests.servers import REPOSITORY

CASES = """
    import gc
    from twisted.internet.defer import Deferred, fail
    from twisted.logger import Logger
    from twisted.trial.unittest import SynchronousTestCase
    from tests.logs import logged_errors

    log = Logger()


    def lose_a_deferred_in_a_cycle():
        lost = fail(ValueError("lost"))
        lost.itself = lost


    def log_failure():
        try:
            raise ValueError("told")
        except ValueError:
            log.failure("it broke")


    def test_silent():
        log.error("not fatal")

    def test_failure():
        log_failure()

    def test_critical():
        log.critical("no fsync")

    def test_lost_deferred():
        lose_a_deferred_in_a_cycle()

    def test_lost_deferred_that_was_logged():
        log.info("{lost}", lost=fail(ValueError("lost")))

    def test_expected():
        log_failure()
        lose_a_deferred_in_a_cycle()
        gc.collect()
        assert len(logged_errors.flush(ValueError)) == 2

    def test_expected_another():
        log_failure()
        assert logged_errors.flush(KeyError) == ()


    class TrialTests(SynchronousTestCase):
        def test_failure(self):
            log_failure()

        def test_expected_by_trial_alone(self):
            lose_a_deferred_in_a_cycle()
            gc.collect()
            assert len(self.flushLoggedErrors(ValueError)) == 1

        def test_critical(self):
            log.critical("no fsync")

        def test_lost_deferred(self):
            lose_a_deferred_in_a_cycle()

        def test_lost_deferred_of_a_test_case(self):
            self.itself = self
            self.lost = fail(ValueError("lost"))

        def test_expected(self):
            log_failure()
            lose_a_deferred_in_a_cycle()
            gc.collect()
            log.critical("no fsync")
            assert len(self.flushLoggedErrors(ValueError)) == 2
            assert len(logged_errors.flush()) == 3
"""


def test_a_test_fails_for_what_it_logged_or_lost(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    pytester.makeconftest("from tests.conftest import *")
    pytester.makepyfile(test_cases=CASES)

    result = pytester.runpytest_subprocess()

    blamed = {
        line.partition("::")[2].partition(" ")[0]
        for line in result.outlines
        if line.startswith(("FAILED", "ERROR "))
    }
    assert blamed == {
        "test_failure",
        "test_critical",
        "test_lost_deferred",
        "test_lost_deferred_that_was_logged",
        "test_expected_another",
        "TrialTests::test_failure",
        "TrialTests::test_critical",
        "TrialTests::test_lost_deferred",
        "TrialTests::test_lost_deferred_of_a_test_case",
    }
