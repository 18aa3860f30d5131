"""Which page answers which path, of what people have made of the chat: groups, webhooks, messages, announcements."""

from naivechat.application.cluster import Cluster
from naivechat.application.directory_services import DirectoryServices
from naivechat.application.webhook_administration import WebhookAdministration
from naivechat.interfaces.console import paths
from naivechat.interfaces.console.announcements import AnnouncementsPage
from naivechat.interfaces.console.app import Route, Routes
from naivechat.interfaces.console.groups import GroupsPage
from naivechat.interfaces.console.messages import MessagesPage
from naivechat.interfaces.console.webhooks import WebhooksPage


def group_routes(directory: DirectoryServices) -> Routes:
    """All groups, and one."""
    groups = GroupsPage(groups=directory.groups, administration=directory.administration)
    return {
        ("GET", paths.GROUPS): Route(groups.show),
        ("GET", paths.GROUP): Route(groups.show_one),
        ("GET", paths.GROUP_PANEL): Route(groups.refresh, is_use=False),
        ("POST", paths.GROUP_RENAME): Route(groups.rename, changes=True),
        ("POST", paths.GROUP_DISSOLVE): Route(groups.dissolve, changes=True),
    }


def webhook_routes(directory: DirectoryServices, administration: WebhookAdministration) -> Routes:
    """Programs that a group's records are sent to."""
    webhooks = WebhooksPage(groups=directory.groups, webhooks=administration)
    return {
        ("GET", paths.WEBHOOKS): Route(webhooks.show),
        ("GET", paths.WEBHOOKS_PANEL): Route(webhooks.refresh, is_use=False),
        ("POST", paths.WEBHOOK_CREATE): Route(webhooks.create, changes=True),
        ("POST", paths.WEBHOOK_CHANGE): Route(webhooks.change, changes=True),
        ("POST", paths.WEBHOOK_OFF): Route(webhooks.switch_off, changes=True),
        ("POST", paths.WEBHOOK_ON): Route(webhooks.switch_on, changes=True),
        ("POST", paths.WEBHOOK_SECRET): Route(webhooks.renew_secret, changes=True),
        ("POST", paths.WEBHOOK_TEST): Route(webhooks.test, changes=True),
        ("POST", paths.WEBHOOK_REMOVE): Route(webhooks.remove, changes=True),
    }


def message_routes(directory: DirectoryServices) -> Routes:
    """The words of talks, for operators alone."""
    messages = MessagesPage(administration=directory.administration)
    return {
        ("GET", paths.MESSAGES): Route(messages.show),
        ("POST", paths.MESSAGES_SEARCH): Route(messages.search, changes=True),
        ("POST", paths.MESSAGES_AROUND): Route(messages.show_around, changes=True),
        ("POST", paths.MESSAGE_RECALL): Route(messages.recall, changes=True),
    }


def announcement_routes(directory: DirectoryServices, cluster: Cluster) -> Routes:
    """Official accounts, and what is written in them."""
    announcements = AnnouncementsPage(
        groups=directory.groups, administration=directory.administration, cluster=cluster
    )
    return {
        ("GET", paths.ANNOUNCEMENTS): Route(announcements.show),
        ("GET", paths.OFFICIAL_ACCOUNTS): Route(announcements.refresh, is_use=False),
        ("POST", paths.OFFICIAL_CREATE): Route(announcements.create, changes=True),
        ("POST", paths.OFFICIAL_ENROL): Route(announcements.enrol, changes=True),
        ("POST", paths.ANNOUNCEMENT_PREVIEW): Route(announcements.preview, changes=True),
        ("POST", paths.ANNOUNCEMENT_SEND): Route(announcements.send, changes=True),
    }
