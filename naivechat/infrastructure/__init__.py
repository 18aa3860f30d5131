"""What the domain needs from the world: storage, password hashing, the event bus."""
