"""The starters: policies and procedures to begin with, in our own words, with the organization's facts in them."""
