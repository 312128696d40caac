"""The scale on which risks are rated: its words, its versions, and where each level begins."""
