"""What whoever imports a scan says of it, where its file does not."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tenancy.scope import now
from vulnerabilities.models import Scan
from vulnerabilities.reading.report import Report


@dataclass(frozen=True, slots=True)
class Stated:
    """When it ran, with which version, how many packages it checked, that what is missing is gone, and why a scan of something
    else, or by another tool, is of the scope all the same. All may be left out.
    """

    ran_at: dt.datetime | None = None
    tool_version: str = ""
    checked: int | None = None
    narrower: bool = False
    moved: str = ""
    source: str = ""  # where a list comes from that somebody made
    received_at: dt.datetime | None = None  # when the file came: it ran at the latest then

    def as_task(self) -> dict[str, Any]:
        """For a task's argument."""
        return {
            "ran_at": self.ran_at.isoformat() if self.ran_at else None,
            "tool_version": self.tool_version,
            "checked": self.checked,
            "narrower": self.narrower,
            "moved": self.moved,
            "source": self.source,
            "received_at": self.received_at.isoformat() if self.received_at else None,
        }

    @classmethod
    def of_task(cls, given: dict[str, Any]) -> "Stated":
        """From a task's argument."""
        moments = {name: dt.datetime.fromisoformat(given[name]) for name in ("ran_at", "received_at") if given[name]}
        return cls(**{**given, **moments})

    def when(self, report: Report) -> tuple[dt.datetime, str]:
        """When it ran and how that is known: what the file says counts more than what somebody says."""
        latest = self.received_at or now()
        if report.ran_at is not None and not self.is_ahead(report):
            return min(report.ran_at, latest), Scan.Basis.FILE
        return (self.ran_at, Scan.Basis.STATED) if self.ran_at else (latest, Scan.Basis.IMPORTED)

    def is_ahead(self, report: Report) -> bool:
        """Whether its file tells a time that had not come when it was received: nobody believes that."""
        return report.ran_at is not None and report.ran_at > (self.received_at or now()) + _CLOCKS


_CLOCKS = dt.timedelta(minutes=10)  # that a scanner's clock may be ahead
