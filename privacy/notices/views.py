"""Screens of notices and their versions."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from audit.exports import RecordsExports
from controls.sheets.screens import SheetList
from privacy.classes.views import ways
from privacy.models import InUse, Notice, NoticeVersion
from privacy.notices import actions, forms
from privacy.notices.sheet import REGISTER
from privacy.rights import READ, WRITE
from privacy.screens import AboutScreen, Button, CreateScreen, EditScreen, MoveScreen, RecordScreen, Table
from privacy.writing import edit, keep
from ui.screens import Column, Empty, Filter, ListScreen
from workflow.once import OnceScreen

LIST = ("Privacy notices", "privacy:notice-list")
PUBLISHED = Q(versions__status=NoticeVersion.Status.PUBLISHED)


class NoticeList(SheetList, RecordsExports, ListScreen):
    """Privacy notices."""

    permission = READ
    register = REGISTER
    title = "Privacy notices"
    lede = "What people are told about their data, version by version."
    noun = "notices"
    noun_one = "notice"
    columns = (
        Column("name", "Notice", sort="name", link=True),
        Column("audience", "For whom", sort="audience"),
        Column("place", "Where it is shown", sort="place", hide_below=1000),
        Column("latest", "Version", sort="latest", numeric=True),
        Column("since", "In force from", sort="since", hide_below=700),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("name",)
    search_fields = ("name", "audience")
    search_hint = "Name or for whom"
    primary_action = ("Add a notice", "privacy:notice-create", WRITE)
    empty = Empty(
        "No notices yet",
        "A notice says what is collected and what for. Each version stays as it was, so that one can tell who was told what.",
        action=("Add a notice", "privacy:notice-create"),
    )
    filters = (Filter("state", "State", choices=InUse.choices, lookup="status"),)

    def get_queryset(self) -> QuerySet[Any]:
        """With the latest version."""
        latest, since = Max("versions__number", filter=PUBLISHED), Max("versions__in_force_from", filter=PUBLISHED)
        return Notice.objects.annotate(latest=latest, since=since)


class NoticeDetail(RecordScreen):
    """One notice, and its versions."""

    permission = READ
    breadcrumbs = (LIST,)
    model = Notice
    object: Notice

    def get_facts(self) -> list[tuple[str, Any]]:
        """For whom, and where."""
        return [("For whom", self.object.audience), ("Where it is shown", self.object.place)]

    def get_tables(self) -> list[Table]:
        """Its versions, the latest first."""
        versions = list(self.object.versions.annotate(given=Count("consents")).order_by("-number"))
        rows = [[f"Version {one.number}", one.changed, one.in_force_from, one.given, one.status_badge] for one in versions]
        urls = [reverse("privacy:version-detail", args=[one.pk]) for one in versions]
        return [
            Table("Versions", ("Version", "What is new", "In force from", "Consents", "State"), rows, "None is written.", urls)
        ]

    def get_buttons(self) -> list[Button]:
        """To write a version, change and retire it."""
        one = self.object
        if not self.can(WRITE):
            return []
        write = Button("Write a version", reverse("privacy:version-create", args=[one.pk]), primary=True, dialog=False)
        drafted = one.versions.filter(status=NoticeVersion.Status.DRAFT).exists()
        return [*([write] if one.status == InUse.ACTIVE and not drafted else []), *ways(one, "notice")]


class NoticeCreate(CreateScreen):
    """Add a notice."""

    permission = WRITE
    form_class = forms.NoticeForm
    title = "Add a notice"
    breadcrumbs = (LIST,)
    success_message = "The notice was added. Write its first version."

    def act(self, form: Any) -> Notice:
        """Add it."""
        given = form.facts()
        return keep(Notice(**given), "notice.create", actor=self.request.member, permission=WRITE, fields=given)


class NoticeEdit(EditScreen):
    """Change what a notice is called, and for whom it is."""

    permission = WRITE
    form_class = forms.NoticeForm
    model = Notice
    object: Notice
    up = LIST

    def act(self, form: Any) -> Notice:
        """Change it."""
        return edit(self.object, "notice.edit", actor=self.request.member, permission=WRITE, fields=form.facts())


class NoticeRetire(MoveScreen):
    """Show the notice no more."""

    permission = WRITE
    model = Notice
    object: Notice
    transition = Notice.RETIRE
    verb, up = "Retire", LIST
    success_message = "The notice is retired."


class NoticeRestore(MoveScreen):
    """Show the notice again."""

    permission = WRITE
    model = Notice
    object: Notice
    transition = Notice.RESTORE
    verb, up = "Put back", LIST
    success_message = "The notice is in use again."


class VersionCreate(AboutScreen, OnceScreen):
    """Write the next version of a notice."""

    permission = WRITE
    form_class = forms.VersionForm
    model = Notice
    verb, up = "Write a version of", LIST
    success_message = "The draft was saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        """A new version, not the notice."""
        return {**super().get_form_kwargs(), "instance": None}

    def get_initial(self) -> dict[str, Any]:
        """Begin with the text of the last one."""
        last = self.object.versions.order_by("-number").first()
        return {"text": last.text} if last else {}

    def act(self, form: Any) -> NoticeVersion:
        """Write it."""
        return actions.write_version(self.object, actor=self.request.member, **form.facts())


class VersionDetail(RecordScreen):
    """One version of a notice."""

    permission = READ
    breadcrumbs = (LIST,)
    model = NoticeVersion
    object: NoticeVersion

    def get_queryset(self) -> QuerySet[Any]:
        """With its notice and who wrote it."""
        return NoticeVersion.objects.select_related("notice", "written_by__user", "published_by__user", "brought_by__user")

    def get_facts(self) -> list[tuple[str, Any]]:
        """When it holds, and who wrote it."""
        one = self.object
        return [
            ("What is new", one.changed),
            ("In force from", one.in_force_from),
            ("Written by", one.who("written_by") or "Plumbline"),
            ("Written", one.written_at),
            ("Published by", one.who("published_by")),
            ("Published", one.published_at),
            ("Consents to it", one.consents.count()),
            ("SHA-256 of the text", one.sha256),
        ]

    def get_texts(self) -> list[tuple[str, str]]:
        """The text."""
        return [("The text", self.object.text)]

    def get_buttons(self) -> list[Button]:
        """To change and publish a draft."""
        one = self.object
        if one.status != NoticeVersion.Status.DRAFT or not self.can(WRITE):
            return []
        return [
            Button("Publish", reverse("privacy:version-publish", args=[one.pk]), primary=True),
            Button("Change", reverse("privacy:version-edit", args=[one.pk]), dialog=False),
        ]


class VersionEdit(EditScreen):
    """Change a draft."""

    permission = WRITE
    form_class = forms.VersionForm
    queryset = NoticeVersion.objects.select_related("notice")
    up = LIST

    def act(self, form: Any) -> NoticeVersion:
        """Change it."""
        return actions.edit_version(self.object, actor=self.request.member, **form.facts())


class VersionPublish(MoveScreen):
    """Publish a version."""

    permission = WRITE
    form_class = forms.PublishForm
    queryset = NoticeVersion.objects.select_related("notice")
    transition = NoticeVersion.PUBLISH
    verb, up = "Publish", LIST
    submit_label = "Publish it"
    explain = "From then on its text stays as it is. What changes later is the next version."
    success_message = "The version is published."

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"in_force_from": self.request.organization.today()}

    def act(self, form: Any) -> NoticeVersion:
        """Publish it."""
        given = form.cleaned_data["in_force_from"]
        return actions.publish_version(self.object, actor=self.request.member, in_force_from=given)
