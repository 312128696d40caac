"""What controls are expected to do, when, and what came of it."""
