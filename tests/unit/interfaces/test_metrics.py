"""What Prometheus reads."""

from collections.abc import Iterable

import attrs
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from twisted.internet.task import Clock

from naivechat.domain.figures import Totals
from naivechat.domain.measure import BOUNDS_S, Measures
from naivechat.domain.node import NodeStatus
from naivechat.domain.webhook import WebhookSurvey
from naivechat.interfaces.metrics import FRESH_S, METRICS, PROCESS_METRICS, MetricsPage, Sources
from naivechat.interfaces.site import make_site
from tests.unit.interfaces.browser import Browser


@attrs.frozen
class Certified:
    """What is known of certificates."""

    is_current: bool = True
    expires_at_s: int | None = 1_800_000_000


@attrs.define
class Node:
    """A node with figures."""

    totals: Totals = attrs.Factory(lambda: Totals(at_ms=0, bus_connected=True))
    measures: Measures = attrs.Factory(Measures)
    survey: WebhookSurvey = attrs.Factory(WebhookSurvey)
    clock: Clock = attrs.Factory(Clock)
    certificates: Certified | None = Certified()
    own: NodeStatus = attrs.Factory(
        lambda: NodeStatus(name='n"1\n', instance="i", version="1.0", started_at_ms=0, beat_at_ms=0)
    )

    def browser(self) -> Browser:
        sources = Sources(
            measures=self.measures,
            count=lambda: self.totals,
            own=lambda: self.own,
            node_count=lambda: 3,
            certificates=self.certificates,
            webhooks=lambda: self.survey,
        )
        return Browser(make_site({"metrics": MetricsPage(sources, self.clock)}, reactor=self.clock))

    def samples(self) -> dict[tuple[str, str], float]:
        return _by_name(_read(self.browser()))


def _read(browser: Browser) -> list[Sample]:
    answer = browser.ask("/metrics")
    assert answer.status == 200
    families = text_string_to_metric_families(answer.body.decode())
    return [sample for family in families for sample in family.samples]


def _by_name(samples: Iterable[Sample]) -> dict[tuple[str, str], float]:
    return {(sample.name, "".join(sample.labels.values())): sample.value for sample in samples}


@pytest.fixture
def node() -> Node:
    return Node()


def _exposed(node: Node) -> set[str]:
    names = {name for name, _ in node.samples()}
    for suffix in ("_bucket", "_count", "_sum"):
        names = {name.removesuffix(suffix) if name.endswith(f"_seconds{suffix}") else name for name in names}
    return {name for name in names if not name.endswith("_created")}


def test_every_metric_is_there_and_listed(node: Node) -> None:
    node.measures.logins["ok"] = node.measures.errors["CONFLICT"] = node.measures.requests["msg"] = 1
    node.measures.stalls["reactor"] = 1
    node.measures.webhook_deliveries["ok"] = 1
    assert _exposed(node) == {*METRICS, *PROCESS_METRICS}


def test_a_node_alone_has_no_bus(node: Node) -> None:
    node.totals = attrs.evolve(node.totals, bus_connected=None)
    assert not any("_bus_" in name for name in _exposed(node))


def test_values_are_those_of_the_node(node: Node) -> None:
    node.totals = Totals(at_ms=0, connections=7, users=5, stored=99, log_queue_length=4, database_up=False)
    node.own = attrs.evolve(node.own, draining=True)
    samples = node.samples()
    assert samples["naivechat_connections", ""] == 7
    assert samples["naivechat_users_online", ""] == 5
    assert samples["naivechat_messages_stored_total", ""] == 99
    assert samples["naivechat_log_queue_length", ""] == 4
    assert samples["naivechat_database_up", ""] == 0
    assert samples["naivechat_draining", ""] == 1
    assert samples["naivechat_nodes", ""] == 3
    assert samples["naivechat_node_info", 'n"1\n1.0'] == 1


def test_counts_have_labels(node: Node) -> None:
    node.measures.logins.update(ok=3, auth_failed=2)
    node.measures.errors["NOT_FRIEND"] = 4
    samples = node.samples()
    assert samples["naivechat_logins_total", "auth_failed"] == 2
    assert samples["naivechat_errors_total", "NOT_FRIEND"] == 4


def test_webhooks_are_counted_by_state_and_deliveries_by_result(node: Node) -> None:
    node.survey = WebhookSurvey(on=5, failing=2, off=1, backlog=70)
    node.measures.webhook_deliveries.update(ok=9, timeout=4)
    samples = node.samples()
    states = [samples["naivechat_webhooks", state] for state in ("on", "failing", "off")]
    assert (states, samples["naivechat_webhook_backlog", ""]) == ([3, 2, 1], 70)
    assert samples["naivechat_webhook_deliveries_total", "ok"] == 9
    assert samples["naivechat_webhook_deliveries_total", "timeout"] == 4


def test_durations_are_counted_below_bounds(node: Node) -> None:
    for duration_s in (0.0004, 0.003, 60.0):
        node.measures.commit.observe(duration_s)
    samples = node.samples()
    assert samples["naivechat_commit_seconds_bucket", "0.0005"] == 1
    assert samples["naivechat_commit_seconds_bucket", "0.005"] == 2
    assert samples["naivechat_commit_seconds_bucket", str(BOUNDS_S[-1])] == 2
    assert samples["naivechat_commit_seconds_bucket", "+Inf"] == 3
    assert samples["naivechat_commit_seconds_count", ""] == 3
    assert samples["naivechat_commit_seconds_sum", ""] == pytest.approx(60.0034)


def test_the_page_is_made_once_a_second_at_most(node: Node) -> None:
    browser = node.browser()
    before = _by_name(_read(browser))
    node.totals = attrs.evolve(node.totals, users=9)
    assert _by_name(_read(browser)) == before
    node.clock.advance(FRESH_S)
    assert _by_name(_read(browser))["naivechat_users_online", ""] == 9


def test_the_newer_format_is_told_to_who_asks_for_it(node: Node) -> None:
    answer = node.browser().ask("/metrics", Accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.body.endswith(b"# EOF\n")


def test_certificates_are_told_of_where_there_are_any(node: Node) -> None:
    node.certificates = Certified(is_current=False)
    samples = node.samples()
    assert samples["naivechat_certificates_current", ""] == 0
    assert samples["naivechat_certificate_expiry_seconds", ""] == 1_800_000_000
    for certificates in (None, Certified(expires_at_s=None)):
        node.certificates = certificates
        node.clock.advance(1)
        assert not [name for name, _ in node.samples() if "certificate" in name]
