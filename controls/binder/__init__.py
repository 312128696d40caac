"""The audit binder: what an auditor opens first, derived from the facts, and the description of the system."""
