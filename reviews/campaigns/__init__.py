"""Preparing a review, seeing whom it will ask, and starting it."""
