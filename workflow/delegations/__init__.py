"""Handing a vendor, a review or an audit period to a guardian, who looks after it until a day."""
