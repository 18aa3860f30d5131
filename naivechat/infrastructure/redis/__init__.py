"""The bus between nodes and their registry, on Redis or Valkey: all of txredisapi's peculiarities live here."""
