"""What a review leaves behind: its reports, made by a worker and kept as evidence."""
