"""Taking the register out as a table, and bringing it in again."""
