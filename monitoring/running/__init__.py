"""The process that looks when it is time."""
