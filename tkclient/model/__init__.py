"""What the desktop client knows, as values, and the one model from which everything on the screen follows."""
