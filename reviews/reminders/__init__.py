"""What reviews do by themselves: next quarter's draft, reminders, escalation, and an alarm when a quarter has no review."""

from reviews.reminders.alarm import Alarm, alarm_entries, alarms
from reviews.reminders.digest import send_digests
from reviews.reminders.on_demand import remind_reviewer
from reviews.reminders.preparing import prepare_quarter
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic

__all__ = ["Alarm", "alarms", "prepare_quarter", "register", "remind_reviewer", "send_digests"]


def register() -> None:
    """Put them into the schedule, and the alarm into the work of those who run reviews; called when the app is ready."""
    register_inbox(alarm_entries)
    register_periodic("reviews.prepare_quarter", prepare_quarter)
    register_periodic("reviews.send_digests", send_digests)
