"""Forms that act once, however often they are sent: by a double click, a reload, or a network that lost the answer."""

import datetime as dt
import hashlib
import uuid
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict

from tenancy.models import Organization
from ui.forms import ReasonForm
from ui.screens import FormScreen
from workflow.models import SentForm

KEPT = dt.timedelta(days=1)  # longer than any session


class OnceForm(forms.Form):
    """A form whose page carries a token of its own."""

    once = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def fingerprint(self) -> str:
        """What was sent from which page, as 64 hexadecimal digits: the same page sent with other words is another form.

        Takes the token out of `cleaned_data`. Without one, as from a script, no two are the same.
        """
        token = self.cleaned_data.pop("once") or uuid.uuid4()
        given = cast("QueryDict", self.data)
        said = sorted((name, given.getlist(name)) for name in given if name != "csrfmiddlewaretoken")
        return hashlib.sha256(repr((str(token), said)).encode()).hexdigest()


class OnceReasonForm(ReasonForm, OnceForm):
    """A reason, sent once."""


class OnceScreen(FormScreen, abstract=True):
    """With an OnceForm: the second of two equal sendings waits for the first, and leads where that one led.

    What is refused leaves no trace, as the whole request is rolled back, so it can be sent again.
    """

    def form_valid(self, form: Any) -> HttpResponse:
        """Act, unless this has been sent before."""
        self.sent, first = SentForm.objects.get_or_create(key=form.fingerprint())
        if first:
            return super().form_valid(form)
        messages.info(self.request, "This was sent twice and done once.")
        return super().go_to(self.sent.target)

    def go_to(self, url: str) -> HttpResponse:
        """Remember where the first one led."""
        SentForm.objects.filter(pk=self.sent.pk).update(target=url)
        return super().go_to(url)


def forget_sent(_organization: Organization, at: dt.datetime) -> None:
    """Delete what nobody can send again, as every session that could is over."""
    SentForm.objects.filter(created_at__lt=at - KEPT).delete()
