"""The forms of a change: short to begin with, then everything an approver wants to know."""

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms

from changes.approving.content import BOUND
from changes.drafting.actions import TEXTS
from changes.drafting.content import present
from changes.drafting.fields import ANSWERS, AnswerField, LinksField, WordsField, answer_name, systems_in_use
from changes.drafting.risk import QUESTIONS
from changes.drafting.templates import usable
from changes.models import Change, ChangeEvidence, ChangeTemplate, Kind
from changes.rights import NO_WORKER, is_carried_out, is_frozen, workers
from inventory.models import System
from ui.forms import FilesField, ReasonForm, TextArea, needed_when
from ui.moments import LocalMomentField, keep_untouched, name_zone
from workflow.once import OnceForm

Type = Change.Type
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
RISK = "How risky it is"
_TYPES = (
    (Type.NORMAL, "Normal: approved before it is done"),
    (Type.STANDARD, "Standard: by a template that is approved already"),
    (Type.EMERGENCY, "Emergency: agreed by word, approved in writing afterwards"),
)
TO_SUBMIT = "needed to submit"  # beside the label, where a draft can do without
PLANNED = (Type.NORMAL.value, Type.STANDARD.value)  # an emergency is written down afterwards
_EMPTY = {"implementer": "Whoever asks for it", "verifier": "Whoever asks for it, unless the risk is high"}
_SYSTEMS_HELP = "Those that are different afterwards, or may be interrupted."


class NewChangeForm(OnceForm):
    """How a change begins. Only a title is needed."""

    title = forms.CharField(
        max_length=200,
        widget=forms.TextInput({"autofocus": True}),
        help_text="Such as Move the billing queue to the new cluster.",
    )
    type = forms.ChoiceField(choices=_TYPES, initial=Type.NORMAL, widget=forms.RadioSelect, required=False)
    template = forms.ModelChoiceField(
        ChangeTemplate.objects.none(), required=False, empty_label="None", help_text="Only for a standard change."
    )
    kind = forms.ChoiceField(choices=Kind, initial=Kind.INFRASTRUCTURE, required=False)
    systems = forms.ModelMultipleChoiceField(
        System.objects.none(),
        required=False,
        label="Systems affected",
        widget=forms.CheckboxSelectMultiple,
        help_text=_SYSTEMS_HELP,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer templates that may be used today, and systems in use."""
        super().__init__(*args, **kwargs)
        for name in ("type", "template", "kind"):  # where none is chosen, one holds all the same
            self.fields[name].one_of = True  # type: ignore[attr-defined] # what the field's template asks for
        self.fields["template"].queryset = usable()  # type: ignore[attr-defined]
        self.fields["systems"].queryset = systems_in_use()  # type: ignore[attr-defined]
        needed_when(self.fields["systems"], "type", *PLANNED, says=f"{TO_SUBMIT}, unless an emergency", then=TO_SUBMIT)

    def clean(self) -> dict[str, Any]:
        """A template and the type standard come together."""
        given = super().clean() or self.cleaned_data
        given["type"] = given.get("type") or Type.NORMAL.value
        given["kind"] = given.get("kind") or Kind.INFRASTRUCTURE.value
        if given.get("template") and given["type"] != Type.STANDARD:
            self.add_error("type", "Only a standard change has a template.")
        if given["type"] == Type.STANDARD and "template" in given and not given["template"]:
            self.add_error("template", "Choose the template it follows; without one it is a normal change.")
        return given

    def facts(self) -> dict[str, Any]:
        """As create_change takes them: a template says itself what its changes are of."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        if given.get("template"):
            given = {name: given[name] for name in ("title", "template", "systems")}
            given["systems"] = given["systems"] or None
        return given


class ChangeForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """Everything that is written of a change."""

    systems = forms.ModelMultipleChoiceField(
        System.objects.none(),
        required=False,
        label="Systems affected",
        widget=forms.CheckboxSelectMultiple,
        help_text=_SYSTEMS_HELP,
    )
    environments = WordsField(required=False, help_text="Such as production, staging. None: any.")
    window_from = LocalMomentField(required=False, label="Planned from")
    window_until = LocalMomentField(required=False, label="Planned until", ends=True)
    links = LinksField(
        required=False,
        max_length=10_000,
        help_text="Pull request, ticket, commit, deployment: an address on each line, and behind it what it is.",
    )
    edited_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    fieldsets: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("The change", ("title", "type", "kind", "systems", "description", "impact")),
        (RISK, ANSWERS),
        ("If it goes wrong", ("rollback_plan", "abort_criteria")),
        ("Tests", ("test_plan", "testing_evidence")),
        ("When and who", ("environments", "window_from", "window_until", "implementer", "verifier", "priority")),
        ("Elsewhere", ("head_sha", "links")),
    )

    class Meta:
        model = Change
        fields: ClassVar = [
            "title", "type", "kind", "description", "impact", "environments", "window_from", "window_until", "implementer",
            "verifier", "priority", "rollback_plan", "abort_criteria", "test_plan", "testing_evidence", "head_sha",
        ]  # fmt: skip
        widgets: ClassVar = {
            "description": TextArea(rows=6),
            "impact": TextArea(rows=3),
            "rollback_plan": TextArea(rows=4),
            "abort_criteria": TextArea(rows=2),
            "test_plan": TextArea(rows=3),
            "testing_evidence": TextArea(rows=3),
        }
        help_texts: ClassVar = {
            "description": "Step by step, so that somebody else could do it.",
            "impact": "Customers and colleagues: what they see, and for how long.",
            "rollback_plan": "The steps back, and how long they take.",
            "abort_criteria": "What one would see, such as more than 1 % of requests failing for 5 minutes.",
            "test_plan": "Before it is done, and right after.",
            "testing_evidence": "In words. Files are added on the page of the change.",
            "implementer": "Somebody whose role works on changes; auditors and viewers only read.",
            "verifier": "Who looks afterwards whether it did what it should. For high risk and emergencies that is neither "
            "whoever asks for it nor whoever carries it out.",
            "head_sha": "The whole commit that a pipeline deploys for it, where there is one: the gate lets through no other.",
        }
        labels: ClassVar = {"implementer": "Carried out by", "verifier": "Reviewed by", "head_sha": "Commit"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With a field for each question; what a template says is not changed here."""
        super().__init__(*args, **kwargs)
        change: Change = self.instance
        is_there = not change._state.adding  # noqa: SLF001 - Django documents it
        chosen = [one.pk for one in present(change, "systems")] if is_there else []
        if is_there:
            told = {"systems": chosen, "links": present(change, "links"), "edited_at": change.edited_at.isoformat()}
            answers = {answer_name(one): change.answers.get(one.key, "") for one in QUESTIONS}
            self.initial = {**self.initial, **told, **answers, **kwargs.get("initial", {})}
        self._offer(change, chosen)
        self.fields["head_sha"].disabled = change.number is not None  # a request says itself which is its last
        if change.template is not None and change.type == Type.STANDARD:
            self._follow_template()
        if is_there and is_frozen(change):
            for name in {*BOUND, *ANSWERS} & self.fields.keys():
                self.fields[name].disabled = True
        if is_there and is_carried_out(change) and (self._is_of_page or not self.is_bound):  # the API says that it is refused
            self.fields["implementer"].disabled = True
        for field in self.fields.values():
            field.show_hidden_initial = not field.widget.is_hidden  # so that what was not touched overwrites nothing
        name_zone(self, "window_from", "window_until")

    def _offer(self, change: Change, chosen: list[Any]) -> None:
        fields: dict[str, Any] = self.fields
        for name in ("implementer", "verifier"):
            fields[name].queryset, fields[name].empty_label = workers(getattr(change, f"{name}_id")), _EMPTY[name]
            fields[name].error_messages["invalid_choice"] = NO_WORKER
        if change.is_grave:
            fields["verifier"].empty_label = "Somebody who runs changes"
        fields["description"].wanted = TO_SUBMIT
        for name in ("systems", "rollback_plan"):
            needed_when(fields[name], "type", *PLANNED, says=f"{TO_SUBMIT}, unless an emergency", then=TO_SUBMIT)
        if change.type != Type.EMERGENCY:
            fields["test_plan"].wanted = (
                TO_SUBMIT if change.risk == Change.Risk.HIGH else "needed to submit where the risk is high"
            )
        fields["systems"].queryset = systems_in_use(*chosen)
        if change.template is None:
            fields["type"].choices = [(key, label) for key, label in Type.choices if key != Type.STANDARD]
            return
        allowed = change.template.systems.values("system")
        fields["systems"].queryset = System.objects.filter(pk__in=allowed).order_by("name")
        fields["type"].choices = [(key, label) for key, label in Type.choices if key != Type.EMERGENCY]

    def _follow_template(self) -> None:
        """What the template says is not changed here, and its risk was judged with it."""
        for name in ("kind", *TEXTS):
            self.fields[name].disabled = True
        for name in ANSWERS:
            del self.fields[name]
        self.fieldsets = tuple(group for group in self.fieldsets if group[0] != RISK)

    def clean_head_sha(self) -> str:
        """A whole commit, as pipelines name it."""
        given: str = self.cleaned_data["head_sha"].strip().lower()
        if given and "head_sha" in self.changed_data and COMMIT.fullmatch(given) is None:
            raise forms.ValidationError("Name the whole commit: 40 or 64 hexadecimal digits.")
        return given

    def clean(self) -> dict[str, Any]:
        """The window goes forward; times that were not touched stay to the second."""
        given = super().clean() or self.cleaned_data
        keep_untouched(self, "window_from", "window_until")
        start, end = given.get("window_from"), given.get("window_until")
        if start and end and end <= start:
            self.add_error("window_until", "The window ends before it begins.")
        if "window_from" in self.errors or "window_until" in self.errors:  # a draft saves what is sound: both ends, or none
            given.pop("window_from", None)
            given.pop("window_until", None)
        return given

    def _post_clean(self) -> None:
        """The action judges and saves: the instance stays as it is."""

    def facts(self) -> dict[str, Any]:
        """As edit_change takes them, of the fields that are sound; from a page, those that were touched on it."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {*ANSWERS, "edited_at"}}
        if any(name in self.fields and not self.fields[name].disabled for name in ANSWERS):
            answered = {one.key: self.cleaned_data.get(answer_name(one), "") for one in QUESTIONS}
            given["answers"] = {key: value for key, value in answered.items() if value}
        if given.get("type") != Type.STANDARD and self.instance.template_id:
            given["template"] = None
        if self._is_of_page:
            touched = {*self.changed_data, "template", *(["answers"] if {*ANSWERS} & {*self.changed_data} else [])}
            given = {name: value for name, value in given.items() if name in touched}
        return {name: value for name, value in given.items() if not self.fields.get(name, _FREE).disabled}

    @property
    def seen(self) -> dt.datetime | None:
        """When the change was last edited, as far as it matters here: what others wrote in other fields is no conflict."""
        found: dt.datetime | None = self.cleaned_data.get("edited_at")
        if found is None or not self._is_of_page or any(self._is_overtaken(name) for name in self.changed_data):
            return found
        current: dt.datetime = self.instance.edited_at
        return current

    @property
    def _is_of_page(self) -> bool:
        """Whether it was sent with what the page showed to begin with."""
        return self.add_initial_prefix("title") in self.data

    def _is_overtaken(self, name: str) -> bool:
        """Whether a field is now neither as the page showed it nor as it is wanted."""
        field, bound = self.fields[name], self[name]
        if not field.show_hidden_initial:
            return False
        began = self._widget_data_value(field.hidden_widget(), bound.html_initial_name)  # type: ignore[attr-defined] # Django's own
        current = self.get_initial_for_field(field, name)
        return field.has_changed(current, began) and field.has_changed(current, bound.data)


_FREE = forms.Field()
for _question in QUESTIONS:
    ChangeForm.base_fields[answer_name(_question)] = AnswerField(_question)


class CommentForm(OnceForm):
    """What is said."""

    text = forms.CharField(
        label="Comment",
        max_length=10_000,
        widget=TextArea(rows=3),
        help_text="Name somebody with @ and the first part of their e-mail address, such as @mara.klein: they are told.",
    )


class AttachForm(OnceForm):
    """Files, and what they show."""

    files = FilesField(label="Files", hint="One file or several")  # type: ignore[assignment] # it is a field
    use = forms.ChoiceField(
        label="What they show", choices=ChangeEvidence.Use, initial=ChangeEvidence.Use.ATTACHMENT, widget=forms.RadioSelect
    )


class DetachForm(ReasonForm, OnceForm):
    """Why it does not belong there."""


class CloneForm(OnceForm):
    """What the copy is called."""

    title = forms.CharField(max_length=200)
