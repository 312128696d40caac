"""Fewer models are made anew while migrations run: Django renders all that are related, and here everything is.

Each model stands below an organization. To Django a new constraint is a reason to make every model class of the state again,
so that a first start would spend a minute on that. The state is the same in the end: what is not kept up is rendered as a whole
when it is next asked for.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ModelState, ProjectState


def _rendered(state: ProjectState) -> bool:
    return "apps" in state.__dict__  # asking for the attribute would render


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    """Render the new one only; those it points to learn of it."""
    rendered, key = self.__dict__.pop("apps", None), (model_state.app_label, model_state.name_lower)
    _ADD_MODEL(self, model_state)
    if rendered is not None:
        self.__dict__["apps"] = rendered
        for model in rendered.get_models(include_auto_created=True, include_swapped=True):
            model._meta.apps = rendered  # where it looks for what points to it
        rendered.render_multiple([self.models[key]])
        self.is_delayed = True  # Django's word for it: who runs Python gets everything anew


def _append_option(self: ProjectState, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """A constraint or an index concerns no other model, and no field."""
    model_state = self.models[app_label, model_name]
    model_state.options[option_name] = [*model_state.options[option_name], obj]
    if _rendered(self):
        model = self.apps.get_model(app_label, model_name)
        setattr(model._meta, option_name, [*getattr(model._meta, option_name), obj])


def _forget(self: ProjectState, *changed: Any, **_: Any) -> None:
    """Whatever else changes: all are rendered when somebody asks."""
    self.__dict__.pop("apps", None)


_ADD_MODEL = ProjectState.add_model
_INSTEAD = {"add_model": _add_model, "_append_option": _append_option, "reload_model": _forget, "reload_models": _forget}


@contextmanager
def rendering_little() -> Iterator[None]:
    """For the length of the block."""
    with ExitStack() as stack:
        for name, method in _INSTEAD.items():
            stack.enter_context(patch.object(ProjectState, name, method))
        yield
