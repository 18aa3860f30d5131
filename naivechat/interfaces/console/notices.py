"""What a page says about something that was done, or was not."""

from collections.abc import Mapping
from typing import Final

from naivechat.interfaces.console.answer import Answer, page
from naivechat.interfaces.console.rendering import render
from naivechat.interfaces.console.visit import Visit

CHANGED: Final[Mapping[str, str]] = {"HX-Trigger": "changed"}
"""Tells a page that what it shows is not what is: its parts with `hx-trigger="changed from:body"` are asked for anew."""


def done(visit: Visit, sentence: str, *, secret: str = "") -> Answer:
    """It was done. secret: what is shown only this once, "" for nothing."""
    return page(render("notice.html", visit, kind="good", reason=sentence, secret=secret), headers=CHANGED)


def refused(visit: Visit, sentence: str, status: int = 400) -> Answer:
    """It was not done, and why."""
    return page(render("notice.html", visit, kind="bad", reason=sentence, secret=""), status=status)
