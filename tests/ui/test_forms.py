import datetime as dt

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from ui.forms import NOTHING, DateInput, DropInput, FilesField, TextArea, needed_when
from ui.refusals import ActionRefused
from ui.screens import FormScreen


class ThingForm(forms.Form):
    fieldsets = (("When", ("day",)),)
    name = forms.CharField(help_text="As the source calls it.")
    day = forms.DateField(widget=DateInput(), required=False)
    note = forms.CharField(widget=TextArea(), required=False)
    sure = forms.BooleanField(required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")], required=False)


class Create(FormScreen):
    permission = "things.write"
    form_class = ThingForm
    title = "New thing"
    submit_label = "Make it"
    success_message = "Made."

    def act(self, form):
        name = form.cleaned_data["name"]
        if name == "taken":
            raise ActionRefused("That name is taken.", field="name")
        if name == "late":
            raise ActionRefused("The period is closed.", field="unknown")
        return "/work/"


VIEW = Create.as_view()


def test_the_form_has_labels_help_and_groups(ask):
    text = ask(VIEW).content.decode()
    assert '<label for="id_name">Name</label>' in text
    assert 'aria-describedby="id_name_helptext"' in text
    assert "<legend>When</legend>" in text
    assert 'type="date"' in text
    assert "Make it" in text


def test_done_leads_on(ask):
    response = ask(VIEW, "post", {"name": "a"})
    assert (response.status_code, response["Location"]) == (303, "/work/")
    assert ask(VIEW, "post", {"name": "a"}, htmx=True)["HX-Redirect"] == "/work/"


def test_an_error_stands_at_the_field_and_keeps_what_was_typed(ask):
    response = ask(VIEW, "post", {"name": "", "note": "typed"})
    text = response.content.decode()
    assert response.status_code == 422
    assert 'aria-describedby="id_name_helptext id_name_error"' in text
    assert 'id="id_name_error"' in text
    assert "typed" in text


def test_a_refusal_stands_at_its_field(ask):
    response = ask(VIEW, "post", {"name": "taken"})
    assert response.status_code == 422
    text = response.content.decode()
    assert text.index("That name is taken.") > text.index('id="id_name_error"')
    assert 'value="taken"' in text


def test_a_refusal_without_a_field_of_the_form_stands_above(ask):
    text = ask(VIEW, "post", {"name": "late"}).content.decode()
    assert text.index("The period is closed.") < text.index('name="name"')


def test_a_dialog_gets_the_form_alone(ask):
    text = ask(VIEW, htmx=True, headers={"HX-Target": "dialog-body"}).content.decode()
    assert "<html" not in text
    assert 'hx-target="#dialog-body"' in text


def test_no_form_carries_inline_style_or_script(ask):
    text = ask(VIEW, "post", {"name": ""}).content.decode()
    assert " style=" not in text
    assert " onclick=" not in text
    assert "<script>" not in text


class Upload(forms.Form):
    exports = FilesField(hint="CSV or XLSX")


def upload(*names):
    return Upload({}, MultiValueDict({"exports": [SimpleUploadedFile(name, b"x") for name in names]}))


def test_several_files_arrive_in_order():
    form = upload("a.csv", "b.csv")
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["exports"]] == ["a.csv", "b.csv"]


def test_a_required_file_is_missed():
    assert upload().errors == {"exports": ["This field is required."]}


def test_the_drop_area_is_a_plain_file_input():
    text = str(Upload()["exports"])
    assert 'type="file"' in text
    assert "multiple" in text
    assert "CSV or XLSX" in text


def test_one_file_is_the_default():
    assert "multiple" not in DropInput().render("file", None, {})


@pytest.mark.parametrize("required", [True, False])
def test_optional_fields_say_so(required):
    field = type("F", (forms.Form,), {"name": forms.CharField(required=required)})()["name"]
    assert ("optional" in field.as_field_group()) is not required


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (dt.date(2026, 3, 4), "Wed, 4 Mar 2026"),
        ("2026-03-04", "Wed, 4 Mar 2026"),
        ("", "Such as 2026-03-31"),
        ("03/04/2026", "Such as"),
    ],
)
def test_beside_a_date_stands_the_day_in_words(value, words):
    html = ThingForm(initial={"day": value}).as_p()
    assert 'type="date"' in html
    assert f'for="id_day" data-date-words>{words}' in html


@pytest.mark.parametrize(
    ("sent", "read"),
    [("2026-03-04", True), ("4 Mar 2026", True), ("March 4, 2026", True), ("03/04/2026", False), ("04/03/26", False)],
)
def test_a_day_that_could_be_another_is_refused(sent, read):
    form = ThingForm({"name": "A", "day": sent})
    assert form.is_valid() is read
    assert not read or form.cleaned_data["day"] == dt.date(2026, 3, 4)


class RefusalForm(forms.Form):
    sure = forms.BooleanField(required=False)
    why = needed_when(forms.CharField(required=False), "sure", NOTHING, says="needed unless sure")


def test_a_field_that_another_one_makes_needed_says_when_and_is_not_called_optional():
    page = RefusalForm().as_div()
    assert '<span class="optional">needed unless sure</span>' in page
    assert 'data-needed-by="sure" data-needed-for="-" data-needed-words="needed"' in page


@pytest.mark.parametrize(
    ("here", "there", "loads"),
    [
        ("http://x/list/", "/list/#tasks", "refresh"),
        ("http://x/list/#clocks", "/list/#tasks", "refresh"),
        ("http://x/list/?page=2", "/list/#tasks", "redirect"),
        ("http://x/other/", "/list/#tasks", "redirect"),
        ("http://x/list/", "/list/", "redirect"),
    ],
)
def test_a_place_on_the_page_below_the_dialog_is_loaded_anew(rf, here, there, loads):
    """A way to another place on the same page loads nothing: the dialog would stay open over an old page."""
    screen = FormScreen()
    screen.request = rf.post("/add/", headers={"HX-Request": "true", "HX-Current-URL": here})
    answer = screen.go_to(there)
    assert (answer.headers.get("HX-Refresh"), answer.headers.get("HX-Redirect")) == (
        ("true", None) if loads == "refresh" else (None, there)
    )
