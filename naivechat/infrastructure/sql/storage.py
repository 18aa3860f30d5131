"""All repositories on one database."""

from typing import Any

import attrs
from twisted.logger import Logger

from naivechat.domain.database_state import DatabaseState
from naivechat.domain.measure import Measures
from naivechat.domain.ports import Clock
from naivechat.infrastructure.sql.account_directory import SqlAccountDirectory
from naivechat.infrastructure.sql.api_tokens import SqlApiTokenRepository
from naivechat.infrastructure.sql.audit import SqlAuditLog
from naivechat.infrastructure.sql.engine import Engine, StorageUrlError
from naivechat.infrastructure.sql.expiry import SqlMessageExpiry
from naivechat.infrastructure.sql.friends import SqlFriendRepository
from naivechat.infrastructure.sql.group_directory import SqlGroupDirectory
from naivechat.infrastructure.sql.groups import SqlGroupRepository
from naivechat.infrastructure.sql.message_log import SqlMessageLog
from naivechat.infrastructure.sql.mysql_engine import MySQLEngine
from naivechat.infrastructure.sql.news import SqlNewsFeed
from naivechat.infrastructure.sql.news_row import NewsWriter
from naivechat.infrastructure.sql.operator_sessions import SqlOperatorSessionRepository
from naivechat.infrastructure.sql.operators import SqlOperatorRepository
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.sent_messages import SqlSentMessages
from naivechat.infrastructure.sql.sqlite_engine import SQLiteEngine
from naivechat.infrastructure.sql.talk_search import SqlTalkSearch
from naivechat.infrastructure.sql.talks import SqlTalkRepository, read_epoch
from naivechat.infrastructure.sql.tokens import SqlTokenRepository
from naivechat.infrastructure.sql.users import SqlUserRepository
from naivechat.infrastructure.sql.webhooks import SqlWebhookRepository


@attrs.frozen(kw_only=True)
class Storage:
    """The ports of storage; see `domain.ports`, and `domain.directory_ports` for what operators look through."""

    users: SqlUserRepository
    tokens: SqlTokenRepository
    friends: SqlFriendRepository
    groups: SqlGroupRepository
    talks: SqlTalkRepository
    log: SqlMessageLog
    operators: SqlOperatorRepository
    operator_sessions: SqlOperatorSessionRepository
    api_tokens: SqlApiTokenRepository
    audit: SqlAuditLog
    account_directory: SqlAccountDirectory
    group_directory: SqlGroupDirectory
    talk_search: SqlTalkSearch
    expiry: SqlMessageExpiry
    sent_messages: SqlSentMessages
    webhooks: SqlWebhookRepository
    _database: Database

    _logger = Logger()

    async def start(self) -> None:
        """Look at the database's settings. Unavailable when it is away."""
        for warning in await self._database.warnings():
            self._logger.warn("database: {warning}", warning=warning)

    async def read_epoch(self) -> str:
        """The name of this history of the database. Unavailable."""
        return await self._database.read(read_epoch)

    async def look(self) -> DatabaseState:
        """What the database is good for. Unavailable when it does not answer."""
        return await self._database.look()

    def make_news_feed(self, node_instance: str) -> SqlNewsFeed:
        """What others than this run of a node store."""
        return SqlNewsFeed(self._database, node_instance)

    async def stop(self) -> None:
        """Commit and answer what is queued, then end threads and connections."""
        await self.log.drain()
        self._database.stop()


def engine_for(url: str) -> Engine:
    """The engine that a database URL names.

    Raises:
        StorageUrlError.
    """
    if url.startswith("sqlite:"):
        return SQLiteEngine(url)
    if url.startswith("mysql:"):
        return MySQLEngine(url)
    raise StorageUrlError("wanted is sqlite:///path or mysql://user:password@host:port/database")


def open_storage(
    url: str,
    *,
    reactor: Any,
    clock: Clock,
    node_instance: str | None = None,
    measures: Measures | None = None,
) -> Storage:
    """The repositories on the database of a URL, not started; its tables are up to date (see `migrate`).

    Args:
        node_instance: names this run of a node in at most 32 ASCII characters: what it stores is noted for other nodes. None:
            there are no others.
        measures: counts what the message log does.

    Raises:
        StorageUrlError.
    """
    database = Database(engine_for(url), reactor)
    news = NewsWriter(node_instance)
    log = SqlMessageLog(database, reactor, clock, news, measures)
    return Storage(
        users=SqlUserRepository(database),
        tokens=SqlTokenRepository(database, reactor),
        friends=SqlFriendRepository(database, reactor),
        groups=SqlGroupRepository(database, log, news),
        talks=SqlTalkRepository(database, reactor),
        log=log,
        operators=SqlOperatorRepository(database),
        operator_sessions=SqlOperatorSessionRepository(database),
        api_tokens=SqlApiTokenRepository(database),
        audit=SqlAuditLog(database),
        account_directory=SqlAccountDirectory(database),
        group_directory=SqlGroupDirectory(database, log, news),
        talk_search=SqlTalkSearch(database),
        expiry=SqlMessageExpiry(database),
        sent_messages=SqlSentMessages(database),
        webhooks=SqlWebhookRepository(database),
        database=database,
    )
