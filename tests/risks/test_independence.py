"""Who approves an assessment had no part in it, saw what they approve, and compares it with a year before."""

import pytest

from risks.assessing.actions import (
    approve_assessment,
    begin_assessment,
    edit_assessment,
    recall_assessment,
    submit_assessment,
)
from risks.assessing.printing import approved_content
from risks.models import Risk, RiskAssessment
from risks.register.actions import edit_risk, rate_risk
from risks.register.inbox import waiting
from risks.register.treating import treat
from tests.api.conftest import Program, make_token
from tests.risks.making import ASSESSED, person_of, steps
from tests.risks.test_register import AREA
from ui.refusals import ActionRefused


def offered(assessment, member):
    """Whether My work asks a member to approve it."""
    return any(assessment.reference in entry.title for entry in waiting(member))


def test_whoever_rated_or_treated_what_it_holds_does_not_approve_it(begun, cast, manager):
    executive, fraud = cast.executive, Risk.objects.get(category="fraud")
    edit_risk(fraud, actor=manager, owner=person_of(executive))
    rate_risk(fraud, actor=executive, reasoning="Lower, I think.", **steps(4, 5, 1, 1, 0, 0))
    treat(fraud, actor=executive, treatment="transfer", plan="It is insured.")
    for undo in (
        lambda: rate_risk(fraud, actor=manager, reasoning="It is not lower.", **steps(4, 5, 2, 5, 0, 0)),
        lambda: treat(fraud, actor=manager, treatment="mitigate", plan="Two people pay."),
    ):
        submit_assessment(begun, actor=manager)
        assert not offered(begun, executive)
        with pytest.raises(ActionRefused, match="A rating or a treatment in it is yours"):
            approve_assessment(begun, actor=executive, content_hash=begun.content_hash)
        recall_assessment(begun, actor=manager, reason="Somebody else looks at it.")
        undo()
    submit_assessment(begun, actor=manager)
    assert offered(begun, executive)
    rate_risk(fraud, actor=executive, reasoning="Later, and not in it.", **steps(4, 5, 1, 1, 0, 0))
    approve_assessment(begun, actor=executive, content_hash=begun.content_hash)
    assert begun.status == "approved"


def test_whoever_wrote_on_it_is_not_asked_to_approve_it(begun, cast, manager):
    other = cast.approver
    other.roles = ["compliance_manager"]
    edit_assessment(begun, actor=other, method="Two workshops.")
    submit_assessment(begun, actor=manager)
    assert not offered(begun, other)
    assert offered(begun, cast.executive)
    with pytest.raises(ActionRefused, match="You had a part in preparing it"):
        approve_assessment(begun, actor=other, content_hash=begun.content_hash)


def test_it_is_compared_with_the_last_year_before_that_is_approved_when_it_is_submitted(begun, cast, manager, acme):
    after = begin_assessment(actor=manager, year=acme.today().year + 1, **ASSESSED)
    before = begin_assessment(actor=manager, year=acme.today().year - 1, **ASSESSED)
    submit_assessment(begun, actor=manager)
    approve_assessment(begun, actor=cast.executive, content_hash=begun.content_hash)
    for one, previous in ((after, begun), (before, None)):
        submit_assessment(one, actor=manager)
        assert RiskAssessment.objects.get(pk=one.pk).previous == previous
        assert approved_content(one)["previous"] == (previous.reference if previous else "")


def test_an_approval_is_of_the_page_that_was_read(begun, cast, manager, client_of):
    submit_assessment(begun, actor=manager)
    client, url, read = client_of(cast.executive), f"{AREA}assessments/{begun.pk}/", begun.content_hash
    assert f"approve/?sha256={read}" in client.get(url).content.decode()
    assert f'value="{read}"' in client.get(f"{url}approve/?sha256={read}").content.decode()
    recall_assessment(begun, actor=manager, reason="A word.")
    edit_assessment(begun, actor=manager, conclusion="Other words.")
    submit_assessment(begun, actor=manager)
    assert begun.content_hash != read
    assert "is not what you saw" in client.get(f"{url}approve/?sha256={read}").content.decode()
    assert client.post(f"{url}approve/", {"content_hash": read}).status_code == 422
    approves, anyway = Program(make_token(cast.executive)[1]), {"If-Match": "*"}
    one = f"risk-assessments/{begun.pk}/approve"
    assert approves.post(one, {}, **anyway).status_code == 422
    assert approves.post(one, {"content_hash": read}, **anyway).status_code == 409
    assert approves.post(one, {"content_hash": begun.content_hash}, **anyway).json()["status"] == "approved"
