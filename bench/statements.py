"""How many statements a database has executed, as it tells itself."""

from bench.site import Site

_COUNTED = ("Com_select", "Com_insert", "Com_insert_select", "Com_update", "Com_delete", "Com_replace")


def count_statements(site: Site) -> int:
    """On MariaDB, since its start: what reads and what changes rows. On SQLite 0, for nobody counts there."""
    if site.database is None:
        return 0
    with site.database.connection() as connection, connection.cursor() as cursor:
        cursor.execute("SHOW GLOBAL STATUS LIKE 'Com\\_%'")
        counts = dict(cursor.fetchall())
    return sum(int(counts[name]) for name in _COUNTED)
