"""Makes the pictures of the desktop client from what others drew: run it with `python -m tools.assets`."""
