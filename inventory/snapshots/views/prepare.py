"""Forms of an import: upload, answers, columns, giving up."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from evidence.tables.errors import FormatError
from inventory.formats.registry import FORMATS
from inventory.models import Snapshot
from inventory.snapshots import actions, repeating
from inventory.snapshots.forms import (
    DiscardForm,
    MappingForm,
    SnapshotEditForm,
    SnapshotForm,
    initial_of,
)
from inventory.snapshots.reading import GENERIC
from inventory.snapshots.recognising import suggested_mapping, table_headers
from ui.forms import ReasonForm
from ui.refusals import ActionRefused
from ui.screens import FormScreen
from workflow.screens import TransitionScreen


class SnapshotCreate(FormScreen):
    """The upload and the questions, on one page."""

    permission = "snapshots.write"
    form_class = SnapshotForm
    template_name = "inventory/snapshot_create.html"
    title = "Import a population"
    submit_label = "Upload and read"
    explain = "Nothing is imported yet: you see a preview first."
    breadcrumbs = (("Populations", "inventory:snapshot-list"),)

    def get_initial(self) -> dict[str, Any]:
        """The system asked for, and the person at the screen as the extractor."""
        return {"system": self.request.GET.get("system", ""), "extracted_by": self.request.member.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Times are read where the organization lives."""
        return {**super().get_form_kwargs(), "zone": self.request.organization.tzinfo}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What each known export covers and lacks."""
        return super().get_context_data(formats=list(FORMATS.values()), **kwargs)

    def act(self, form: SnapshotForm) -> str:
        """Prepare it; a form sent twice leads to what the first made."""
        data = form.cleaned_data
        try:
            snapshot = actions.create_snapshot(
                key=data["key"],
                system=data["system"],
                uploads=data["uploads"],
                answers=form.answers,
                picture=data["stated_picture"],
                plain_table=data["plain_table"],
                actor=self.request.member,
            )
        except actions.AlreadyMade as made:
            snapshot = made.snapshot
        return next_step(snapshot)


def next_step(snapshot: Snapshot) -> str:
    """Where an import goes on."""
    if snapshot.status == Snapshot.Status.DRAFT and snapshot.source_format == GENERIC:
        return reverse("inventory:snapshot-mapping", args=[snapshot.pk])
    return snapshot.get_absolute_url()


class _SnapshotForm(TransitionScreen, abstract=True):
    """A form about one snapshot."""

    queryset = Snapshot.objects.select_related("system")

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        return (("Populations", "inventory:snapshot-list"), (str(self.object), self.object.get_absolute_url()))


class SnapshotEdit(_SnapshotForm):
    """Correcting answers or files before the import."""

    permission = "snapshots.write"
    transition = Snapshot.REOPEN
    form_class = SnapshotEditForm
    title = "Correct the import"
    submit_label = "Save and read again"
    explain = "The files are read again with these answers; nothing is imported yet."

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.object, self.request.organization.tzinfo)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "zone": self.request.organization.tzinfo}

    def act(self, form: SnapshotEditForm) -> str:
        data = form.cleaned_data
        snapshot = actions.change_snapshot(
            self.object,
            answers=form.answers,
            uploads=data["uploads"],
            picture=data["stated_picture"],
            plain_table=data["plain_table"],
            count_reason=data["count_reason"],
            actor=self.request.member,
        )
        return next_step(snapshot)


class SnapshotMapping(_SnapshotForm):
    """Saying which column means what; the answer is remembered for files with the same headers."""

    permission = "snapshots.write"
    transition = Snapshot.REOPEN
    form_class = MappingForm
    template_name = "inventory/snapshot_mapping.html"
    title = "Which column means what"
    submit_label = "Save and read"

    def load(self) -> None:
        """Read the headers with the record; what cannot be read is refused in a sentence."""
        super().load()
        file = self.object.files.select_related("file").first()
        if self.object.source_format != GENERIC or file is None:
            raise ActionRefused("This export is known; its columns need no mapping.")
        try:
            self.headers, self.rows = table_headers(file.file)
        except FormatError as error:
            raise ActionRefused(str(error)) from error

    def get_form_kwargs(self) -> dict[str, Any]:
        mapping, self.remembered = suggested_mapping(self.object, self.headers)
        return {**super().get_form_kwargs(), "headers": self.headers, "mapping": mapping}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(headers=self.headers, sample_rows=self.rows, **kwargs)
        return {**context, "remembered": self.remembered}

    def act(self, form: MappingForm) -> Snapshot:
        return actions.set_mapping(self.object, mapping=form.mapping, headers=self.headers, actor=self.request.member)


class SnapshotConfirm(_SnapshotForm):
    """A compliance manager accepts a difference from the previous population by name."""

    permission = "snapshots.confirm"
    form_class = ReasonForm
    title = "Accept the difference"
    submit_label = "Accept by name"
    explain = (
        "The population differs from the last complete one. If that is right, say why. It may then be reviewed, but no removal "
        "is ever verified by it."
    )
    tone = "danger"

    def check(self) -> None:
        actions.differences_to_accept(self.object)

    def act(self, form: ReasonForm) -> Snapshot:
        actions.confirm_difference(self.object, reason=form.cleaned_data["reason"], actor=self.request.member)
        return self.object  # type: ignore[no-any-return]


class SnapshotConfirmRepeat(_SnapshotForm):
    """The importer says why the source gave the very same files again."""

    permission = "snapshots.write"
    form_class = ReasonForm
    title = "The source gave the same again"
    submit_label = "Confirm by name"
    explain = (
        "Say how you know that these files were pulled anew at the moment stated, and are not those of the earlier import. "
        "Removals are then verified by them, and the reason stays with the population."
    )

    def check(self) -> None:
        repeating.repeat_to_confirm(self.object)

    def act(self, form: ReasonForm) -> Snapshot:
        repeating.confirm_repeat(self.object, reason=form.cleaned_data["reason"], actor=self.request.member)
        return self.object  # type: ignore[no-any-return]


class SnapshotDiscard(_SnapshotForm):
    """Giving up what was not imported."""

    permission = "snapshots.write"
    transition = Snapshot.DISCARD
    form_class = DiscardForm
    title = "Discard this import"
    submit_label = "Discard it"
    explain = "Nothing of it was imported. Its files and answers stay on record as discarded."
    tone = "danger"

    def act(self, form: DiscardForm) -> str:
        actions.discard(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("inventory:snapshot-list")
