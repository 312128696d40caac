"""What Larkfield writes about its system, section by section."""

TEXTS: dict[str, str] = {
    "services": """Larkfield Software runs an invoicing service for small companies. Customers write invoices in a browser or
send them from their own software; Larkfield delivers them, follows them up, and pays out what has been collected.

This description covers the invoicing service and what supports it. It leaves out the consulting that Larkfield does for
single customers, which uses none of these systems.""",
    "commitments": """Larkfield promises its customers, in its terms of service and on its security page:

- **Security.** Access to customers' data is limited to staff who need it, and every such access is recorded.
- **Availability.** The service is available 99.9 % of each month, maintenance that was announced excepted.
- **Confidentiality.** Customers' data is used for the service alone, and deleted 60 days after a customer has left.

From these follow requirements on the system: sign-in with a second factor, encryption in transit and at rest, daily backups
with a tested restore, changes that somebody else has approved, and incidents that are told within 72 hours.""",
    "infrastructure": """Everything that serves customers runs at Amazon Web Services in two data centres of one region, in an
account of its own. Networks for serving, data and administration are apart. Larkfield's office holds no customers' data;
people work on managed laptops, in the office or elsewhere.""",
    "software": """The customer console and the services behind it are Larkfield's own. They stand on managed PostgreSQL and
are built and released from GitHub. Bought services do the rest:""",
    "people": """About sixty people in Engineering, Platform, Support, Sales and Administration. The security lead answers to the
chief executive for this programme; the IT lead runs accounts and devices; the platform lead runs production. Everybody signs
the code of conduct on joining, and is trained in security each year.""",
    "procedures": """Each procedure has an owner and is reviewed each year:

- Access is asked for, approved by the system's owner, reviewed each quarter and taken away on the last day of work.
- Changes are made by pull request, reviewed by somebody else, tested by the pipeline and approved for production.
- Incidents are handled by a plan with somebody on call at all hours.
- Backups run daily; restoring is tested each quarter.
- Vendors are checked before they are used, and reviewed each year.""",
    "data": """Customers entrust to Larkfield their invoices, the contacts on them, and bank details for payouts. The data is
classified as *confidential*. It is kept while the customer is one and for 60 days after; tax records for as long as the law
asks. Personal data of staff is held in the HR system.""",
    "incidents": """No incident in the period came from a control that was not suitably designed, or kept Larkfield from what it
promises its customers.""",
    "subservice": """Larkfield leans on the organizations below. Their reports are read each year by the security lead, who notes
exceptions and the controls that they in turn expect of Larkfield.""",
    "changes": """In the third quarter the customer console moved to managed PostgreSQL. Nothing else changed that a reader of
this description should know.""",
}

# Newer revisions that wait for somebody to approve them.
NEWER: dict[str, tuple[str, str]] = {
    "changes": (
        """In the third quarter the customer console moved to managed PostgreSQL. In the fourth, single sign-on of support staff
moved from the console's own accounts to Okta.""",
        "Single sign-on of support staff.",
    ),
}
