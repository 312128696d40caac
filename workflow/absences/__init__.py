"""Out of office: who is away, and who stands in for them in their own name and with their own rights."""
