"""The sound of a new message: two soft notes, made here."""

import array
import io
import math
import wave
from typing import Final

RATE: Final = 22_050
"""Samples a second."""
_NOTES: Final = ((0.00, 880.0), (0.09, 1318.5))
"""When each begins, in seconds, and its frequency in hertz."""
_LENGTH_S: Final = 0.42
_LOUDNESS: Final = 0.28
_FADE_S: Final = 0.11
_ATTACK_S: Final = 0.006


def chime() -> bytes:
    """A WAV file: mono, 16 bits."""
    samples = array.array("h", (_sample(number / RATE) for number in range(int(RATE * _LENGTH_S))))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def _sample(time_s: float) -> int:
    value = sum(_note(time_s - start_s, frequency) for start_s, frequency in _NOTES if time_s >= start_s)
    return int(32_767 * _LOUDNESS * value)


def _note(time_s: float, frequency: float) -> float:
    attack = min(time_s / _ATTACK_S, 1.0)
    return attack * math.exp(-time_s / _FADE_S) * math.sin(2 * math.pi * frequency * time_s)
