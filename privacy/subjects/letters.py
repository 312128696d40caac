"""The closing letter of a request."""

import io

from audit.actions import action
from audit.actors import WORKER
from audit.record import record
from evidence.files import store
from evidence.printing.papers import Sheet, paper_pdf
from evidence.printing.words import day
from privacy.models import SubjectRequest
from tenancy.models import current_organization
from workflow.jobs import Work

RIGHTS = (
    "If you do not agree, you may complain to the data protection authority where you live or work, or where you think the law "
    "was broken, and you may go to court (Articles 77 and 79 of the GDPR)."
)
_ASKED = {
    "access": "you asked us for a copy of the data that we hold on you",
    "correction": "you asked us to correct data that we hold on you",
    "erasure": "you asked us to erase the data that we hold on you",
    "restriction": "you asked us to restrict what we do with your data",
    "portability": "you asked us for your data, to take it along",
    "objection": "you objected to what we do with your data",
}
_OPENING = {
    "answered": "We have done what you asked for.",
    "refused": "We cannot do what you asked for. The reason stands below.",
    "withdrawn": "You have withdrawn what you asked for. We have closed it.",
}


def sheet_of(request: SubjectRequest, work: Work) -> Sheet:
    """What the letter says."""
    work.url, work.message = request.get_absolute_url(), f"The letter of {request.reference} is ready."
    organization = current_organization()
    closed = request.closed_at or request.opened_at
    extended = (
        f" We told you on {day(request.extended_told_on.isoformat())} that it takes longer." if request.extended_told_on else ""
    )
    return {
        "format": "plumbline.subject-letter/1",
        "kind": "Answer to a request about personal data",
        "reference": request.reference,
        "organization": organization.name,
        "zone": organization.zone,
        "madeAt": closed.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        "title": f"To {request.name}",
        "status": _OPENING.get(request.status, ""),
        "texts": [
            f"On {day(request.received_on.isoformat())} {_ASKED[request.kind]}.{extended}",
            request.answer,
            RIGHTS,
        ],
        "facts": [
            ["Our number", request.reference],
            ["Received", day(request.received_on.isoformat())],
            ["Due", day(request.due_on.isoformat())],
            ["Answered by", request.closed_by.name if request.closed_by else organization.name],
        ],
    }


def letter_pdf(sheet: Sheet) -> bytes:
    """The letter. Takes seconds; raises PrintingFailed."""
    return paper_pdf(sheet)


@action
def keep_letter(request_id: str, _sheet: Sheet, content: bytes) -> None:
    """Keep it with the request: it is no evidence that others read, as it names the person."""
    request = SubjectRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.letter_id is not None:  # two workers printed it
        record("subject_request.print", request, actor=WORKER)
        return
    file = store(io.BytesIO(content), f"{request.reference}.pdf")
    SubjectRequest.objects.filter(pk=request.pk).update(letter=file)
    record("subject_request.print", request, actor=WORKER, metadata={"sha256": file.sha256})
