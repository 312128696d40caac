"""The list of annual assessments."""

from audit.exports import RecordsExports
from risks.models import RiskAssessment
from risks.rights import READ, WRITE
from ui.screens import Column, Empty, Filter, ListScreen


class AssessmentList(RecordsExports, ListScreen):
    """Every assessment, the newest first."""

    permission = READ
    title = "Risk assessments"
    lede = "Once a year the whole register is frozen and approved by somebody who did not prepare it."
    noun = "assessments"
    noun_one = "assessment"
    breadcrumbs = (("Risks", "risks:list"),)
    queryset = RiskAssessment.objects.select_related("prepared_by__user", "approved_by__user")
    columns = (
        Column("reference", "Assessment", sort="reference", link=True, whole=True),
        Column("year", "Year", sort="year", value=lambda one: str(one.year), numeric=True),
        Column("as_of", "As of", sort="as_of"),
        Column("prepared_by.name", "Prepared by", hide_below=1000),
        Column("approved_by.name", "Approved by", hide_below=1000),
        Column("approved_at", "Approved", sort="approved_at", hide_below=1300),
        Column("content_hash", "SHA-256", hide_below=1500),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-year",)
    filters = (Filter("state", "State", choices=RiskAssessment.Status.choices, lookup="status"),)
    primary_action = ("Begin an assessment", "risks:assessment-create", WRITE)
    empty = Empty(
        "No assessment yet",
        "Rate the risks of the register, one of fraud and one of a vendor among them; then begin the assessment of the year.",
        ("Begin an assessment", "risks:assessment-create"),
    )
