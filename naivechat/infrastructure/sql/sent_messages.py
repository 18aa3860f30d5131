"""What somebody has written, in SQL tables; the port says what the method does."""

import attrs

from naivechat.domain.message import Message
from naivechat.domain.user import UserId
from naivechat.infrastructure.sql.pool import Database
from naivechat.infrastructure.sql.records import RECORD_COLUMNS, message_of
from naivechat.infrastructure.sql.transaction import Transaction


@attrs.frozen
class SqlSentMessages:
    """Implements `application.personal_data.SentMessages`."""

    _database: Database

    async def list_sent(self, user_id: UserId, after_uuid: bytes, limit: int) -> tuple[Message, ...]:
        return await self._database.read(_list_sent, user_id, after_uuid, limit)


def _list_sent(txn: Transaction, user_id: UserId, after_uuid: bytes, limit: int) -> tuple[Message, ...]:
    rows = txn.rows(
        f"SELECT {RECORD_COLUMNS} FROM chat_record r WHERE r.sender_id = %s AND r.msg_uuid > %s ORDER BY r.msg_uuid LIMIT %s",
        (user_id, after_uuid, limit),
    )
    return tuple(map(message_of, rows))
