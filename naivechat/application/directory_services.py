"""What the console, the JSON API and the command line need for people, groups and messages, in one place."""

import attrs

from naivechat.application.administration import Administration
from naivechat.application.bot_administration import BotAdministration
from naivechat.application.group_administration import GroupList
from naivechat.application.people_directory import PeopleDirectory
from naivechat.application.people_import import PeopleImport


@attrs.frozen(kw_only=True)
class DirectoryServices:
    """people, groups: what every operator may look at. people_import: `check` alone is to be called; what is done goes through
    `administration`, which asks who wants it and writes it down, as `bots` does.
    """

    people: PeopleDirectory
    groups: GroupList
    people_import: PeopleImport
    administration: Administration
    bots: BotAdministration
