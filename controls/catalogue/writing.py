"""Forms that write one control."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from controls.catalogue.actions import (
    answer_criteria,
    assign_owner,
    cover_systems,
    create_control,
    edit_control,
    need_legs,
    restore_control,
    retire_control,
)
from controls.catalogue.cadences import change_cadence
from controls.catalogue.detail import CRUMBS
from controls.catalogue.forms import (
    CadenceForm,
    ControlForm,
    CriteriaForm,
    LegFields,
    NewControlForm,
    OwnerForm,
    RetireForm,
    SystemsForm,
)
from controls.models import Control
from controls.occurrences.calendar import first_fair_day
from ui.forms import ReasonForm
from ui.screens import FormScreen
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen


class ControlCreate(OnceScreen):
    """Add a control."""

    permission = "controls.write"
    form_class = NewControlForm
    title = "Add a control"
    breadcrumbs = CRUMBS
    submit_label = "Add it"
    success_message = "The control was added. Say which criteria it answers: without any it is not in scope."

    def get_initial(self) -> dict[str, Any]:
        """In scope from the next working day."""
        return {"in_scope_since": first_fair_day(self.request.organization.today())}

    def act(self, form: NewControlForm) -> str:
        """Add it, and ask for its criteria next."""
        control = create_control(actor=self.request.member, **form.facts())
        return reverse("controls:criteria", args=[control.pk])


class ControlScreen(FormScreen, abstract=True):
    """A form about one control."""

    permission = "controls.write"
    model = Control
    object: Control
    what = "Change"

    def get_title(self) -> str:
        """What is done to which control."""
        return f"{self.what} {self.object.code}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the control."""
        return (*CRUMBS, (self.object.code, self.object.get_absolute_url()))


class ControlEdit(ControlScreen):
    """Change what is written about it."""

    form_class = ControlForm
    success_message = "The control was changed."

    def act(self, form: ControlForm) -> Control:
        """Change it."""
        return edit_control(self.object, actor=self.request.member, **form.facts())


class OwnerEdit(ControlScreen):
    """Give it to somebody."""

    form_class = OwnerForm
    what = "Assign"
    submit_label = "Assign"
    explain = "What falls due lands in the owner's work. The owner cannot test the control."

    def get_initial(self) -> dict[str, Any]:
        """The present owner."""
        return {"owner": self.object.owner_id}

    def act(self, form: OwnerForm) -> Control:
        """Assign it."""
        assign_owner([self.object], form.cleaned_data["owner"], actor=self.request.member)
        return self.object


class CadenceEdit(ControlScreen):
    """Another frequency from a day on."""

    form_class = CadenceForm
    what = "Change the frequency of"
    submit_label = "Change the frequency"
    explain = "Earlier days keep what was expected of them. What is open and no longer expected is withdrawn, with an event."

    def get_initial(self) -> dict[str, Any]:
        """What holds now, from today."""
        present = {name: getattr(self.object, name) for name in ("cadence", "population", "grace_days")}
        return {**present, "from_date": max(self.request.organization.today(), self.object.in_scope_since)}

    def act(self, form: CadenceForm) -> Control:
        """Change it."""
        change_cadence(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class LegsEdit(ControlScreen):
    """Which legs it needs."""

    form_class = LegFields
    what = "What it stands on:"
    submit_label = "Save"

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"legs": self.object.legs, "legs_reason": self.object.legs_reason}

    def act(self, form: LegFields) -> Control:
        """Save it."""
        need_legs(self.object, form.cleaned_data["legs"], actor=self.request.member, reason=form.cleaned_data["legs_reason"])
        return self.object


class SystemsEdit(ControlScreen):
    """Which systems it covers."""

    form_class = SystemsForm
    what = "Systems covered by"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer also what is retired and covered."""
        self.covered = list(self.object.covers.values_list("system", flat=True))
        return {**super().get_form_kwargs(), "covered": self.covered}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"systems": self.object.covers.values_list("system", flat=True)}

    def act(self, form: SystemsForm) -> Control:
        """Save it."""
        given = form.cleaned_data
        cover_systems(self.object, list(given["systems"]), actor=self.request.member, stamp=given["stamp"])
        return self.object


class CriteriaEdit(ControlScreen):
    """Which criteria it answers, and how."""

    form_class = CriteriaForm
    template_name = "controls/control_criteria.html"
    what = "Criteria answered by"
    success_message = "Its criteria were saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        """What it answers now."""
        return {**super().get_form_kwargs(), "present": dict(self.object.answers.values_list("criterion", "note"))}

    def act(self, form: CriteriaForm) -> Control:
        """Save it."""
        answer_criteria(self.object, form.answers(), actor=self.request.member, stamp=form.cleaned_data["stamp"])
        return self.object


class ControlRetire(ControlScreen, TransitionScreen):
    """Take it out of service."""

    transition = Control.RETIRE
    form_class = RetireForm
    what = "Retire"
    submit_label = "Retire the control"
    tone = "danger"
    explain = "Nothing is expected of it after that day. What it did before, its evidence and its tests stay."
    success_message = "The control was retired."

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"retired_on": self.request.organization.today()}

    def act(self, form: RetireForm) -> Control:
        """Retire it."""
        retire_control(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class ControlRestore(ControlScreen, TransitionScreen):
    """Put it back into service."""

    transition = Control.RESTORE
    form_class = ReasonForm
    what = "Put back into service:"
    submit_label = "Put it back into service"
    explain = "It counts as if it had never left: what fell due meanwhile was missed, unless you set it as not applicable."
    success_message = "The control is in service again."

    def act(self, form: ReasonForm) -> Control:
        """Restore it."""
        restore_control(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object
