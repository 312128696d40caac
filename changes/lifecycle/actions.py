"""Everything that moves a change. Each locks its row first, and brings the `change` it was given up to date."""

from changes.approving.giving import Changed, Shown, approve, approve_by_review, reject, void_review
from changes.lifecycle.agreeing import record_agreement
from changes.lifecycle.carrying import (
    fail,
    implement,
    implement_first,
    roll_back,
    schedule,
    schedule_if_ready,
    written_due,
)
from changes.lifecycle.ending import close, review
from changes.lifecycle.objecting import object_to_agreement
from changes.lifecycle.submitting import ask_again, content_changed, judge_authors, rework, submit, withdraw

__all__ = [
    "Changed",
    "Shown",
    "approve",
    "approve_by_review",
    "ask_again",
    "close",
    "content_changed",
    "fail",
    "implement",
    "implement_first",
    "judge_authors",
    "object_to_agreement",
    "record_agreement",
    "reject",
    "review",
    "rework",
    "roll_back",
    "schedule",
    "schedule_if_ready",
    "submit",
    "void_review",
    "withdraw",
    "written_due",
]
