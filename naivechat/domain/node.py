"""Nodes: what each says of itself to the others."""

import attrs


@attrs.frozen(kw_only=True)
class NodeStatus:
    """One node as it was at its last heartbeat.

    name: unique among living nodes. instance: names this run of it, never reused. addresses: where clients reach it, as
    `[tls:]host:port`, none where it does not know. version: of naivechat. started_at_ms, beat_at_ms: wall clock of the node.
    connections: open ones, logged in or not. users: people with a session there. messages_per_s: stored by it lately.
    draining: it takes no more connections.

    What nodes of earlier versions do not say is None, or "": log_level, from which on it logs; log_queue_length, what waits for
    a transaction; commit_… and delivery_…, milliseconds of the last seconds, None also where there was nothing to measure.
    """

    name: str
    instance: str
    addresses: tuple[str, ...] = ()
    version: str
    started_at_ms: int
    beat_at_ms: int
    connections: int = 0
    users: int = 0
    messages_per_s: float = 0.0
    draining: bool = False
    log_level: str = ""
    log_queue_length: int | None = None
    commit_p50_ms: float | None = None
    commit_p99_ms: float | None = None
    delivery_p50_ms: float | None = None
    delivery_p99_ms: float | None = None
