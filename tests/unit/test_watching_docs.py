"""What documents, alert rules and the dashboard say of metrics is what there is."""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from naivechat.interfaces.metrics import METRICS, PROCESS_METRICS
from tests.servers import REPOSITORY

DOCS = REPOSITORY / "docs"
NAMES = re.compile(r"\b(?:naivechat|process|python)_[a-z_]+\b")
HISTOGRAMS = {name for name in METRICS if name.endswith("_seconds")}
KNOWN = {
    *METRICS,
    *PROCESS_METRICS,
    *(f"{name}_{part}" for name in HISTOGRAMS for part in ("bucket", "count", "sum")),
}


def dashboard() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DOCS / "grafana" / "naivechat.json").read_text(encoding="utf-8"))
    return content


def rules() -> list[dict[str, Any]]:
    content = yaml.safe_load((DOCS / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in content["groups"] for rule in group["rules"]]


def queries(value: Any) -> Iterator[str]:
    """Every `expr` in a document, however deep."""
    if isinstance(value, dict):
        if "expr" in value:
            yield value["expr"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from queries(part)


def test_every_metric_is_described_in_the_words_that_prometheus_gets() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", (DOCS / "metrics.md").read_text(encoding="utf-8"), re.M)
    described = {name: text for name, text in rows if NAMES.fullmatch(name)}
    assert {name: text for name, text in described.items() if name in METRICS} == METRICS
    assert set(described) - set(METRICS) == set(PROCESS_METRICS)


def test_names_follow_the_conventions() -> None:
    for name, text in METRICS.items():
        assert re.fullmatch(r"naivechat(_[a-z]+)+", name)
        assert text.endswith(".")
        assert name.endswith(("_total", "_seconds", "_info")) or "total" not in name


@pytest.mark.parametrize("query", [*queries(dashboard()), *queries(rules())])
def test_a_query_asks_for_metrics_that_there_are(query: str) -> None:
    query = re.sub(r'"[^"]*"', "", query)
    names = set(NAMES.findall(query))
    assert names <= KNOWN
    assert names or "up{" in query
    for opening, closing in ("()", "{}", "[]"):
        assert query.count(opening) == query.count(closing)
    for name in (name for name in names if name.endswith(("_total", "_bucket"))):
        assert re.search(rf"(?:rate|increase)\({name}", query)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_a_rule_says_how_urgent_it_is_and_what_to_think(rule: dict[str, Any]) -> None:
    assert re.fullmatch(r"Naivechat[A-Za-z]+", rule["alert"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith((".", "?"))


def test_rules_have_names_of_their_own() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))


def test_the_panels_of_the_dashboard_stand_beside_each_other() -> None:
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [panel["gridPos"] for panel in panels]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in itertools.combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


def test_the_dashboard_shows_every_metric_of_ours_but_the_few_that_say_no_figures() -> None:
    shown = {name for query in queries(dashboard()) for name in NAMES.findall(query)}
    shown = {re.sub(r"(_seconds)_(?:bucket|count|sum)$", r"\1", name) for name in shown}
    assert set(METRICS) - shown == {"naivechat_node_info", "naivechat_nodes"}
