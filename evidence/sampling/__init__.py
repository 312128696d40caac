"""Samples of frozen populations: drawn by a seed that anybody can use again, or chosen by the auditor."""
