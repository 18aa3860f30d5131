"""Writing, and the side of the window where one dialogue is read."""
