"""Forms about a person's facts and employment."""

from django.contrib import messages

from inventory.models import Person
from inventory.people import actions, forms
from inventory.people.views.people import CRUMBS
from ui.screens import FormScreen
from workflow.screens import TransitionScreen


class PersonCreate(FormScreen):
    """Add somebody by hand."""

    permission = "people.write"
    form_class = forms.PersonForm
    title = "Add a person"
    breadcrumbs = CRUMBS
    submit_label = "Add the person"
    success_message = "The person was added."

    def act(self, form: forms.PersonForm) -> Person:
        """Add them."""
        return actions.create_person(actor=self.request.member, **form.cleaned_data)


class OnePersonForm(FormScreen, abstract=True):
    """A form about one person."""

    model = Person
    breadcrumbs = CRUMBS
    object: Person
    verb = "Change"

    def get_title(self) -> str:
        """What, and whom."""
        return f"{self.verb}: {self.object.name}"


class _Move(TransitionScreen, OnePersonForm, abstract=True):
    """A form that moves somebody's employment."""


class PersonEdit(OnePersonForm):
    """Change somebody's facts."""

    permission = "people.write"
    form_class = forms.PersonEditForm
    success_message = "The person was changed."

    def act(self, form: forms.PersonEditForm) -> Person:
        """Change them."""
        return actions.edit_person(self.object, actor=self.request.member, **form.cleaned_data)


class PersonLeave(_Move):
    """The last working day."""

    permission = "people.write"
    transition = Person.LEAVE
    form_class = forms.LeaveForm
    verb = "Mark as left"
    submit_label = "Mark as left"
    tone = "danger"
    explain = (
        "From the last working day on, every account that is known for this person becomes a removal: due the same day "
        "where privileged, else one business day later."
    )

    def act(self, form: forms.LeaveForm) -> Person:
        """Record it."""
        opened = actions.mark_left(self.object, actor=self.request.member, **form.cleaned_data)
        messages.success(self.request, f"The last working day was recorded. Removals opened: {opened}.")
        return self.object


class PersonPause(_Move):
    """On leave."""

    permission = "people.write"
    transition = Person.PAUSE
    form_class = forms.NoteForm
    verb = "Mark as on leave"
    submit_label = "Mark as on leave"
    explain = "Open review items of somebody on leave can be reassigned."
    success_message = "Marked as on leave."

    def act(self, form: forms.NoteForm) -> Person:
        """Record it."""
        actions.mark_on_leave(self.object, actor=self.request.member, note=form.cleaned_data["note"])
        return self.object


class PersonReturn(_Move):
    """Back from leave."""

    permission = "people.write"
    transition = Person.RETURN
    form_class = forms.NoteForm
    verb = "Mark as back"
    submit_label = "Mark as back"
    success_message = "Marked as back."

    def act(self, form: forms.NoteForm) -> Person:
        """Record it."""
        actions.mark_back(self.object, actor=self.request.member, note=form.cleaned_data["note"])
        return self.object


class PersonRehire(_Move):
    """Here again."""

    permission = "people.write"
    transition = Person.REHIRE
    form_class = forms.RehireForm
    verb = "Rehire"
    submit_label = "Mark as rehired"
    explain = "The row stays the same; the earlier dates stay in the trail. Open removals of the leaver are withdrawn."
    success_message = "Marked as rehired."

    def act(self, form: forms.RehireForm) -> Person:
        """Record it."""
        actions.rehire(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object
