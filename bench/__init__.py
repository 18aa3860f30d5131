"""Measures a node: messages a second, latency, and what a message costs. `python -m bench --help` says how."""
