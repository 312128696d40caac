"""What proof puts into the registries of the layers below."""

from proof.keys.actions import RUN as KEYS
from proof.keys.findings import raise_findings
from proof.keys.tasks import see_to_unfinished as see_to_rotations
from proof.package.actions import READ as PACKAGES
from proof.package.tasks import see_to_unfinished
from proof.trail.tasks import READ, check_nightly
from ui.navigation import register_place
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("audit", "Proof", "proof:seal", READ, order=20)
    register_place("audit", "Packages", "proof:packages", PACKAGES, order=25)
    register_place("settings", "Keys", "proof:keys", KEYS, order=50)
    register_periodic("proof.check", check_nightly)
    register_periodic("proof.unfinished_packages", see_to_unfinished)
    register_periodic("proof.unfinished_rotations", see_to_rotations)
    register_periodic("proof.old_keys", raise_findings)
