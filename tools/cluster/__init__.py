"""Several nodes on one machine, with servers of their own, to try what becomes of them: `make cluster`."""
