"""The auditor's request list."""
