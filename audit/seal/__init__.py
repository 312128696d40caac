"""The trail under seal: a signed tree for each organization, its witnesses, and the check of all of it."""
