"""A whole database in one file, and back again, into a database of whichever kind."""

from naivechat.infrastructure.sql.backup.file import BackupError, Contents, check_backup
from naivechat.infrastructure.sql.backup.making import make_backup
from naivechat.infrastructure.sql.backup.restoring import restore_backup

__all__ = ["BackupError", "Contents", "check_backup", "make_backup", "restore_backup"]
