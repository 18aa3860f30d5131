"""The system under load and faults: real nodes and servers, real clients, and a history of it all for `tests.history` to judge.

`python -m tests.soak --help`, or `make soak`.
"""
