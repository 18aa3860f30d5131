"""The agreement between client and node: bytes and values, without I/O.

`codec` turns payloads into packets and back, `frame` cuts a stream into payloads;
the packets themselves are in `session`, `message`, `talk`, `friend`, `group` and `profile`.
The wire is described in ``docs/protocol.md`` and ``docs/protocol.cddl``.
"""
