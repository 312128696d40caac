"""Reviewers hear of a review when it begins."""

from tenancy.models import Organization
from tests.reviews.test_deciding import campaign as active  # noqa: F401 - the fixture
from workflow.delivery import deliver
from workflow.models import OutboxMessage
from workflow.outbox import queue_mail


def test_each_reviewer_gets_one_mail_with_their_count(active):  # noqa: F811
    mails = OutboxMessage.objects.filter(key__startswith=f"started:{active.pk}:")
    counts = dict(active.items.exclude(reviewer=None).values_list("reviewer__member__user__email", "pk"))
    assert {mail.to for mail in mails} == set(counts)
    for mail in mails:
        assert active.reference in mail.subject
        assert f"/reviews/{active.pk}/decide/" in mail.text


def test_an_examples_mail_stays_here(in_acme, acme, settings):
    settings.PLUMBLINE_SENDS_MAIL = True
    Organization.objects.filter(pk=acme.pk).update(is_example=True)
    queue_mail(to="nobody@acme.example", subject="Hello", text="Hello", key="example-mail")
    deliver.apply_async()
    assert OutboxMessage.objects.get(key="example-mail").status == "kept"
