"""Somebody confirms what they read, and what was shown is certified."""

from accounts.models import Member
from audit.actions import action
from audit.actors import current_origin
from policies.acknowledging.rights import is_theirs
from policies.models import Acknowledgement, AcknowledgementCampaign
from policies.writing.content import digest
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.binding import hash_of


@action
def confirm(acknowledgement: Acknowledgement, *, actor: Member, content_hash: str) -> Acknowledgement:
    """Confirm what was shown, which `content_hash` names. Raises ActionRefused for anybody else, and for another text."""
    current = (
        Acknowledgement.objects.select_for_update(of=("self",))
        .select_related("person", "campaign__version__file", "campaign__version__policy")
        .get(pk=acknowledgement.pk)
    )
    campaign = current.campaign
    if not is_theirs(current, actor):
        raise ActionRefused("Only whoever was asked can confirm it.")
    if campaign.status != AcknowledgementCampaign.Status.OPEN:
        raise ActionRefused("Nobody is asked for this any more.")
    if not content_hash == campaign.content_hash == digest(campaign.version):
        raise ActionRefused("This is not the text that you were shown. Load the page again and read what it says now.")
    origin = current_origin()
    current.confirmed_at, current.confirmed_by, current.content_hash = now(), actor, content_hash
    current.ip, current.user_agent = origin.ip or None, origin.user_agent.replace("\x00", "")[:300]
    Acknowledgement.CONFIRM.apply(
        acknowledgement,
        actor=actor,
        confirmed_at=current.confirmed_at,
        confirmed_by=actor,
        content_hash=content_hash,
        ip=current.ip,
        user_agent=current.user_agent,
        certificate=hash_of(current.facts()),
    )
    return acknowledgement
