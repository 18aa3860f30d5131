"""Histories of a chat system under load and faults, and the checker that judges them. No input or output but the history's file."""
