"""The windows and what opens over them."""
