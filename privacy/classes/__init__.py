"""Classes of data, and the data inventory."""
