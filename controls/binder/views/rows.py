"""Screens of the tables of the description: flows, user-entity controls, subservice organizations."""

from typing import Any

from django.urls import reverse

from audit.exports import RecordsExports
from controls.binder import forms, writing
from controls.binder.views.description import DESCRIPTION
from controls.binder.views.overview import CRUMB
from controls.models import SubserviceOrganization, SystemFlow, UserEntityControl
from ui.screens import Column, Empty, Filter, FormScreen, ListScreen
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

WRITE = "controls.write"
CRUMBS = (CRUMB, DESCRIPTION)
_STATE = Column("status_badge", "State", sort="status")


class FlowList(RecordsExports, ListScreen):
    """What goes between systems: what the diagrams are drawn from."""

    permission = "controls.read"
    title = "Flows between systems"
    lede = "The data-flow and integration diagrams are drawn from these."
    noun, noun_one = "flows", "flow"
    breadcrumbs = CRUMBS
    queryset = SystemFlow.objects.select_related("source", "target")
    columns = (
        Column("carries", "What goes there", sort="carries", link=True),
        Column("start", "From"),
        Column("end", "To"),
        Column("kind", "Kind", sort="kind", hide_below=1000),
        Column("protection", "Protected by", hide_below=700),
        _STATE,
    )
    default_order = ("status", "kind")
    filters = (
        Filter("status", "State", choices=SystemFlow.Status.choices),
        Filter("kind", "Kind", choices=SystemFlow.Kind.choices),
    )
    search_fields = ("carries", "outside", "source__name", "target__name")
    search_hint = "System or what goes there"
    empty = Empty(
        "No flow yet",
        "Say what goes from where to where; the diagrams draw themselves.",
        action=("Add a flow", "controls:flow-create"),
    )
    primary_action = ("Add a flow", "controls:flow-create", WRITE)

    def row_url(self, obj: Any) -> str:
        """Where it is changed."""
        return reverse("controls:flow-edit", args=[obj.pk]) if self.request.member.can(WRITE) else ""


class _Create(OnceScreen, abstract=True):
    permission = WRITE
    breadcrumbs = CRUMBS
    submit_label = "Add it"
    success_message = "It is in the description."
    row: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        """A new row."""
        return {**super().get_form_kwargs(), "instance": self.row()}

    def act(self, form: Any) -> Any:
        """Add it."""
        return writing.add_row(self.row(**form.facts()), actor=self.request.member)


class _Edit(FormScreen, abstract=True):
    permission = WRITE
    breadcrumbs = CRUMBS
    success_message = "It was changed."

    def act(self, form: Any) -> Any:
        """Change it."""
        return writing.change_row(self.object, actor=self.request.member, **form.facts())


class _Retire(TransitionScreen, OnceScreen, abstract=True):
    permission = WRITE
    breadcrumbs = CRUMBS
    form_class = forms.ReasonForm
    submit_label = "Take it out"
    tone = "danger"
    explain = "It leaves the description and stays on record, with your reason."
    success_message = "It is out of the description."

    def get_title(self) -> str:
        """Which."""
        return f"Take out: {self.object}"

    def act(self, form: forms.ReasonForm) -> Any:
        """Retire it."""
        writing.retire_row(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class FlowCreate(_Create):
    """Add a flow."""

    row, form_class, title = SystemFlow, forms.NewFlowForm, "Add a flow"


class FlowEdit(_Edit):
    """Change a flow."""

    model, form_class, title = SystemFlow, forms.FlowForm, "Change the flow"


class FlowRetire(_Retire):
    """Take a flow out of the diagrams."""

    model, transition = SystemFlow, SystemFlow.RETIRE


class UserEntityCreate(_Create):
    """Add what customers have to do."""

    row, form_class, title = UserEntityControl, forms.NewUserEntityForm, "Add a complementary user-entity control"


class UserEntityEdit(_Edit):
    """Change what customers have to do."""

    model, form_class, title = UserEntityControl, forms.UserEntityForm, "Change the user-entity control"


class UserEntityRetire(_Retire):
    """Take it out of the table."""

    model, transition = UserEntityControl, UserEntityControl.RETIRE


class SubserviceCreate(_Create):
    """Add an organization that the system leans on."""

    row, form_class, title = SubserviceOrganization, forms.NewSubserviceForm, "Add a subservice organization"


class SubserviceEdit(_Edit):
    """Change what is said of it."""

    model, form_class, title = SubserviceOrganization, forms.SubserviceForm, "Change the subservice organization"


class SubserviceRetire(_Retire):
    """Take it out of the table."""

    model, transition = SubserviceOrganization, SubserviceOrganization.RETIRE
