"""Versions of policies: begun, written, put before approvers, approved or returned."""
