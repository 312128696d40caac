"""Calls of jobs and programs: heartbeats and values."""
