"""What the desktop around the client offers: folders, secrets kept for the user, notifications."""
