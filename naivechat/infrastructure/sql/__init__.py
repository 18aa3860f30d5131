"""Storage in SQLite, or MySQL and MariaDB."""
