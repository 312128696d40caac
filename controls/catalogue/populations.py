"""What the events of a control that runs per event are."""

POPULATIONS: dict[str, str] = {
    "joiners": "Joiners",
    "leavers": "Leavers",
    "access_grants": "Access granted",
    "access_reviews": "Access reviews",
    "changes": "Changes",
    "deployments": "Deployments",
    "incidents": "Incidents",
    "vendors": "Vendors",
    "evidence": "Evidence",
}
