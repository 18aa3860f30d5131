"""Draws the pictures of the documents: the desktop client's own windows, with people in them that do not exist."""
