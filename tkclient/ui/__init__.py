"""Widgets: what is seen and clicked. Knows no network; everything on the screen follows from the model."""
