"""Evidence for tests, made by the product's own actions."""

import io
from typing import Any

from accounts.models import Member
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence, StoredFile


def stored(content: bytes = b"a,b\n1,2\n", name: str = "list.csv") -> StoredFile:
    """A stored file."""
    return store(io.BytesIO(content), name)


def kept(actor: Member, title: str = "Firewall rules", *, content: bytes | None = None, **facts: Any) -> Evidence:
    """An item of evidence with bytes of its own."""
    given = {"category": "monitoring", "source": "Edge firewall", "collector": actor.name, "method": "manual", **facts}
    file = given.pop("file", None) or stored(content or title.encode(), "rules.txt")
    return add_evidence(title=title, file=file, actor=actor, **given)
