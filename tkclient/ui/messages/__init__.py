"""The messages of a talk: where each stands, and the list that draws those in view."""
