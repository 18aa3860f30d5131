"""What stands at the right while the contacts are shown: new friends, a friend, a group."""
