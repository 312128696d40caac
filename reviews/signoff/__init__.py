"""The end of a review: sign-off, what it sets going, and the close."""
