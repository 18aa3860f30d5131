"""What the console and the JSON API ask for, in one place."""

import attrs

from naivechat.application.cluster import Cluster
from naivechat.application.directory_services import DirectoryServices
from naivechat.application.node_control import NodeControl
from naivechat.application.operator_services import OperatorServices
from naivechat.application.webhook_administration import WebhookAdministration


@attrs.frozen(kw_only=True)
class AdminServices:
    """operators: who they are. directory: people, groups and messages. cluster, control: the nodes, and their switches.

    webhooks: programs that groups' records are sent to.
    """

    operators: OperatorServices
    directory: DirectoryServices
    cluster: Cluster
    control: NodeControl
    webhooks: WebhookAdministration
