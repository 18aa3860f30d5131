"""What the list of messages asks of whoever shows it."""

from typing import Protocol


class MessageActions(Protocol):
    """Raised by `MessageList`. All is about the talk that is shown."""

    def copy(self, text: str) -> None:
        """Put a text into the clipboard."""
        ...

    def recall(self, seq: int) -> None:
        """Take a message back."""
        ...

    def retry(self, msg_uuid: bytes) -> None:
        """Send a FAILED message again."""
        ...

    def discard(self, msg_uuid: bytes) -> None:
        """Forget a FAILED message."""
        ...

    def load_older(self) -> None:
        """The reader comes near the first message known. Raised again when older ones were told, and at the earliest
        three seconds later when nothing was."""
        ...

    def open_link(self, url: str) -> None:
        """A link was clicked."""
        ...

    def avatar_clicked(self, user_id: str, x_root: int, y_root: int) -> None:
        """A portrait was clicked; at which place of the screen, in pixels."""
        ...

    def mention(self, user_id: str) -> None:
        """A portrait of somebody else in a group was clicked with the right button."""
        ...

    def seen_end(self) -> None:
        """The last message has come into view."""
        ...
