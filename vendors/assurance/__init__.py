"""Which days of an audit period the reports of a vendor cover, and which they do not."""
