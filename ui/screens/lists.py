"""The one table component: a table with bulk actions, counts and an export."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django_htmx.http import HttpResponseClientRedirect

from ui.refusals import ActionRefused
from ui.screens.bulk import Bulk, BulkResult
from ui.screens.counting import count_choices
from ui.screens.export import FORMATS, Format
from ui.screens.listing import capped
from ui.screens.table import TableScreen
from ui.values import exact

REFUSED_SHOWN = 100


class ListScreen(TableScreen, abstract=True):
    """A list that a subclass declares, see TableScreen; `bulk_actions` each have a method.

    `bulk_<name>(selection, form)` gets the chosen rows as a queryset and the
    action's valid form (or None), and returns a BulkResult or a response.
    """

    bulk_actions: Sequence[Bulk] = ()
    exports = True
    recount_after = ""  # the browser's event after which the counts beside the filters are fetched anew

    def on_export(self, count: int, sha256: str, form: str) -> None:
        """Called before an export leaves; `form` is what kind of file it is, such as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.read_address()
        kind = request.GET.get("export", "")
        if self.exports and kind in FORMATS:
            return self.export(kind, FORMATS[kind])
        if request.GET.get("fragment") == "counts":
            return self.render_counts()
        return self.render_list()

    def render_list(
        self,
        *,
        status: int = 200,
        result: BulkResult | None = None,
        opened: Bulk | None = None,
        form: Any = None,
    ) -> HttpResponse:
        """The page, or its rows alone for htmx. `opened` is the bulk action whose form has errors."""
        fragment = self.wants_fragment()
        listing = {
            **self.listing(result),
            "exports": [(f.label, self.query.address(export=kind)) for kind, f in FORMATS.items()] if self.exports else [],
            "bulk": self._offered(opened, form),
            "result": self._outcome(result),
            "all_matching": status == 422 and self.request.POST.get("all_matching") == "1",
        }
        context = self.get_context_data(listing=listing, fragment=fragment)
        template = self.rows_template if fragment else self.template_name
        response = TemplateResponse(self.request, template, context, status=status)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def render_counts(self) -> HttpResponse:
        """The filters once more, with counts, and the total."""
        counts, total = count_choices(
            self.get_filters(), self.choices, set(self.query.chosen), lambda name: self.filtered(without=name)
        )
        listing = {
            "filters": self.filter_bars(counts),
            "query": self.query,
            "path": self.request.path,
            "counts_address": self.query.address(fragment="counts"),
            "total": capped(total),
            "counted": True,
        }
        return TemplateResponse(self.request, "ui/list/counts.html", {"listing": listing, "view": self})

    # Bulk actions

    def allowed_bulk(self) -> list[Bulk]:
        return [b for b in self.bulk_actions if self.may(b.permission)]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.read_address()
        bulk = next((b for b in self.bulk_actions if b.name == request.POST.get("action")), None)
        if bulk is None:
            raise BadRequest
        if bulk not in self.allowed_bulk():
            raise PermissionDenied
        form = bulk.bound(request.POST)
        if form is not None and not form.is_valid():
            return self.render_list(status=422, opened=bulk, form=form)
        selection = self.selection()
        if selection is None:
            messages.warning(request, "Choose at least one row first.")
            return self.render_list(status=422)
        return self._perform(bulk, selection, form)

    def selection(self) -> QuerySet[Any] | None:
        """The ticked rows, or all that match the address; None when nothing is ticked."""
        if self.request.POST.get("all_matching") == "1":
            return self.ordered(self.filtered())
        rows = self.get_queryset()
        keys = self.request.POST.getlist("selected")
        try:
            return self.ordered(rows.filter(pk__in=keys)) if keys else None
        except (ValidationError, ValueError) as error:  # a key that is none
            raise BadRequest from error

    def _perform(self, bulk: Bulk, selection: QuerySet[Any], form: Any) -> HttpResponseBase:
        try:
            outcome = getattr(self, f"bulk_{bulk.name}")(selection, form)
        except ActionRefused as refusal:
            if form is not None:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
            else:
                messages.error(self.request, refusal.sentence)
            return self.render_list(status=422, opened=bulk, form=form)
        if not isinstance(outcome, BulkResult):
            return self._followed(outcome)
        return self.render_list(result=outcome)

    def _followed(self, response: HttpResponseBase) -> HttpResponseBase:
        """A redirect as htmx follows it, for the whole page."""
        if self.request.headers.get("HX-Request") and "Location" in response.headers:
            return HttpResponseClientRedirect(response.headers["Location"])
        return response

    def _offered(self, opened: Bulk | None, form: Any) -> list[dict[str, Any]]:
        return [
            {"action": b, "form": form if b == opened and form is not None else b.bound(), "open": b == opened}
            for b in self.allowed_bulk()
        ]

    def _outcome(self, result: BulkResult | None) -> dict[str, Any] | None:
        """The result in words, with the names of the first rows that were refused."""
        if result is None:
            return None
        keys = list(result.refused)[:REFUSED_SHOWN]
        named = self.get_queryset().in_bulk(keys) if keys else {}
        refused = [(self.row_label(named[k]) if k in named else str(k), result.refused[k]) for k in keys]
        return {
            "summary": result.summary,
            "tone": "warn" if result.refused else "ok",
            "refused": refused,
            "unnamed": len(result.refused) - len(keys),
        }

    # Export

    def export(self, kind: str, how: Format) -> FileResponse:
        """All matching rows. Written inside the request, whose tenant scope a stream would outlive."""
        columns = [c for c in self.get_columns() if c.export]
        rows = self.ordered(self.filtered())
        notes = [
            ("List", self.get_title()),
            ("Filter", self.described()),
            ("Exported at", exact(timezone.now())),
            ("Exported by", str(getattr(self.request.member, "email", ""))),
        ]
        cells = ([c.exported(row) for c in columns] for row in rows.iterator(chunk_size=2000))
        numeric = {at for at, column in enumerate(columns) if column.numeric}
        export = how.write([c.label for c in columns], cells, notes, numeric)
        self.on_export(export.count, export.sha256, how.label)
        name = f"{slugify(self.get_title()) or 'list'}-{timezone.localdate():%Y-%m-%d}.{kind}"
        response = FileResponse(export.file, as_attachment=True, filename=name, content_type=how.content_type)
        response["X-Table-SHA256"] = export.sha256
        response["X-Table-Rows"] = str(export.count)
        return response
