"""How long the attacks last: in short in every test run, at length with NAIVECHAT_ATTACKS=1, as `make attacks` has it."""

import os

AT_LENGTH = os.environ.get("NAIVECHAT_ATTACKS") == "1"


def many(at_length: int, in_short: int) -> int:
    """How often something is tried."""
    return at_length if AT_LENGTH else in_short
