"""Screens of one record: reading it, and changing it by a form."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db import models
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.views.generic import DetailView, FormView
from django.views.generic.detail import SingleObjectMixin
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from ui.refusals import ActionRefused
from ui.screens.base import Screen

if TYPE_CHECKING:  # The generic views take type arguments in the stubs only.
    _Detail = DetailView[models.Model]
    _Form = FormView[forms.BaseForm]
    _Single = SingleObjectMixin[models.Model]
else:
    _Detail, _Form, _Single = DetailView, FormView, SingleObjectMixin


class DetailScreen(Screen, _Detail, abstract=True):
    """A record. The title is the record's own name unless `title` says otherwise."""

    def get_title(self) -> str:
        return self.title or str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**self.frame(), **kwargs})


class FormScreen(Screen, _Single, _Form, abstract=True):
    """A form that performs one action.

    Subclasses implement `act(form)`, which returns where to go next: an object
    with get_absolute_url, or a URL. A refusal is shown where it belongs and
    what was typed stays. With `model` or `queryset`, the record named by the
    URL is `self.object`, and the instance of a ModelForm.
    """

    template_name = "ui/form.html"
    submit_label = "Save"
    explain = ""
    tone = ""
    success_message = ""
    object: Any = None

    def act(self, form: Any) -> models.Model | str:
        """Do it. Raises ActionRefused."""
        raise NotImplementedError

    def load(self) -> None:
        """Fetch the record that the URL names, when the screen is about one."""
        if self.names_record:
            self.object = self.get_object()

    @property
    def names_record(self) -> bool:
        model: Any = self.model
        return model is not None or self.queryset is not None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        form_class = self.get_form_class()
        if self.object is not None and issubclass(form_class, forms.BaseModelForm):
            kwargs["instance"] = self.object
        return kwargs

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        try:
            target = self.act(form)
        except ActionRefused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.sentence)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return self.go_to(resolve_url(target))

    def go_to(self, url: str) -> HttpResponse:
        if self.request.headers.get("HX-Request"):
            return HttpResponseClientRefresh() if self._is_here(url) else HttpResponseClientRedirect(url)
        response = HttpResponse(status=303)
        response["Location"] = url
        return response

    def _is_here(self, url: str) -> bool:
        """Whether it is a place on the page that the dialog lies over: going there would load nothing anew."""
        here, there = urlsplit(self.request.headers.get("HX-Current-URL", "")), urlsplit(url)
        return bool(there.fragment) and (here.path, here.query) == (there.path, there.query)

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_template_names(self) -> list[str]:
        """In a dialog only the form itself, by the partial `form` of the default page."""
        if self.request.headers.get("HX-Target") == "dialog-body":
            return ["ui/form.html#form"]
        return super().get_template_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            **self.frame(),
            "submit_label": self.submit_label,
            "explain": self.explain,
            "tone": self.tone,
            "in_dialog": self.request.headers.get("HX-Target") == "dialog-body",
            **kwargs,
        }
        context = super().get_context_data(**context)
        context["groups"] = grouped(context["form"])
        return context


def grouped(form: forms.BaseForm) -> list[tuple[str, list[BoundField]]]:
    """The visible fields under the legends of `form.fieldsets`; the rest first, without one."""
    fieldsets = getattr(form, "fieldsets", ())
    placed = {name for _, names in fieldsets for name in names}
    rest = [field for field in form.visible_fields() if field.name not in placed]
    groups = [("", rest)] + [(legend, [form[name] for name in names if name in form.fields]) for legend, names in fieldsets]
    return [(legend, fields) for legend, fields in groups if fields]
