"""A trail with months that are long over."""

import datetime as dt
from collections.abc import Callable

import pytest

from audit.actors import SCHEDULE
from audit.record import record
from audit.seal import sealing
from proof.retention.rules import Month
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.proof.attacking import Trail, sealed_trail
from tests.proof.old_months import OLD, OLDER, partition


@pytest.fixture
def write(monkeypatch: pytest.MonkeyPatch) -> Callable[[Organization, Month, int], None]:
    """`write(organization, month, count)`: events of that month."""

    def old(organization: Organization, month: Month, count: int) -> None:
        for number in range(count):
            moment = month.span[0] + dt.timedelta(hours=number)
            with monkeypatch.context() as patch, tenant(organization):
                patch.setattr("audit.record.event_instant", lambda moment=moment: moment)
                record("test.old", organization, actor=SCHEDULE, metadata={"number": number})

    return old


@pytest.fixture
def seal_then(monkeypatch: pytest.MonkeyPatch) -> Callable[[Organization], None]:
    """`seal_then(organization)`: a head as it was signed when the last of the old months was over."""

    def sealed(organization: Organization) -> None:
        begin = sealing._begin
        with monkeypatch.context() as patch:
            patch.setattr(sealing, "_begin", lambda: (begin()[0], OLD.span[1] + dt.timedelta(minutes=1)))
            Trail(organization).seal(told=False)

    return sealed


@pytest.fixture
def trail(acme: Organization, write: Callable[..., None], seal_then: Callable[[Organization], None]) -> Trail:
    """A sealed trail with three events in each of two months long ago."""
    for month in (OLDER, OLD):
        partition(month)
        write(acme, month, 3)
    seal_then(acme)
    return sealed_trail(acme)
