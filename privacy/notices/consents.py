"""Screens of consents."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from audit.exports import RecordsExports
from privacy.models import Consent, Notice
from privacy.notices import actions, forms
from privacy.rights import SUBJECTS_READ, WRITE
from privacy.screens import Button, CreateScreen, MoveScreen, RecordScreen
from ui.screens import Column, Empty, Filter, ListScreen

LIST = ("Consents", "privacy:consent-list")


def _notices(_view: object) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in Notice.objects.values_list("pk", "name")]


class ConsentList(RecordsExports, ListScreen):
    """Who agreed to what."""

    permission = SUBJECTS_READ
    template_name = "privacy/register_list.html"
    title = "Consents"
    lede = "Who agreed to what, having read which version of a notice, and whether they have withdrawn it."
    noun = "consents"
    noun_one = "consent"
    columns = (
        Column("name", "Who", sort="name", link=True),
        Column("email", "E-mail", sort="email", hide_below=1000),
        Column("purpose", "What for", sort="purpose", wide=True),
        Column("version", "Version of the notice", sort="version__notice__name", hide_below=1000),
        Column("given_at", "Given", sort="given_at"),
        Column("withdrawn_at", "Withdrawn", sort="withdrawn_at", hide_below=700),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-given_at",)
    search_fields = ("name", "email", "purpose")
    search_hint = "Name, e-mail or purpose"
    primary_action = ("Record a consent", "privacy:consent-create", WRITE)
    empty = Empty(
        "No consents yet",
        "Where consent is the legal basis one has to show who gave it, when and on which text. Import a table, or send it.",
        action=("Record a consent", "privacy:consent-create"),
    )
    filters = (
        Filter("state", "State", choices=Consent.Status.choices, lookup="status"),
        Filter("notice", "Notice", choices=_notices, lookup="version__notice_id"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With the version."""
        return Consent.objects.select_related("version__notice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way to take the register out and in."""
        may = self.request.member.can(WRITE)
        return super().get_context_data(register="consent", register_import="privacy:consent-import", may_import=may, **kwargs)


class ConsentDetail(RecordScreen):
    """One consent."""

    permission = SUBJECTS_READ
    breadcrumbs = (LIST,)
    model = Consent
    object: Consent

    def get_queryset(self) -> QuerySet[Any]:
        """With the version."""
        return Consent.objects.select_related("version__notice")

    def get_title(self) -> str:
        """Whose."""
        return f"Consent of {self.object.name}"

    def get_facts(self) -> list[tuple[str, Any]]:
        """To what, and when."""
        one = self.object
        return [
            ("Who", one.name),
            ("E-mail", one.email),
            ("What for", one.purpose),
            ("Version of the notice", one.version),
            ("How it was given", one.how),
            ("Given", one.given_at),
            ("Withdrawn", one.withdrawn_at),
        ]

    def get_texts(self) -> list[tuple[str, str]]:
        """The note."""
        return [("Note", self.object.note)]

    def get_buttons(self) -> list[Button]:
        """To withdraw it."""
        one = self.object
        may = Consent.WITHDRAW.allows(one, self.request.member)
        return [Button("It was withdrawn", reverse("privacy:consent-withdraw", args=[one.pk]))] if may else []


class ConsentCreate(CreateScreen):
    """Record a consent."""

    permission = WRITE
    form_class = forms.ConsentForm
    title = "Record a consent"
    breadcrumbs = (LIST,)
    success_message = "The consent is recorded."

    def act(self, form: Any) -> Consent:
        """Record it."""
        return actions.record_consent(actor=self.request.member, **form.facts())


class ConsentWithdraw(MoveScreen):
    """Note that a consent was withdrawn."""

    permission = WRITE
    model = Consent
    transition = Consent.WITHDRAW
    verb, up = "Withdraw", LIST
    success_message = "The consent is withdrawn."

    def act(self, form: Any) -> Consent:
        """Withdraw it."""
        return actions.withdraw_consent(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
