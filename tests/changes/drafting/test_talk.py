"""Comments name members of the organization, who are told; whoever follows a change is told as well."""

import pytest

from audit.models import AuditEvent
from changes.drafting import talk
from changes.drafting.actions import create_change
from changes.models import Change
from changes.rights import visible_to
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def change(in_acme, manager) -> Change:
    """One that the manager raised."""
    return create_change(actor=manager, title="Move the queue")


def told() -> dict[str, str]:
    return dict(OutboxMessage.objects.values_list("to", "subject"))


def test_who_is_named_is_told_and_sees_the_change(change, reviewer, employee):
    assert not visible_to(employee).filter(pk=change.pk).exists()
    made = talk.comment(change, actor=reviewer, text="Does @employee know of it? And @Manager@acme.example.")
    assert sorted(row.member.name for row in made.mentions.all()) == ["Employee Acme", "Manager Acme"]
    assert told() == {
        "employee@acme.example": f"{change.reference} names you in a comment: Move the queue",
        "manager@acme.example": f"{change.reference} names you in a comment: Move the queue",
    }
    assert visible_to(employee).filter(pk=change.pk).exists()
    assert AuditEvent.objects.filter(object_id=change.pk, verb="change.comment").count() == 1


def test_members_of_another_organization_are_nobody(change, reviewer):
    made = talk.comment(change, actor=reviewer, text="@stranger and @manager@globex.example, see mail@acme.example @auditor.")
    assert [row.member.name for row in made.mentions.all()] == ["Auditor Acme"]
    assert talk.named_in(made.text).nobodys == ["stranger", "manager@globex.example"]


def test_whoever_spoke_follows_the_change_and_hears_the_answer_once(change, reviewer, manager):
    talk.comment(change, actor=reviewer, text="Why now?")
    talk.comment(change, actor=manager, text="The old cluster ends.")
    answers = OutboxMessage.objects.filter(to="reviewer@acme.example")
    assert [one.subject for one in answers] == [f"{change.reference} has a comment: Move the queue"]
    assert "The old cluster ends." in answers[0].text


def test_following_and_following_no_more_are_recorded(change, viewer):
    talk.watch(change, actor=viewer)
    with pytest.raises(ActionRefused, match="follow this change already"):
        talk.watch(change, actor=viewer)
    talk.unwatch(change, actor=viewer)
    with pytest.raises(ActionRefused, match="do not follow"):
        talk.unwatch(change, actor=viewer)
    verbs = AuditEvent.objects.filter(object_id=change.pk).order_by("at").values_list("verb", flat=True)
    assert list(verbs)[1:] == ["change.watch", "change.unwatch"]


def test_viewers_and_empty_words_say_nothing(change, viewer, manager):
    with pytest.raises(ActionRefused, match="role"):
        talk.comment(change, actor=viewer, text="Hello")
    with pytest.raises(ActionRefused, match="Say something"):
        talk.comment(change, actor=manager, text="  ")


def test_a_comment_is_shown_without_its_markup_and_with_names_marked(change, manager):
    made = talk.comment(change, actor=manager, text="<b>@employee</b>, not @nobody")
    assert talk.shown(made) == "<p>&lt;b&gt;<strong>@employee</strong>&lt;/b&gt;, not @nobody</p>"
