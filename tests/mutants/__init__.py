"""Mutation testing: small changes of the code, each of which a test should notice.

`make mutants` makes every mutant of a few modules, one at a time and in memory, and runs the tests that are there for them.
One that no test notices is a hole in the tests, or equal to the original in all that can be seen: those are in `equivalents.py`.
"""
