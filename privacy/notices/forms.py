"""Forms about notices and consents."""

from typing import Any, ClassVar

from django import forms

from privacy.models import Consent, Notice, NoticeVersion
from privacy.screens import RecordForm
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm


class NoticeForm(RecordForm):
    """What it is called, for whom it is, and where they find it."""

    class Meta:
        model = Notice
        fields: ClassVar = ["name", "audience", "place"]


class VersionForm(RecordForm):
    """The text."""

    class Meta:
        model = NoticeVersion
        fields: ClassVar = ["text", "changed"]
        widgets: ClassVar = {"text": TextArea(rows=20)}


class PublishForm(OnceForm):
    """From which day it holds."""

    in_force_from = forms.DateField(label="In force from", widget=DateInput())


class ConsentForm(RecordForm):
    """Who agreed to what, having read which version."""

    given_at = forms.DateTimeField(label="Given", help_text="Such as 2026-03-31 14:00, where the organization lives.")

    class Meta:
        model = Consent
        fields: ClassVar = ["version", "name", "email", "purpose", "how", "given_at", "note"]
        widgets: ClassVar = {"note": TextArea(rows=2)}
        help_texts: ClassVar = {"how": "Such as: ticked on the sign-up page, signed on paper."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is published."""
        super().__init__(*args, **kwargs)
        versions: Any = self.fields["version"]
        published = NoticeVersion.objects.filter(status=NoticeVersion.Status.PUBLISHED)
        versions.queryset = published.select_related("notice").order_by("notice__name", "-number")
