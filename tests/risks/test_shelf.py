"""What the binder finds of the register of risks."""

import datetime as dt

import pytest

from controls.models import AuditPeriod
from risks.outputs.shelf import documents
from tests.reviews.world import changed
from tests.risks.making import a_rated, a_risk

pytestmark = pytest.mark.usefixtures("in_acme")


def found(acme) -> dict[str, tuple[str, str]]:
    """Each document's presence and note."""
    return {one.name: (one.presence, one.note) for one in documents(AuditPeriod(), acme.today())}


def test_nothing_is_said_where_nobody_keeps_a_register(acme):
    assert found(acme) == {}


def test_the_register_is_as_good_as_its_ratings_treatments_and_reviews(acme, cast, manager):
    one = a_risk(manager, cast.employee, category="fraud")
    told = found(acme)
    assert told["Risks rated and reviewed"] == ("missing", "0 of 1 are rated")
    assert told["Risks of fraud and of vendors in the register"] == ("incomplete", "None of vendors")
    assert told["Assessment of the register, approved"] == ("missing", "None was approved yet.")
    changed(one, status="closed", closed_at=acme.end_of(acme.today()), closed_reason="Gone.")
    grave = a_rated(manager, cast.employee, 5, 5, 4, 4, 1, 1, category="vendor")
    changed(grave, treatment="")
    told = found(acme)
    assert told["Risks rated and reviewed"] == ("present", "1, none overdue")
    assert told["Risks with a treatment"] == ("missing", "0 of 1 high or critical ones")
    changed(grave, next_review_on=acme.today() - dt.timedelta(days=1), treatment="mitigate")
    told = found(acme)
    assert told["Risks rated and reviewed"] == ("stale", "1 review is overdue, of 1")
    assert told["Risks with a treatment"][0] == "present"
