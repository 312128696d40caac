"""What is scanned, with which tool, how often, and whose it is."""
