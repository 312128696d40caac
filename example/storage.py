"""What of Larkfield's holds data, as the platform lead listed it: all of it encrypted, but for one volume of staging."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from example.roster import DOMAIN
from inventory.models import Person, System
from tenancy.scope import now
from vulnerabilities.scanning.importing import receive, report_of
from vulnerabilities.scanning.keeping import keep_scan
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scopes.actions import create_scope

_SETTINGS = """Resource,Kind,Environment,Encrypted at rest,Key managed by,Retention (days),Backups kept (days),Note
invoicing,database,production,yes,customer,unlimited,35,
invoicing-reports,database,production,yes,customer,unlimited,14,
invoicing,database,staging,yes,provider,unlimited,7,made-up customers only
invoice-files,object storage,production,yes,customer,unlimited,30,seven years by a rule of its own
customer-exports,object storage,production,yes,customer,14,0,
build-artefacts,object storage,staging,yes,provider,90,0,
app-data,volume,production,yes,customer,,14,
search-index,volume,production,yes,customer,,0,can be built anew
load-test-data,volume,staging,no,none,,0,left from the load test before the autumn release
nightly-dumps,backup,production,yes,customer,35,,
app-logs,log store,production,yes,provider,180,,
audit-logs,log store,production,yes,customer,400,,in an account of its own
sign-in-logs,log store,production,yes,provider,365,,
e-mail-queue,queue,production,yes,provider,4,,
"""


def list_storage(manager: Member) -> None:
    """One list, of two days ago: one volume of staging is not encrypted, and has 90 days to be."""
    scope = create_scope(
        actor=manager,
        name="AWS storage settings",
        tool="storage",
        system=System.objects.get(name="AWS production"),
        owner=Person.objects.get(email=f"tomas.ferreira@{DOMAIN}"),
    )
    at = now() - dt.timedelta(days=2)
    upload = SimpleUploadedFile(f"storage-settings-{at:%Y-%m-%d}.csv", _SETTINGS.encode())
    stored = receive(scope, actor=manager, upload=upload)
    stated = Stated(ran_at=at, source="the AWS console, looked up by Platform")
    keep_scan(scope, report_of(stored, scope), stored, stated=stated, actor=manager)
