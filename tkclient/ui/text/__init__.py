"""Text: the words of the interface, times, and what people write, made ready for lines on the screen."""
