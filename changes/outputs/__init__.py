"""What leaves changes for others: evidence, control events, occurrences, a PDF, and facts for the binder."""
