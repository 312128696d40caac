"""Deployments accounted for: reported, matched to changes, classed, and asked for at the gate."""
