"""`/metrics`: a node's figures for Prometheus, read from what it has counted when somebody asks.

`METRICS` is the whole list; docs/metrics.md is held against it by a test.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from twisted.internet.interfaces import IReactorTime

from naivechat.domain.figures import Totals
from naivechat.domain.measure import BOUNDS_S, Histogram, Measures
from naivechat.domain.node import NodeStatus
from naivechat.domain.webhook import WebhookSurvey
from naivechat.interfaces.readiness import CertificateState
from naivechat.interfaces.site import Leaf

FRESH_S = 1.0

METRICS: Mapping[str, str] = {
    "naivechat_node_info": "What the node is called (node) and its version (version); always 1.",
    "naivechat_connections": "Open connections of clients, logged in or not.",
    "naivechat_users_online": "People with a session on this node.",
    "naivechat_draining": "1 while the node takes no connections.",
    "naivechat_nodes": "Living nodes this one knows of, itself included.",
    "naivechat_database_up": "1 when the database, at the last look at most 5 s ago, answered and took what is new.",
    "naivechat_bus_connected": "1 while the bus to the other nodes works; absent on a node alone.",
    "naivechat_bus_full": "1 while Redis carries messages but keeps nothing, for want of memory or disk; absent on a node alone.",
    "naivechat_bus_published_total": "Payloads given to the bus.",
    "naivechat_bus_received_total": "Payloads of other nodes received from the bus.",
    "naivechat_bus_dropped_total": "Payloads not given to the bus, because it was away or did not follow.",
    "naivechat_log_queue_length": "Messages and read positions that wait for a transaction.",
    "naivechat_messages_stored_total": "Records that this node has stored in logs of talks.",
    "naivechat_commit_seconds": "Transactions of the message log, each of up to 256 entries, from their beginning to their commit.",
    "naivechat_delivery_seconds": "Messages, from the beginning of their transaction until they were written to receivers here and given to the bus.",
    "naivechat_stalls_total": "How often the node did nothing for more than a second, by kind: reactor, where the log names the line that held it up, or process, where it did not run at all.",
    "naivechat_reactor_stall_seconds": "How late the reactor came to a call that is due ten times a second: what everything on the node waits for.",
    "naivechat_logins_total": "Logins by password or token, by result: ok, or why not.",
    "naivechat_requests_total": "Requests of clients, by command.",
    "naivechat_certificates_current": "1 while the last reading of certificates gave all of them; absent without TLS.",
    "naivechat_certificate_expiry_seconds": "When the first certificate ends, in seconds since 1970; absent without TLS.",
    "naivechat_errors_total": "Requests that were refused or failed, by code.",
    "naivechat_refused_total": "What was refused because it was too much, by limit; of bytes and pages how often a connection had to wait.",
    "naivechat_webhooks": "Webhooks of all groups, by state: on, failing or off; every node tells of all.",
    "naivechat_webhook_backlog": "Records behind the webhook that is furthest behind, of those that are on or failing.",
    "naivechat_webhook_deliveries_total": "Deliveries to webhooks by this node, by result: ok, or why not.",
}
"""Every metric of ours, as it is exposed, and what it says; units are in the names."""

PROCESS_METRICS = (
    "process_cpu_seconds_total",
    "process_max_fds",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "process_virtual_memory_bytes",
    "python_gc_collections_total",
    "python_gc_objects_collected_total",
    "python_gc_objects_uncollectable_total",
)
"""What prometheus_client tells of every process."""


@attrs.frozen(kw_only=True)
class Sources:
    """Where figures come from.

    own: the node's state. node_count: how many nodes it knows of, itself included. certificates: what is known of them, if any.
    webhooks: how all webhooks are.
    """

    measures: Measures
    count: Callable[[], Totals]
    own: Callable[[], NodeStatus]
    node_count: Callable[[], int]
    certificates: CertificateState | None = None
    webhooks: Callable[[], WebhookSurvey] = WebhookSurvey


class MetricsPage(Leaf):
    """All figures as text, made once a second at most."""

    def __init__(self, sources: Sources, clock: IReactorTime) -> None:
        super().__init__()
        self._registry = make_registry(sources)
        self._clock = clock
        self._made: dict[str, tuple[float, bytes]] = {}

    def render_GET(self, request: Any) -> bytes:
        encode, content_type = choose_encoder(request.getHeader("Accept") or "")
        request.setHeader("Content-Type", content_type)
        made_s, text = self._made.get(content_type, (0.0, b""))
        now_s = self._clock.seconds()
        if not text or now_s - made_s >= FRESH_S:
            text = encode(self._registry)
            # Formats differ by what the client says it takes: few are real.
            self._made = {content_type: (now_s, text)}
        return text


def make_registry(sources: Sources) -> CollectorRegistry:
    """All figures of a node and of its process."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(_NodeCollector(sources))
    return registry


class _NodeCollector(Collector):
    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterator[Metric]:
        totals, measures = self._sources.count(), self._sources.measures
        yield from self._of_node(totals)
        yield from _of_bus(totals)
        yield from _of_certificates(self._sources.certificates)
        yield _gauge("naivechat_log_queue_length", totals.log_queue_length)
        yield _counter("naivechat_messages_stored_total", totals.stored)
        yield _histogram("naivechat_commit_seconds", measures.commit)
        yield _histogram("naivechat_delivery_seconds", measures.delivery)
        yield _counters("naivechat_stalls_total", "kind", measures.stalls)
        yield _histogram("naivechat_reactor_stall_seconds", measures.stall)
        yield _counters("naivechat_logins_total", "result", measures.logins)
        yield _counters("naivechat_requests_total", "command", measures.requests)
        yield _counters("naivechat_errors_total", "code", measures.errors)
        yield _counters("naivechat_refused_total", "limit", measures.refused)
        yield from _of_webhooks(self._sources.webhooks(), measures)

    def _of_node(self, totals: Totals) -> Iterator[Metric]:
        own = self._sources.own()
        help_text = METRICS["naivechat_node_info"]
        yield InfoMetricFamily("naivechat_node", help_text, value={"node": own.name, "version": own.version})
        yield _gauge("naivechat_connections", totals.connections)
        yield _gauge("naivechat_users_online", totals.users)
        yield _gauge("naivechat_draining", own.draining)
        yield _gauge("naivechat_nodes", self._sources.node_count())
        yield _gauge("naivechat_database_up", totals.database_up)


def _of_bus(totals: Totals) -> Iterator[Metric]:
    if totals.bus_connected is None:
        return
    yield _gauge("naivechat_bus_connected", totals.bus_connected)
    yield _gauge("naivechat_bus_full", totals.bus_full)
    yield _counter("naivechat_bus_published_total", totals.published)
    yield _counter("naivechat_bus_received_total", totals.received)
    yield _counter("naivechat_bus_dropped_total", totals.dropped)


def _of_certificates(state: CertificateState | None) -> Iterator[Metric]:
    if state is None or state.expires_at_s is None:
        return
    yield _gauge("naivechat_certificates_current", state.is_current)
    yield _gauge("naivechat_certificate_expiry_seconds", state.expires_at_s)


def _of_webhooks(survey: WebhookSurvey, measures: Measures) -> Iterator[Metric]:
    states = {"on": survey.on - survey.failing, "failing": survey.failing, "off": survey.off}
    family = GaugeMetricFamily("naivechat_webhooks", METRICS["naivechat_webhooks"], labels=("state",))
    for state, count in states.items():
        family.add_metric((state,), count)
    yield family
    yield _gauge("naivechat_webhook_backlog", survey.backlog)
    yield _counters("naivechat_webhook_deliveries_total", "result", measures.webhook_deliveries)


def _gauge(name: str, value: float) -> Metric:
    return GaugeMetricFamily(name, METRICS[name], value=float(value))


def _counter(name: str, value: int) -> Metric:
    return CounterMetricFamily(name, METRICS[name], value=value)


def _counters(name: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, METRICS[name], labels=(label,))
    for word, value in sorted(values.items()):
        family.add_metric((word,), value)
    return family


def _histogram(name: str, histogram: Histogram) -> Metric:
    buckets, below = [], 0
    for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), histogram.counts, strict=True):
        below += count
        buckets.append((bound, float(below)))
    return HistogramMetricFamily(name, METRICS[name], buckets=buckets, sum_value=histogram.sum_s)
