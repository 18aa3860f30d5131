"""What the console, the JSON API and `naivechat admin` need for operators, in one place."""

import attrs

from naivechat.application.api_tokens import ApiTokens
from naivechat.application.audit import AuditTrail
from naivechat.application.operator_logins import OperatorLogins
from naivechat.application.operators import Operators
from naivechat.application.own_totp import OwnTotp


@attrs.frozen(kw_only=True)
class OperatorServices:
    """Who operators are, how they come in, and what is known of what they did."""

    operators: Operators
    logins: OperatorLogins
    own_totp: OwnTotp
    api_tokens: ApiTokens
    audit: AuditTrail
