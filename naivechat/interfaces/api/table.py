"""The API joined together: its table of operations, and the resource that serves them."""

from collections.abc import Callable

from naivechat import __version__
from naivechat.application.admin_services import AdminServices
from naivechat.application.api_access import ApiAccess
from naivechat.application.login_guard import AddressGuard
from naivechat.interfaces.api.app import Api
from naivechat.interfaces.api.audit import AuditOperations
from naivechat.interfaces.api.bots import BotOperations
from naivechat.interfaces.api.groups import GroupOperations
from naivechat.interfaces.api.messages import MessageOperations
from naivechat.interfaces.api.nodes import NodeOperations
from naivechat.interfaces.api.operation import Operation
from naivechat.interfaces.api.operators import OperatorOperations
from naivechat.interfaces.api.users import UserOperations
from naivechat.interfaces.api.webhooks import WebhookOperations
from naivechat.interfaces.public_address import PublicAddress


def make_table(services: AdminServices) -> tuple[Operation, ...]:
    """All operations."""
    directory = services.directory
    return (
        *NodeOperations(cluster=services.cluster, control=services.control).table(),
        *UserOperations(directory=directory).table(),
        *GroupOperations(groups=directory.groups, administration=directory.administration).table(),
        *MessageOperations(administration=directory.administration).table(),
        *BotOperations(bots=directory.bots).table(),
        *WebhookOperations(webhooks=services.webhooks).table(),
        *OperatorOperations(services=services.operators).table(),
        *AuditOperations(audit=services.operators.audit).table(),
    )


def make_api(services: AdminServices, *, public_url: str, steady_clock: Callable[[], int]) -> Api:
    """The API's resource.

    Args:
        public_url: as of the console: who asks is taken from a proxy where there is one.
        steady_clock: milliseconds, whatever becomes of the wall clock.
    """
    audit = services.operators.audit
    guard = AddressGuard(steady_clock)
    return Api(
        make_table(services),
        access=ApiAccess(services.operators.api_tokens, audit, guard, steady_clock),
        audit=audit,
        public=PublicAddress.of_url(public_url),
        version=__version__,
    )
