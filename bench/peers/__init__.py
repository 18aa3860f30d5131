"""Other servers at the same work in the same run: `python -m bench.peers`, or `make bench-peers`."""
