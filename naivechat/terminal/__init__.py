"""The terminal client: `naivechat chat user@host:port`."""
