"""Forms about people, their accounts and the roster."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import Member
from evidence.tables.moments import DATE_ORDERS
from inventory.formats.mapping import Mapping
from inventory.formats.roster import ROSTER_FIELDS, validate_roster
from inventory.models import Person
from inventory.people.matching import matched_by_address
from tenancy.models import Organization
from ui.forms import DateInput, DropInput, TextArea


def working_people() -> Any:
    """Those who have not left."""
    return Person.objects.exclude(status=Person.Status.LEFT)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """A person's facts; leaving, leave and rehiring are acts of their own."""

    fieldsets: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Who", ("name", "email", "employee_number")),
        ("Where", ("department", "title", "manager")),
        ("Employment", ("kind", "started_on", "contract_ends_on")),
    )

    class Meta:
        model = Person
        fields: ClassVar = [
            "name", "email", "employee_number", "department", "title", "manager", "kind", "started_on", "contract_ends_on",
        ]  # fmt: skip
        labels: ClassVar = {"email": "E-mail", "started_on": "First day", "contract_ends_on": "End of contract"}
        widgets: ClassVar = {"started_on": DateInput(), "contract_ends_on": DateInput()}
        help_texts: ClassVar = {
            "email": "Accounts with this address are matched to the person.",
            "employee_number": "Unchanging; tells a rehire from a new person.",
            "manager": "Reviews may be routed to the line manager.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here as managers, and the present one in any case."""
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(~Q(status=Person.Status.LEFT) | Q(pk=self.instance.manager_id))
        self.fields["manager"].queryset = people.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]


class PersonEditForm(PersonForm):
    """The same for somebody who is there: a changed e-mail asks what becomes of the accounts matched by the former one."""

    keep_address = forms.BooleanField(
        label="If the e-mail changes, the former one stays an address of theirs",
        required=False,
        initial=True,
        help_text="Accounts are matched to the person by it. Without it they would be nobody's.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask only where something hangs on it."""
        super().__init__(*args, **kwargs)
        if matched_by_address({self.instance.pk: self.instance.email_key}):
            self.fieldsets = (("Who", ("name", "email", "keep_address", "employee_number")), *self.fieldsets[1:])
        else:
            del self.fields["keep_address"]


class LeaveForm(forms.Form):
    """The last working day."""

    left_on = forms.DateField(
        label="Last working day", widget=DateInput(), help_text="A day to come is only noted; removals open on the day itself."
    )
    note = forms.CharField(label="Note", required=False, widget=TextArea(rows=2), max_length=1000)


class NoteForm(forms.Form):
    """A note for the trail."""

    note = forms.CharField(label="Note", required=False, widget=TextArea(rows=2), max_length=1000)


class RehireForm(forms.Form):
    """The new first day."""

    started_on = forms.DateField(label="First day of the new employment", widget=DateInput())
    note = forms.CharField(label="Note", required=False, widget=TextArea(rows=2), max_length=1000)


class AliasForm(forms.Form):
    """Another address or user name."""

    key = forms.CharField(label="Address or user name", max_length=320, help_text="Such as a name before marriage, or jm-codes.")


class MemberForm(forms.Form):
    """Which member a person is."""

    member = forms.ModelChoiceField(
        Member.objects.none(), required=False, empty_label="Nobody: has no account in Plumbline", label="Member"
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Offer the organization's members."""
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Member.objects.active().of(organization)  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """The person some accounts belong to."""

    person = forms.ModelChoiceField(Person.objects.none(), label="Person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the whole roster: a leaver's account must be matched too."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.all()  # type: ignore[attr-defined]


class OwnerForm(forms.Form):
    """Who answers for shared or service accounts."""

    owner = forms.ModelChoiceField(Person.objects.none(), label="Owner", help_text="Who answers for it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = working_people()  # type: ignore[attr-defined]


class RosterUploadForm(forms.Form):
    """A roster file."""

    file = forms.FileField(label="Roster", widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel"))
    full_roster = forms.BooleanField(
        label="The file lists everybody who works here",
        required=False,
        initial=True,
        help_text="People whom it does not list are then shown as missing. Nobody is marked as left without you saying so.",
    )


class RosterMappingForm(forms.Form):
    """Which column means what."""

    def __init__(self, *args: Any, headers: list[str], mapping: Mapping, **kwargs: Any) -> None:
        """One choice of column for each fact."""
        super().__init__(*args, **kwargs)
        self.headers = headers
        columns = [("", "Not in the file"), *((header, header) for header in headers)]
        for key, known in ROSTER_FIELDS.items():
            self.fields[key] = forms.ChoiceField(
                label=known.label, required=False, choices=columns, help_text=known.help, initial=mapping.columns.get(key, "")
            )
        orders = [("", "Recognise; refuse what is ambiguous"), *((order, _order_label(order)) for order in DATE_ORDERS if order)]
        self.fields["date_order"] = forms.ChoiceField(
            label="Dates such as 03/04/2026", required=False, choices=orders, initial=mapping.date_order
        )

    def mapping(self) -> Mapping:
        """What was chosen."""
        columns = {key: self.cleaned_data[key] for key in ROSTER_FIELDS if self.cleaned_data.get(key)}
        return Mapping(columns=columns, date_order=self.cleaned_data.get("date_order", ""))

    def clean(self) -> dict[str, Any]:
        """Say at each field what is wrong with it."""
        for key, sentences in validate_roster(self.mapping(), self.headers).items():
            self.add_error(key or None, [ValidationError(sentence) for sentence in sentences])
        return self.cleaned_data


def _order_label(order: str) -> str:
    return {"dmy": "Day first", "mdy": "Month first"}.get(order, order)


class RosterApplyForm(forms.Form):
    """Who of those not listed has left, and when."""

    missing = forms.ModelMultipleChoiceField(
        Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Mark as left"
    )
    left_on = forms.DateField(label="Their last working day", required=False, widget=DateInput())

    def __init__(self, *args: Any, missing: list[Person], **kwargs: Any) -> None:
        """Offer those whom the file does not list."""
        super().__init__(*args, **kwargs)
        if missing:
            people = Person.objects.filter(pk__in=[person.pk for person in missing])
            self.fields["missing"].queryset = people  # type: ignore[attr-defined]
        else:
            del self.fields["missing"], self.fields["left_on"]
