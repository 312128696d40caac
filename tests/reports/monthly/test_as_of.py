"""The moment of the figures beside each report, whatever kind it is, and the list in its order."""

from typing import Any

import pytest

from evidence.models import Evidence
from reports.monthly.kept import printed
from tests.reports.world import make_programme

pytestmark = pytest.mark.usefixtures("unprinted")
LIST = "/o/acme/reports/"


@pytest.fixture
def report(asked, manager, work):
    """Of the programme, ready."""
    make_programme(manager)
    return work(asked)


def test_a_report_names_the_moment_at_which_its_figures_were_frozen(report, executive, client_of):
    row: Any = printed().get()
    assert row.data_as_of == report.refreshed().as_of
    page = client_of(executive).get(LIST).content.decode()
    assert "Data as of" in page
    assert client_of(executive).get(f"{LIST}?order=-data_as_of").context["listing"]["headers"][3].direction == "descending"
    assert "Data as of" in client_of(executive).get(f"{LIST}monthly/").content.decode()


def test_what_stands_for_nothing_that_is_there_names_when_it_was_made(report):
    row: Any = printed().get()
    kept = Evidence.objects.get(pk=row.pk)
    Evidence.objects.filter(pk=kept.pk).update(subject_id=None)
    row = printed().get()
    assert row.data_as_of == kept.collected_at
