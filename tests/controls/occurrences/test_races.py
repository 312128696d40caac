"""Two at once: one occurrence is performed once, and laying out twice makes each row once."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.models import ControlEvidence, Occurrence
from controls.occurrences.actions import perform
from controls.occurrences.layout import lay_out
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.controls.occurrences.made import make_control, make_period
from tests.races import at_once
from ui.refusals import ActionRefused

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("committed_db", "on")]


@pytest.fixture
def acme(committed_db):
    return Organization.objects.get(slug="acme")


@pytest.fixture
def control(acme):
    manager = Cast().manager
    with tenant(acme):
        make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
        return make_control(manager)


def test_it_is_performed_once(acme, control):
    manager = Cast().manager

    def act(number):
        with tenant(acme):
            row = Occurrence.objects.get(key="2026-04")
            upload = SimpleUploadedFile(f"{number}.txt", b"%d" % number)
            return perform(row, actor=manager, performed_on=dt.date(2026, 4, 30), uploads=[upload])

    refused = [one for one in at_once(act) if isinstance(one, ActionRefused)]
    assert [one.sentence for one in refused] == ["AC-001 April 2026 is performed: it cannot be performed now."] * 3
    with tenant(acme):
        assert ControlEvidence.objects.count() == 1


def test_rows_are_laid_out_once(acme, control, on):
    manager = Cast().manager
    with tenant(acme):
        make_control(manager, code="AC-002")
    on("2027-01-05")

    def act(_):
        with tenant(acme):
            return lay_out(actor=manager).added

    assert sorted(at_once(act)) == [0, 0, 0, 26]
