"""Writing changes: what they are, how risky, from which template, and what is said of them."""
