"""Screens of customers who left."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from audit.exports import RecordsExports
from controls.sheets.screens import SheetList
from privacy.customers import actions, forms
from privacy.customers.sheet import REGISTER
from privacy.models import CustomerStep, DeletionCertificate, EndedCustomer
from privacy.retention.holding import CUSTOMERS, holds_on
from privacy.rights import READ, WRITE
from privacy.screens import (
    AboutScreen,
    Button,
    CreateScreen,
    EditScreen,
    MoveScreen,
    RecordScreen,
    Table,
    due_filter,
    owner_name,
)
from ui.screens import Column, Empty, Filter, ListScreen
from workflow.once import OnceForm, OnceScreen

LIST = ("Customers who left", "privacy:customer-list")
Status = EndedCustomer.Status


class CustomerList(SheetList, RecordsExports, ListScreen):
    """Customers who left."""

    permission = READ
    register = REGISTER
    title = "Customers who left"
    lede = "What is returned or destroyed by an agreed day after a contract ends, place by place, with a certificate at the end."
    noun = "customers"
    noun_one = "customer"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("name", "Customer", sort="name", wide=True),
        Column("ended_on", "Contract ended", sort="ended_on", hide_below=700),
        Column("due_on", "Due", sort="due_on"),
        Column("done", "Done", value=lambda one: f"{one.done} of {one.steps_there}", hide_below=700, on_cards=True),
        Column("owner.name", "With", sort="owner__name", hide_below=1000),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("due_on",)
    search_fields = ("reference", "name")
    search_hint = "Number or customer"
    primary_action = ("A customer left", "privacy:customer-create", WRITE)
    empty = Empty(
        "No customer has left",
        "When a contract ends, open a case: it names where data of theirs is, and by when it is returned or destroyed.",
        action=("A customer left", "privacy:customer-create"),
    )

    def get_filters(self) -> tuple[Filter, ...]:
        """Late depends on the organization's day."""
        state = Filter("state", "State", choices=Status.choices, lookup="status")
        return (state, due_filter(self.request.organization.today(), Q(status=Status.OPEN)))

    def get_queryset(self) -> QuerySet[Any]:
        """With how much is done."""
        rows = EndedCustomer.objects.select_related("owner")
        return rows.annotate(steps_there=Count("steps"), done=Count("steps", filter=Q(steps__status="done")))


class CustomerDetail(RecordScreen):
    """One customer who left: what is done where."""

    permission = READ
    breadcrumbs = (LIST,)
    model = EndedCustomer
    object: EndedCustomer

    def get_queryset(self) -> QuerySet[Any]:
        """With whose it is."""
        return EndedCustomer.objects.select_related("owner", "opened_by__user", "brought_by__user")

    def get_title(self) -> str:
        """Number and customer."""
        return f"{self.object.reference}: {self.object.name}"

    def get_facts(self) -> list[tuple[str, Any]]:
        """The days, and whose it is."""
        one = self.object
        return [
            ("Also known as", ", ".join(one.former_names)),
            ("Contract ended", one.ended_on),
            ("Due", one.due_on),
            ("With", owner_name(one)),
            ("Opened by", one.who("opened_by") or "Plumbline"),
            ("Closed", one.closed_at),
        ]

    def get_texts(self) -> list[tuple[str, str]]:
        """What was agreed."""
        return [("What was agreed", self.object.agreed)]

    def get_tables(self) -> list[Table]:
        """Where their data is, and the certificates."""
        steps = list(self.object.steps.select_related("owner", "done_by__user").order_by(F("status").desc(), "place"))
        rows = [
            [step.place, step.get_what_display(), owner_name(step), step.done_on, step.method, step.verified, step.status_badge]
            for step in steps
        ]
        urls = [reverse("privacy:step-detail", args=[step.pk]) for step in steps]
        made = list(self.object.certificates.all())
        headers = ("Which data, where", "What", "With", "Done on", "How", "Checked", "State")
        return [
            Table("Where their data is", headers, rows, "Nothing is named yet.", urls),
            Table(
                "Certificates",
                ("Certificate", "When"),
                [[one.reference, one.made_at] for one in made],
                "There is one once the case is closed, or is cancelled when something was destroyed.",
                [one.get_absolute_url() for one in made],
            ),
        ]

    def get_next_step(self) -> str:
        """What is left."""
        one = self.object
        if one.status != Status.OPEN:
            return ""
        if names := ", ".join(map(str, holds_on(CUSTOMERS, *one.names))):
            return f"Held by {names}: nothing of it is destroyed, and the case cannot be closed."
        left = one.steps.filter(status=CustomerStep.Status.OPEN).count()
        if left:
            return f"{left} {'place is' if left == 1 else 'places are'} left. When all are done, close the case."
        return (
            "Close the case: the certificate says what was done where." if one.steps.exists() else "Say where data of theirs is."
        )

    def get_buttons(self) -> list[Button]:
        """To add places, close and cancel."""
        one = self.object
        if one.status != Status.OPEN or not self.can(WRITE):
            return []
        return [
            Button("Add a place", reverse("privacy:step-add", args=[one.pk]), primary=True),
            Button("Close", reverse("privacy:customer-close", args=[one.pk])),
            Button("Change", reverse("privacy:customer-edit", args=[one.pk]), dialog=False),
            Button("Cancel", reverse("privacy:customer-cancel", args=[one.pk])),
        ]


class CustomerCreate(CreateScreen):
    """A customer left: open a case."""

    permission = WRITE
    form_class = forms.CaseForm
    title = "A customer left"
    breadcrumbs = (LIST,)
    submit_label = "Open the case"
    success_message = "The case is open. Say where data of theirs is."

    def act(self, form: Any) -> EndedCustomer:
        """Open it."""
        return actions.open_case(actor=self.request.member, **form.facts())


class CustomerEdit(EditScreen):
    """Change what is written about the case."""

    permission = WRITE
    form_class = forms.CaseForm
    model = EndedCustomer
    up = LIST

    def act(self, form: Any) -> EndedCustomer:
        """Change it."""
        return actions.edit_case(self.object, actor=self.request.member, **form.facts())


class StepAdd(AboutScreen, OnceScreen):
    """Name data of theirs in one place."""

    permission = WRITE
    form_class = forms.StepForm
    model = EndedCustomer
    verb, up = "Add a place to", LIST
    success_message = "The place was added."

    def get_form_kwargs(self) -> dict[str, Any]:
        """A new step, not the case."""
        return {**super().get_form_kwargs(), "instance": None}

    def act(self, form: Any) -> EndedCustomer:
        """Add it."""
        actions.add_step(self.object, actor=self.request.member, **form.facts())
        found: EndedCustomer = self.object
        return found


class StepDetail(RecordScreen):
    """Data of a customer who left, in one place."""

    permission = READ
    breadcrumbs = (LIST,)
    model = CustomerStep
    object: CustomerStep

    def get_queryset(self) -> QuerySet[Any]:
        """With its customer."""
        return CustomerStep.objects.select_related("customer", "owner", "dataset", "done_by__user", "brought_by__user")

    def get_facts(self) -> list[tuple[str, Any]]:
        """What is done, by whom and how."""
        one = self.object
        return [
            ("Customer", f"{one.customer.reference} {one.customer.name}"),
            ("What is done", one.get_what_display()),
            ("Entry of the inventory", one.dataset),
            ("With", owner_name(one)),
            ("Done on", one.done_on),
            ("By", one.who("done_by")),
            ("How", one.method),
            ("Records", one.records),
            ("How it was checked", one.verified),
        ]

    def get_buttons(self) -> list[Button]:
        """To do it, or open it again."""
        one = self.object
        if one.customer.status != Status.OPEN or not self.can(WRITE):
            return []
        if one.status == CustomerStep.Status.OPEN:
            return [Button("It is done", reverse("privacy:step-do", args=[one.pk]), primary=True)]
        return [Button("Open again", reverse("privacy:step-reopen", args=[one.pk]))]


class StepDo(MoveScreen):
    """Say that it was returned or destroyed."""

    permission = WRITE
    form_class = forms.DoneForm
    queryset = CustomerStep.objects.select_related("customer")
    transition = CustomerStep.DO
    verb, up = "Done:", LIST
    success_message = "It is done there."

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"done_on": self.request.organization.today()}

    def act(self, form: Any) -> CustomerStep:
        """Note it."""
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return actions.do_step(self.object, actor=self.request.member, **given)


class StepReopen(MoveScreen):
    """It was not done after all."""

    permission = WRITE
    queryset = CustomerStep.objects.select_related("customer")
    transition = CustomerStep.REOPEN
    verb, up = "Open again:", LIST
    success_message = "It is open again."

    def act(self, form: Any) -> CustomerStep:
        """Open it."""
        return actions.reopen_step(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


class CustomerClose(MoveScreen):
    """Close the case with a certificate."""

    permission = WRITE
    form_class = OnceForm
    model = EndedCustomer
    transition = EndedCustomer.CLOSE
    verb, up = "Close", LIST
    submit_label = "Close it"
    explain = "The certificate says what was returned and destroyed where, by whom and how. It cannot be changed."
    success_message = "The case is closed, with its certificate."

    def act(self, form: Any) -> DeletionCertificate:
        """Close it."""
        return actions.close_case(self.object, actor=self.request.member)


class CustomerCancel(MoveScreen):
    """The customer stays after all."""

    permission = WRITE
    model = EndedCustomer
    transition = EndedCustomer.CANCEL
    verb, up = "Cancel", LIST
    tone = "danger"
    submit_label = "Cancel it"
    explain = "What was destroyed until now gets its certificate."
    success_message = "The case is cancelled."

    def act(self, form: Any) -> EndedCustomer:
        """Cancel it."""
        return actions.cancel_case(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
