"""Changes in the API: writing them, and what moves them."""

from api.operations import Shows
from changes.drafting.api import DraftingApi
from changes.lifecycle.views import ChangeDetail


class ChangeApi(DraftingApi):
    """Changes."""

    retrieve = Shows(screen=ChangeDetail)
