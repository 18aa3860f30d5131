"""Bugs planted on purpose, each of which must turn tests red that are named for it: proof that the suites can tell.

`make planted` plants all of them, one at a time and in memory; `test_planted.py` a few of them, and that the others can be.
"""
