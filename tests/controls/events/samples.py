"""Events as systems send them."""

import datetime as dt
from typing import Any

from controls.events.reference import example_of
from tenancy.scope import now

CODE = "AC-9"


def event(kind: str, name: str = "1", *, at: dt.datetime | None = None, **data: Any) -> dict[str, Any]:
    """An event that fits its schema, of now unless said otherwise, with other data."""
    made = example_of(kind, CODE)
    made |= {"event_id": f"{kind}-{name}", "occurred_at": (at or now()).isoformat()}
    made["data"] = {**made["data"], **data}
    return made


def access(name: str = "1", **more: Any) -> dict[str, Any]:
    """An access."""
    return event("access", name, **more)
