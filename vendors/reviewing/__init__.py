"""Looking at vendors: before use, and again by their tier."""
