"""The URL of a MySQL or MariaDB database."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from naivechat.infrastructure.sql.engine import StorageUrlError


def mysql_arguments(url: str) -> dict[str, Any]:
    """What PyMySQL is to be called with for `mysql://user:password@host:port/database[?unix_socket=/path]`.

    Raises:
        StorageUrlError.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or 3306
    except ValueError:
        raise StorageUrlError("the port is not a number") from None
    database = unquote(parts.path.lstrip("/"))
    if not parts.hostname or not database or not parts.username:
        raise StorageUrlError("wanted is mysql://user:password@host:port/database")
    arguments: dict[str, Any] = {
        "host": parts.hostname,
        "port": port,
        "user": unquote(parts.username),
        "password": unquote(parts.password or ""),
        "database": database,
    }
    options = parse_qs(parts.query)
    if unknown := set(options) - {"unix_socket"}:
        raise StorageUrlError(f"{sorted(unknown)[0]} is not an option of a database URL")
    arguments.update({name: values[0] for name, values in options.items()})
    return arguments
