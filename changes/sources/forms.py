"""Forms about sources of changes."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.factors import FactorFormMixin
from changes.drafting.fields import WordsField, systems_in_use
from changes.models import ChangeSource, Provider
from changes.rights import at_work
from inventory.models import Person, System
from ui.forms import DropInput, TextArea
from workflow.once import OnceForm

OVERLAPS = [("0", "At once"), ("1", "For an hour"), ("24", "For a day"), ("168", "For a week")]


class RepositoriesField(forms.CharField):
    """Repositories, one a line; cleans to a list."""

    widget = TextArea(rows=3)
    longest_line = 200

    def prepare_value(self, value: Any) -> Any:
        """Lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The names, each once. Raises ValidationError."""
        names = [name.strip() for name in str(super().clean(value)).replace(",", "\n").splitlines() if name.strip()]
        if len(names) > 200:
            raise ValidationError("At most 200 lines: write larkfield/* for all repositories of larkfield.")
        return list(dict.fromkeys(names))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as lines."""
        return super().has_changed(self.prepare_value(initial), data)


class SourceForm(OnceForm):
    """Whose requests are changes here, and what the changes affect."""

    name = forms.CharField(max_length=120, help_text="Such as Product repositories.")
    provider = forms.ChoiceField(label="Where", choices=Provider.choices)
    repositories = RepositoriesField(help_text="One a line: larkfield/billing, or larkfield/* for all of them.")
    branches = WordsField(
        label="Branches that count",
        required=False,
        help_text="Requests to other branches are no changes. None named: the main branch of each repository.",
    )
    systems = forms.ModelMultipleChoiceField(
        System.objects.none(), label="Systems affected", required=False, widget=forms.CheckboxSelectMultiple
    )
    environments = WordsField(required=False, help_text="Where they go, such as production. None named: anywhere.")
    directory = forms.ModelChoiceField(
        System.objects.none(),
        label="Whose accounts its users are",
        required=False,
        empty_label="Any system with source code",
        help_text="Logins are looked up among the accounts of this system's latest export, and among confirmed aliases.",
    )
    signed_only = forms.BooleanField(
        label="Refuse what is not signed",
        required=False,
        help_text="For GitLab with a signing token: a delivery that only shows the secret token is refused.",
    )

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is listened to", ("name", "provider", "repositories", "branches", "signed_only")),
        ("What its changes are", ("systems", "environments", "directory")),
    )

    def __init__(self, *args: Any, source: ChangeSource | None = None, **kwargs: Any) -> None:
        """Offer systems in use, and those that it has."""
        super().__init__(*args, **kwargs)
        kept: list[Any] = [*(row.system_id for row in source.systems.all()), source.directory_id] if source else []
        self.fields["systems"].queryset = systems_in_use(*kept)  # type: ignore[attr-defined]
        code = systems_in_use(*kept).filter(kind=System.Kind.CODE)
        self.fields["directory"].queryset = code  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class SourceEditForm(SourceForm):
    """The same, but whose source it is: that stays."""

    provider = None  # type: ignore[assignment] # as Django leaves a field out

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is listened to", ("name", "repositories", "branches", "signed_only")),
        ("What its changes are", ("systems", "environments", "directory")),
    )


class SecretForm(FactorFormMixin):
    """A new secret: made here, or the one that GitLab has made."""

    overlap = forms.ChoiceField(label="The secret before this one works on", choices=OVERLAPS, initial="24")
    text = forms.CharField(
        label="A secret that was made elsewhere",
        required=False,
        max_length=200,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Such as a signing token that GitLab shows. Leave it empty, and one is made here.",
    )


class ListForm(forms.Form):
    """What gh printed."""

    file = forms.FileField(widget=DropInput(attrs={"accept": ".json,.jsonl,.txt"}, hint="JSON as gh prints it, at most 20 MB"))


class ImportForm(forms.Form):
    """What to do with rows that are wrong."""

    leave_out_wrong = forms.BooleanField(label="Leave out the rows that are wrong, and import the others", required=False)

    def __init__(self, *args: Any, wrong: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not wrong:
            del self.fields["leave_out_wrong"]


class AskerForm(OnceForm):
    """Whose login it is."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        empty_label="Choose somebody",
        help_text="Somebody of the roster. A new colleague is added there first.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer those who work here."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = at_work()  # type: ignore[attr-defined]
