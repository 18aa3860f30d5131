"""The server's side of connections: frames in, answers and pushes out.

Packets become values in the handlers, values become packets in `presenter`; nothing here knows storage.
"""
