"""What is reported, and what becomes of it."""

from incidents.reporting.events import evaluate_again, join, report_event, rule_out
from incidents.reporting.opening import open_incident, outage, recovered

__all__ = ["evaluate_again", "join", "open_incident", "outage", "recovered", "report_event", "rule_out"]
