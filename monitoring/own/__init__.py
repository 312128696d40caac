"""The product's own health."""
