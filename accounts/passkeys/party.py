"""Who asks for passkeys, as browsers name it: the host and the address of PLUMBLINE_BASE_URL, and no other."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

NAME = "Plumbline"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Party:
    """`domain` is what a passkey is bound to for good; `origin` where it may be shown."""

    domain: str
    origin: str


def party() -> Party | None:
    """The party. None where browsers refuse passkeys: at an address in numbers, and without TLS but on one's own machine."""
    parts = urlsplit(settings.PLUMBLINE_BASE_URL)
    host = parts.hostname or ""
    if not host or _is_number(host) or not (parts.scheme == "https" or _is_own_machine(host)):
        return None
    port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    return Party(host, f"{parts.scheme}://{host}{port}")


def is_here(request: HttpRequest) -> bool:
    """Whether passkeys work at the address by which the browser came."""
    found = party()
    return found is not None and urlsplit(found.origin).netloc == request.get_host().lower()


def why_not_here(request: HttpRequest) -> str:
    """Why passkeys do not work at this address, in a sentence; empty where they do."""
    if is_here(request):
        return ""
    found = party()
    if found is None:
        return "Passkeys need an https:// address with a name. This installation has none, so browsers refuse them here."
    return f"Passkeys work at {found.origin} only. Open that address to use one."


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_own_machine(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")
