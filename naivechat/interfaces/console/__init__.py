"""The operator's console: pages for a browser."""
