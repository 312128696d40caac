"""All eight, in the order in which they are imported."""

from example.sources import aws, console, github, google_workspace, hr, okta, payments, postgresql

SOURCES = (
    okta.SOURCE,
    google_workspace.SOURCE,
    aws.SOURCE,
    github.SOURCE,
    postgresql.SOURCE,
    console.SOURCE,
    payments.SOURCE,
    hr.SOURCE,
)
BY_NAME = {source.name: source for source in SOURCES}
