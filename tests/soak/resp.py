"""The wire of Redis, as much of it as is needed to tell where a message ends. Bytes alone, no I/O."""

MESSAGE = b"*3\r\n$7\r\nmessage\r\n"
"""How a published message begins."""


def split_replies(data: bytes) -> tuple[list[bytes], bytes]:
    """The whole replies that `data` begins with, and the rest."""
    replies, start = [], 0
    while (end := _end_of_reply(data, start)) is not None:
        replies.append(data[start:end])
        start = end
    return replies, data[start:]


def _end_of_reply(data: bytes, start: int) -> int | None:
    """Where the reply that begins at `start` ends; None if that is not in `data` yet."""
    line_end = data.find(b"\r\n", start)
    if line_end < 0:
        return None
    kind, end = data[start : start + 1], line_end + 2
    if kind not in (b"*", b"$"):
        return end
    count = int(data[start + 1 : line_end])
    if kind == b"$":
        end += count + 2 if count >= 0 else 0  # a count of -1 stands for nothing
        return end if end <= len(data) else None
    for _ in range(count):
        following = _end_of_reply(data, end)
        if following is None:
            return None
        end = following
    return end
