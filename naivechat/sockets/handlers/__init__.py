"""One object for one command: each reads its packet, calls one service method and returns the answer."""
