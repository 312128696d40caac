"""Changes in the API: writing them, and what moves them."""

from api.operations import Does
from changes.calendar.views import OverrideCreate
from changes.lifecycle.api import MovesApi


class ChangeApi(MovesApi):
    """Changes."""

    let_through = Does(screen=OverrideCreate)
