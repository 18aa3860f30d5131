"""Proof that the tests find faults: bugs that are planted on purpose, and small changes of the code by the hundred."""
