"""Documents: HTML printed as PDF in a process of its own, with the one print style."""
