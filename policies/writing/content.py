"""What an approval of a policy is bound to."""

from typing import Any

from policies.models import PolicyVersion
from workflow.binding import hash_of


def content_of(version: PolicyVersion) -> dict[str, Any]:
    """All that is approved, as plain values: what it says, and what is said of it. Load its file with it."""
    return {
        "policy": {"id": str(version.policy_id), "name": version.title},
        "number": version.number,
        "title": version.title,
        "form": version.form,
        "text": version.text,
        "file": version.file.sha256 if version.file else "",
        "material": version.material,
        "change": version.change_note,
    }


def digest(version: PolicyVersion) -> str:
    """SHA-256 of it."""
    return hash_of(content_of(version))
