"""`/healthz`: whether the process is alive. `/readyz`: whether clients may be sent to the node."""

import json
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web import http, server

from naivechat.interfaces.readiness import CertificateState, Readiness, Report
from naivechat.interfaces.site import Leaf, answer

JSON = "application/json"


class Alive(Leaf):
    """200 as long as the process turns: whoever restarts what is dead asks here."""

    def render_GET(self, request: Any) -> bytes:
        return answer(request, http.OK, "ok\n")


class Ready(Leaf):
    """200 or 503, and each part as JSON: load balancers ask here."""

    def __init__(self, readiness: Readiness, certificates: CertificateState | None = None) -> None:
        super().__init__()
        self._readiness = readiness
        self._certificates = certificates

    def render_GET(self, request: Any) -> int:
        gone = request.notifyFinish()
        telling = Deferred.fromCoroutine(self._tell(request))
        telling.addErrback(_failed, request)
        # Who goes away before the answer is there is told nothing.
        gone.addErrback(lambda _: telling.cancel())
        return int(server.NOT_DONE_YET)

    async def _tell(self, request: Any) -> None:
        report = await self._readiness.look()
        status = http.OK if report.is_ready else http.SERVICE_UNAVAILABLE
        body = answer(request, status, as_json(report, self._certificates), JSON)
        request.setHeader("Content-Length", str(len(body)))
        request.write(body)
        request.finish()


def as_json(report: Report, certificates: CertificateState | None = None) -> str:
    """A report as it is told; of certificates where there are any."""
    bus = {True: "full" if report.bus_full else "up", False: "down", None: "none"}[report.bus_connected]
    parts = {
        "ready": report.is_ready,
        "database": report.database.value,
        "bus": bus,
        "draining": report.draining,
    }
    if certificates is not None and certificates.expires_at_s is not None:
        parts["certificates"] = "current" if certificates.is_current else "stale"
    return json.dumps(parts) + "\n"


def _failed(failure: Failure, request: Any) -> None:
    if not request._disconnected:
        request.processingFailed(failure)
