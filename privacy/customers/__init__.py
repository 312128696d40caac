"""Customers who left."""
