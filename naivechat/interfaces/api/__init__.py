"""The JSON API: everything that operators do, for scripts and bots."""
