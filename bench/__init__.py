"""Benchmarks: each case beside its floor, in the same run."""
