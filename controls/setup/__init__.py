"""The first hour: ten questions, what fits, and a year laid out."""
