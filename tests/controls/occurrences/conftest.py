"""The day on which these tests play."""

import datetime as dt

import pytest

from tenancy.models import Organization

TODAY = dt.date(2026, 5, 20)


@pytest.fixture
def on(monkeypatch):
    """`on(day)`: every organization has that day. It begins on 20 May 2026, a Wednesday."""

    def turn(day: dt.date | str) -> None:
        moment = dt.date.fromisoformat(day) if isinstance(day, str) else day
        monkeypatch.setattr(Organization, "today", lambda _: moment)

    turn(TODAY)
    return turn
