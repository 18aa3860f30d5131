"""`make demo`: a node with demo people, and two of them at their desktops side by side."""
