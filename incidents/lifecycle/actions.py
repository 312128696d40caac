"""What may be done to an incident, in the order of its life."""

from incidents.lifecycle.ending import close, correct_time, dismiss, reopen
from incidents.lifecycle.people import add_to_team, take_from_team
from incidents.lifecycle.working import acknowledge, assign, contain, investigate, resolve, set_severity

__all__ = [
    "acknowledge",
    "add_to_team",
    "assign",
    "close",
    "contain",
    "correct_time",
    "dismiss",
    "investigate",
    "reopen",
    "resolve",
    "set_severity",
    "take_from_team",
]
