"""From numbers as they are at scale 1 to pixels of this screen."""

import attrs


@attrs.frozen
class Scale:
    """`factor` is pixels of the screen for one pixel at scale 1, which has 96 of them to the inch."""

    factor: float = 1.0

    def px(self, value: float) -> int:
        """Pixels of the screen; what is not nothing stays at least one."""
        pixels = round(value * self.factor)
        return pixels or (value > 0) - (value < 0)
