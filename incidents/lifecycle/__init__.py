"""Where incidents stand: acknowledged, contained, resolved, closed, and when."""
