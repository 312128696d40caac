"""Who has to approve a change, what exactly they approve, and that it is not their own."""
