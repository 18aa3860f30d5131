"""What a run says of itself: it passes only if promises were kept and it can tell."""

from collections import Counter
from typing import Any

from tests.history.event import Fault
from tests.history.verdict import Verdict
from tests.soak.report import Result, describe
from tests.soak.vitals import Course, Vitals

GOOD = Verdict(violations=(), invalid=(), sent=2, acked=2)
STRUCK = Fault(kind="kill-node", began_at_s=1, ended_at_s=2, happened=True)


def result(**options: Any) -> Result:
    return Result(**{"seed": 1, "events": [STRUCK], "verdict": GOOD, **options})


def test_a_fault_that_found_nothing_to_strike_is_told_and_the_run_stays_valid() -> None:
    run = result(skipped=Counter({"deadlock-database": 1}))
    assert run.passed
    assert "nothing to strike: deadlock-database 1" in describe(run)


def test_a_run_whose_faults_mostly_found_nothing_to_strike_tells_nothing() -> None:
    run = result(skipped=Counter({"deadlock-database": 1, "cut-bus": 1}))
    assert not run.passed
    assert "invalid: 2 faults found nothing to strike, 1 did" in describe(run)


def test_a_node_that_complains_fails_the_run() -> None:
    assert not result(complaints=("Traceback",)).passed


def test_what_nodes_cost_is_told() -> None:
    before, after = (Vitals(pid=pid, memory_kb=pid * 1024, descriptors=pid + 1) for pid in (80, 90))
    text = describe(result(nodes=(Course(before=before, after=after),)))
    assert "node 0, another process: 80.0 to 90.0 MiB, 81 to 91 descriptors" in text


def test_a_device_that_is_not_logged_in_at_the_end_is_named() -> None:
    text = describe(result(absent=("ann/0: kicked, replaced",)))
    assert "not logged in at the end: ann/0: kicked, replaced" in text
