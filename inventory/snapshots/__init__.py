"""Population snapshots: read in a worker, previewed, loaded at once, checked, and never changed afterwards."""
