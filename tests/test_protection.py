"""docs/protection.md beside the code: classes of data, connections, keys and algorithms, limits, the proxy; and where logs go."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]

from accounts.permissions import PERMISSIONS
from keys.fields import FIELDS
from tests.test_house import OURS, sources

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "protection.md").read_text()
CODE = re.compile(r"`([^`]+)`")


def section(title: str) -> str:
    """What stands below a heading."""
    found = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert found, title
    return found


def rows(title: str) -> Iterator[list[str]]:
    """The cells of the tables below a heading, without their heads."""
    lines = section(title).splitlines()
    for number, line in enumerate(lines):
        is_head = number + 1 < len(lines) and lines[number + 1].startswith("|--")
        if line.startswith("| ") and not is_head:
            yield line.removeprefix("| ").removesuffix(" |").split(" | ")


# Classes of data


def classes() -> dict[str, str]:
    """The class of each table named, or of all of an app's."""
    named: dict[str, str] = {}
    for cells in rows("Classes of data"):
        if cells[0] in {"Secret", "Special", "Personal", "Confidential"} and len(cells) == 3:
            for one in CODE.findall(cells[2]):
                assert named.setdefault(one, cells[0]) == cells[0], one
    return named


def class_of(label: str) -> str | None:
    named = classes()
    return named.get(label) or named.get(f"{label.partition('.')[0]}.*")


def test_every_table_has_a_class_and_every_one_named_is_there():
    labels = {model._meta.label for model in apps.get_models() if model._meta.app_label in OURS}
    assert len(labels) > 100
    assert sorted(label for label in labels if class_of(label) is None) == []
    named = {one for one in classes() if not one.endswith(".*")}
    assert named - labels == set()


def test_what_is_sealed_is_in_a_class_that_says_so():
    (said,) = (cells for cells in rows("Classes of data") if cells[0] == "In the database")
    sealing = {
        name for name, words in zip(("Secret", "Special", "Personal", "Confidential"), said[1:], strict=True) if "sealed" in words
    }
    assert {class_of(one.model) for one in FIELDS} == sealing


def test_each_class_has_its_protection():
    head = "| | Secret | Special | Personal | Confidential |"
    assert head in section("Classes of data")
    wanted = {
        "Kept apart",
        "Needs a role",
        "In the database",
        "Read back",
        "In the trail",
        "In logs",
        "In the browser",
        "How long",
    }
    found = {cells[0] for cells in rows("Classes of data") if len(cells) == 5}
    assert all(any(one.startswith(word) for one in found) for word in wanted)


def test_the_rules_for_fields_name_permissions_that_exist():
    said = [
        CODE.findall(" ".join(cells[1:]))
        for cells in rows("Classes of data")
        if len(cells) == 3 and cells[0] not in classes().values()
    ]
    named = {one for found in said for one in found if "." in one}
    assert len(named) >= 5
    assert named <= set(PERMISSIONS)


# Connections


def test_every_setting_that_leads_elsewhere_is_among_the_connections():
    text = (ROOT / "docs" / "settings.md").read_text()
    leading = re.findall(
        r"`(\w+_URL|PLUMBLINE_S3_(?:BUCKET|ENDPOINT)|PLUMBLINE_WITNESS_BUCKET|PLUMBLINE_KMS_(?:KEY|ENDPOINT))`", text
    )
    assert len(set(leading)) >= 8
    assert set(leading) - {"PLUMBLINE_BASE_URL"} <= set(CODE.findall(section("Connections")))


# What opens a connection, and the row of the page that it belongs to.
OPENS = {
    "audit/seal/bucket_witness.py": "A bucket with Object Lock",
    "grc/storage.py": "S3-compatible store",
    "evidence/storage.py": "S3-compatible store",
    "keys/master.py": "AWS KMS",
    "monitoring/probing/sockets.py": "Whatever a check is about",
    "vulnerabilities/endpoints/handshake.py": "TLS endpoints",
    "vulnerabilities/endpoints/tasks.py": "TLS endpoints",
    "workflow/outgoing/client.py": "Webhooks and alert channels",
    "workflow/outgoing/backend.py": "Webhooks and alert channels",
    "workflow/outgoing/here.py": "Webhooks and alert channels",
    "workflow/outgoing/addresses.py": "Webhooks and alert channels",
    "workflow/delivery.py": "Mail server",
    "tenancy/owner.py": "PostgreSQL",
    "inventory/snapshots/reading.py": "PostgreSQL",
}
REACHING = {
    "socket",
    "ssl",
    "smtplib",
    "http",
    "urllib3",
    "requests",
    "boto3",
    "botocore",
    "httpx",
    "psycopg",
    "ftplib",
    "paramiko",
}
HARMLESS = {"http"}  # http.HTTPStatus; http.client is looked for by its name


def reaching() -> set[str]:
    """Files of the product that import something by which one reaches out."""
    found = set()
    for name, tree in sources():
        for node in ast.walk(tree):
            modules = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            if any(one.partition(".")[0] in REACHING - HARMLESS or one in {"http.client", "urllib.request"} for one in modules):
                found.add(name)
    return found


def test_whatever_opens_a_connection_belongs_to_one_that_is_listed():
    assert reaching() - set(OPENS) == set()
    listed = {cells[0] for cells in rows("Connections")}
    assert set(OPENS.values()) <= listed


# Keys and algorithms


def test_every_key_among_the_settings_is_in_the_inventory_with_its_life():
    text = (ROOT / "docs" / "settings.md").read_text()
    keys = set(
        re.findall(r"^\| `(PLUMBLINE_\w*(?:SECRET_KEY|KEK|KEYS|PDF_KEY|KMS_KEY|CERTIFICATE|KEK_FILE))`", text, re.MULTILINE)
    )
    keys = {one for one in keys if "S3" not in one}
    assert len(keys) >= 6
    inventory = {key: cells for cells in rows("Keys and algorithms") for key in CODE.findall(cells[0])}
    assert keys <= set(inventory)
    assert all(len(inventory[key]) == 4 and inventory[key][3].strip() for key in keys)


def primitives() -> set[str]:
    """The algorithms that the product takes from its library."""
    found = set()
    for _name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cryptography.hazmat.primitives"):
                found |= {one.name for one in node.names}
    return found


def test_every_algorithm_is_in_the_inventory():
    general = {"hashes", "serialization", "Encoding", "PublicFormat", "SHA256"}  # what they are used for stands in its own row
    followed = {"Ed25519PublicKey": "Ed25519PrivateKey", "EllipticCurvePublicKey": "ec", "RSAPublicKey": "rsa"}
    wanted = {followed.get(one, one) for one in primitives() - general}
    assert {"AESGCM", "Ed25519PrivateKey", "ec"} <= wanted
    said = set(re.findall(r"\w+", section("Keys and algorithms")))
    assert wanted - said == set()


# Limits


@pytest.mark.parametrize("cells", [cells for cells in rows("Limits") if len(cells) == 3], ids=lambda cells: cells[0][:40])
def test_a_limit_is_as_the_page_says(cells):
    number = int(cells[1].split()[0])
    for place in CODE.findall(cells[2]):
        module, _, name = place.rpartition(".")
        assert getattr(importlib.import_module(module), name) == number, place


# Files


def test_every_form_that_takes_a_file_is_in_the_list():
    listed = [place for cells in rows("Files") for place in CODE.findall(cells[2])]
    assert [place for place in listed if not (ROOT / place).exists()] == []
    taking = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") == "FileField" or getattr(node.func, "id", "") == "FilesField")
        and not ast.unparse(node.func).startswith(("serializers", "models"))
    }
    assert len(taking) > 20
    assert {name for name in taking if not any(name.startswith(place) for place in listed)} - {"ui/forms.py"} == set()


# The proxy


def test_the_proxy_is_to_offer_modern_encryption_alone():
    text = section("The proxy in front")
    (protocols,) = re.findall(r"ssl_protocols (.+);", text)
    assert set(protocols.split()) == {"TLSv1.2", "TLSv1.3"}
    (suites,) = re.findall(r"ssl_ciphers (.+);", text)
    assert all(
        re.fullmatch(r"ECDHE-(?:ECDSA|RSA)-(?:AES(?:128|256)-GCM-SHA\d+|CHACHA20-POLY1305)", one) for one in suites.split(":")
    )
    assert "of an authority that browsers trust" in text


def test_the_proxy_says_itself_who_comes_and_how():
    text = section("The proxy in front")
    assert "proxy_set_header X-Forwarded-Proto https;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "$http_x_forwarded" not in text
    assert "$proxy_add_x_forwarded_for" not in text
    assert "proxy_pass http://127.0.0.1:8000;" in text
    assert "nobody but the proxy reaches" in " ".join(text.split())


# Messages whose end is told in two ways, or in one that others read differently.
HEAD = b"POST /sign-in/ HTTP/1.1\r\nHost: grc.example.com\r\n"
SMUGGLED = {
    "both lengths": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    "two lengths": b"Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcd",
    "a list of lengths": b"Content-Length: 4, 40\r\n\r\nabcd",
    "a length with a sign": b"Content-Length: +4\r\n\r\nabcd",
    "a length that is none": b"Content-Length: 0x4\r\n\r\nabcd",
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunked in disguise": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked, and then something else": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded line": b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a name with a control character": b"Transfer\x0bEncoding: chunked\r\n\r\n0\r\n\r\n",
}


def taken(sent: bytes) -> list[bytes]:
    """The bodies of the messages that the web server's parser finds."""
    return [message.body.read() for message in RequestParser(Config(), iter([sent]), ("127.0.0.1", 1))]


def test_the_parser_reads_what_is_in_order():
    assert taken(HEAD + b"Content-Length: 4\r\n\r\nabcd") == [b"abcd"]
    assert taken(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n") == [b"abcd"]


@pytest.mark.parametrize("how", SMUGGLED)
def test_a_message_whose_end_is_doubtful_is_refused(how):
    with pytest.raises((ParseException, OSError)):
        taken(HEAD + SMUGGLED[how])


# Logs


def test_logs_go_to_standard_output_and_nowhere_else():
    handlers: Any = settings.LOGGING["handlers"]
    assert {one["class"] for one in handlers.values()} == {"logging.StreamHandler"}
    senders = re.compile(
        r"SysLogHandler|SocketHandler|DatagramHandler|HTTPHandler|SMTPHandler|QueueHandler|AdminEmailHandler|sentry"
    )
    added = re.compile(r"\.addHandler\((?!logging\.StreamHandler\(\)\))")
    texts = {name: ast.unparse(tree) for name, tree in sources()}
    assert {name for name, text in texts.items() if senders.search(text) or added.search(text)} == set()
    assert settings.ADMINS in ([], ())
