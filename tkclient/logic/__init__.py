"""What happens: decides on the desktop's side what the UI raises and what the node tells. Knows no widget."""
