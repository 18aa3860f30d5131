"""One-time codes of authenticator apps, by pyotp."""

import hmac
import re

import pyotp

from naivechat.domain.operator import OperatorId

STEP_S = 30
ISSUER = "naivechat"


class TotpCodes:
    """Implements `domain.operator_ports.OneTimeCodes`: SHA-1, six digits, 30 s, which every app knows."""

    def make_secret(self) -> str:
        return pyotp.random_base32()

    def uri(self, operator_id: OperatorId, secret: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=operator_id, issuer_name=ISSUER)

    def matching_step(self, secret: str, code: str, now_ms: int) -> int | None:
        """As the port says: clocks may differ by one step. Spaces in a code do not matter. What is no secret has no codes."""
        if re.fullmatch(r"[A-Z2-7]{32}", secret) is None:
            return None
        typed = "".join(code.split()).encode("utf-8", "replace")
        present = now_ms // (1_000 * STEP_S)
        totp = pyotp.TOTP(secret, interval=STEP_S)
        steps = [
            step
            for step in (present - 1, present, present + 1)
            if hmac.compare_digest(totp.at(step * STEP_S).encode("ascii"), typed)
        ]
        return max(steps, default=None)
