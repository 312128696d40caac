#!/usr/bin/env python3
"""Verify a Plumbline package, with Python's standard library alone. Nothing of Plumbline is needed.

    python3 verify.py PACKAGE.zip --fingerprint SHA256:... --organization 0190...

The fingerprint is that of the key that signs, and the organization the id of whose package it is, as several may share an
installation and its key; get both from the organization by another way than this package. What is checked:

1. The zip holds what its manifests name and nothing else, each file once, under a plain name, stored as it is.
2. Every file has the SHA-256 that its manifest says; the manifest of manifests bears the signature of the key.
3. Heads of the trail are signed, the tree of each begins that of the next, and a new key was handed over to by the one before.
4. Every event that the package shows has its place in the signed tree (RFC 6962), and is of this organization. Of an event by or
   about somebody who was erased it shows the hash alone.

Exit status 0: all of it holds. 1: something does not, which is named. 2: it could not be checked.
"""

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

TAGS, PAYLOAD = "tagmanifest-sha256.txt", "manifest-sha256.txt"
UNLISTED = {TAGS, f"{TAGS}.sig", f"{TAGS}.sshsig"}
NAMESPACE = b"plumbline-package"
SSH_LINES = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
PLAIN = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
LARGEST_TEXT = 256 << 20  # of what is read whole: manifests, and the lines of the trail one by one
CHUNK = 1 << 20


class Wrong(Exception):
    """The package is not what it says."""


class CannotCheck(Exception):
    """Something is missing to say anything."""


class Package:
    """A zip, opened without trusting its names."""

    def __init__(self, path: str) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
            raise CannotCheck(f"{path} cannot be opened: {error}") from error
        self.members: dict[str, zipfile.ZipInfo] = {}
        for member in self.zip.infolist():
            name = plain_name(member)
            if name in self.members:
                raise Wrong(f"{name} is there twice.")
            self.members[name] = member
        folders = {member.filename.partition("/")[0] for member in self.members.values()}
        if len(folders) != 1:
            raise Wrong("Its files are not below one folder.")
        self.folder = folders.pop()
        size = Path(path).stat().st_size
        if sum(member.file_size for member in self.members.values()) > size:
            raise Wrong("Its files are larger than the zip.")

    def chunks(self, name: str) -> Iterator[bytes]:
        if name not in self.members:
            raise Wrong(f"{name} is missing.")
        try:
            with self.zip.open(self.members[name]) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:  # and what zipfile cannot do
            raise Wrong(f"{name} cannot be read: {error}") from error

    def read(self, name: str) -> bytes:
        if name in self.members and self.members[name].file_size > LARGEST_TEXT:
            raise Wrong(f"{name} is larger than such a file can be.")
        return b"".join(self.chunks(name))

    def lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > LARGEST_TEXT:
                raise Wrong(f"{name} has a line that is larger than any event.")
        if rest:
            raise Wrong(f"{name} breaks off in a line.")

    def sha256(self, name: str) -> str:
        digest = hashlib.sha256()
        for chunk in self.chunks(name):
            digest.update(chunk)
        return digest.hexdigest()


def plain_name(member: zipfile.ZipInfo) -> str:
    """The name below the package's folder, of a file that is stored as it is."""
    name = member.filename.partition("/")[2]
    if not PLAIN.fullmatch(member.filename) or {"..", "."} & set(member.filename.split("/")) or not name:
        raise Wrong(f"A name that no package has: {member.filename!r}")
    if (member.external_attr >> 16) & 0o170000 not in (0, 0o100000):
        raise Wrong(f"{name} is no plain file.")
    if member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size:
        raise Wrong(f"{name} is compressed; a package stores its files as they are.")
    return name


# The bytes of the zip around its files are all determined: nothing can be hidden there, and nothing changed.
LOCAL, CENTRAL, END = "<4sHHHHHLLLHH", "<4sHHHHHHLLLHHHHHLL", "<4sHHHHLLH"
END64, LOCATOR = "<4sQHHLLQQQQ", "<4sLQL"
VERSION, DAY, PLAIN_FILE = 45, 33, 0o100644 << 16  # of zip64; the first of January 1980
FULL, HALF, LIMIT = 0xFFFFFFFF, 0xFFFF, 0x7FFFFFFF  # "see the larger field", and from where on


def check_shape(package: Package, path: str) -> None:
    """That the zip is byte for byte as a package is written: headers, directory, end, and nothing between or behind."""
    members = sorted(package.zip.infolist(), key=lambda member: member.header_offset)
    with Path(path).open("rb") as file:
        at = 0
        for member in members:
            if member.header_offset != at:
                raise Wrong(
                    f"The zip is not as a package is written: {member.filename} does not begin where the one before it ends."
                )
            at = expect(file, at, local_header(member), member.filename) + member.file_size
        begins = at
        for member in members:
            at = expect(file, at, directory_entry(member), member.filename)
        expect(file, at, ends(len(members), at - begins, begins, at), "its end")
        if file.read(1):
            raise Wrong("There is more behind the end of the zip.")


def expect(file: BinaryIO, at: int, wanted: bytes, what: str) -> int:
    """Where what follows begins."""
    file.seek(at)
    if file.read(len(wanted)) != wanted:
        raise Wrong(f"The zip is not as a package is written, at {what}.")
    return at + len(wanted)


def wide(*values: int) -> bytes:
    """The extra field with larger numbers."""
    return struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values) if values else b""


def local_header(member: zipfile.ZipInfo) -> bytes:
    name, extra = member.filename.encode(), wide(member.file_size, member.file_size)
    head = struct.pack(LOCAL, b"PK\3\4", VERSION, 0, 0, 0, DAY, member.CRC, FULL, FULL, len(name), len(extra))
    return head + name + extra


def directory_entry(member: zipfile.ZipInfo) -> bytes:
    name, size, offset, large = member.filename.encode(), member.file_size, member.header_offset, []
    if size > LIMIT:
        large, size = [size, size], FULL
    if offset > LIMIT:
        large, offset = [*large, offset], FULL
    extra = wide(*large)
    told = (VERSION | 3 << 8, VERSION, 0, 0, 0, DAY, member.CRC, size, size, len(name), len(extra), 0, 0, 0, PLAIN_FILE, offset)
    return struct.pack(CENTRAL, b"PK\1\2", *told) + name + extra


def ends(count: int, size: int, begins: int, at: int) -> bytes:
    large = b""
    if count > HALF or size > LIMIT or begins > LIMIT:
        large = struct.pack(END64, b"PK\6\6", 44, VERSION, VERSION, 0, 0, count, count, size, begins)
        large += struct.pack(LOCATOR, b"PK\6\7", 0, at, 1)
    count, size, begins = min(count, HALF), min(size, FULL), min(begins, FULL)
    return large + struct.pack(END, b"PK\5\6", 0, 0, count, count, size, begins, 0)


def manifest(package: Package, name: str) -> dict[str, str]:
    """Hashes by name."""
    found: dict[str, str] = {}
    text = package.read(name).decode("ascii", "replace")
    if text and not text.endswith("\n"):
        raise Wrong(f"{name} breaks off.")
    for line in text.splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            raise Wrong(f"{name} has a line that is none: {line[:80]!r}")
        if match[2] in found:
            raise Wrong(f"{name} names {match[2]} twice.")
        found[match[2]] = match[1]
    return found


def check_files(package: Package) -> int:
    """The exact set of files, each with its hash; how many are in the payload."""
    tags, payload = manifest(package, TAGS), manifest(package, PAYLOAD)
    check_names(package, tags, payload)
    for name, sha256 in {**tags, **payload}.items():
        if package.sha256(name) != sha256:
            raise Wrong(f"{name} is not what its manifest says.")
    size = sum(package.members[name].file_size for name in payload)
    if facts(package).get("Payload-Oxum") != f"{size}.{len(payload)}":
        raise Wrong("bag-info.txt counts other files than there are.")
    return len(payload)


def check_names(package: Package, tags: dict[str, str], payload: dict[str, str]) -> None:
    """What the manifests name is there, and nothing else."""
    if any(not name.startswith("data/") for name in payload):
        raise Wrong(f"{PAYLOAD} names a file that is not below data/.")
    if any(name.startswith("data/") for name in tags):
        raise Wrong(f"{TAGS} names a file that is below data/.")
    if unnamed := sorted({"bagit.txt", "bag-info.txt", PAYLOAD} - set(tags)):
        raise Wrong(f"{TAGS} does not name {unnamed[0]}.")
    listed = {*tags, *payload, *UNLISTED}
    if more := sorted(set(package.members) - listed):
        raise Wrong(f"{more[0]} is in the package and in no manifest.")
    if gone := sorted(listed - set(package.members)):
        raise Wrong(f"{gone[0]} is missing.")


def facts(package: Package) -> dict[str, str]:
    """What bag-info.txt says."""
    lines = package.read("bag-info.txt").decode("utf-8", "replace").splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def ssh_wire(public: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", public))


def fingerprint(public: bytes) -> str:
    """As `ssh-keygen -l` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(ssh_wire(public)).digest()).decode().rstrip("=")


# Ed25519 of RFC 8032 in a few lines; VERIFY.txt says how openssl and ssh-keygen check the package's own signatures.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of minus one


def add(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    result = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = add(result, point)
        point, factor = add(point, point), factor >> 1
    return result


def point(data: bytes) -> tuple[int, int, int, int] | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of a public key signed a message (RFC 8032, 5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce, factor = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or factor >= L or BASE is None:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = times(factor, BASE), add(nonce, times(hashed, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def ssh_signature(public: bytes, message: bytes, armored: bytes) -> bool:
    """Whether this is the signature of OpenSSH (PROTOCOL.sshsig) and nothing else."""

    def strings(*parts: bytes) -> bytes:
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)

    about = strings(NAMESPACE, b"", b"sha512")
    head = b"SSHSIG" + (1).to_bytes(4, "big") + strings(ssh_wire(public)) + about
    lines = armored.split(b"\n")
    try:
        whole = base64.b64decode(b"".join(lines[1:-2]), validate=True)
    except ValueError:
        return False
    text = base64.b64encode(whole)
    again = [SSH_LINES[0], *(text[at : at + 70] for at in range(0, len(text), 70)), SSH_LINES[1], b""]
    signature = whole[-64:]
    if lines != again or whole != head + strings(strings(b"ssh-ed25519", signature)):
        return False
    return is_signed(public, b"SSHSIG" + about + strings(hashlib.sha512(message).digest()), signature)


def check_signature(package: Package, public: bytes) -> None:
    message, signature = package.read(TAGS), package.read(f"{TAGS}.sig")
    if not is_signed(public, message, signature):
        raise Wrong("The package does not bear the signature of this key.")
    if not ssh_signature(public, message, package.read(f"{TAGS}.sshsig")):
        raise Wrong(f"{TAGS}.sshsig is not the signature of this key.")


# The trail: heads, and the events under them.


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node(step, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node(root, step)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def begins(before: dict[str, object], head: dict[str, object], path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: whether the tree of the one head begins that of the other."""
    earlier, size = int(str(before["size"])), int(str(head["size"]))
    roots = bytes.fromhex(str(before["root"])), bytes.fromhex(str(head["root"]))
    if earlier == size:
        return not path and roots[0] == roots[1]
    if not 0 < earlier < size:
        return earlier == 0
    steps = [roots[0], *path] if earlier & (earlier - 1) == 0 else path
    return roots_of_both(earlier - 1, size - 1, steps) == roots


def roots_of_both(at: int, last: int, steps: list[bytes]) -> tuple[bytes, bytes] | None:
    """What both trees' roots are by a proof; `at` and `last` are their last leaves."""
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0] if steps else b""
    for step in steps[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            first, second = node(step, first), node(step, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node(second, step)
        at, last = at >> 1, last >> 1
    return (first, second) if last == 0 else None


def told(text: bytes, what: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Wrong(f"{what} is no JSON.") from error
    if not isinstance(found, dict):
        raise Wrong(f"{what} is not what it should be.")
    return found


def check_heads(package: Package, organization: str, public: bytes) -> dict[str, object]:
    """Signatures, order, keys and trees of the heads that are here; the last of them."""
    before: dict[str, object] | None = None
    text, key = b"", b""
    for line in package.lines("data/trail/heads.jsonl"):
        kept = told(line, "A head")
        body = str(kept["body"]).encode()
        head = told(body, "A head")
        key = base64.b64decode(str(head["public"]))
        if not is_signed(key, body, base64.b64decode(str(kept["signature"]))):
            raise Wrong(f"Head {head['number']} is not signed by its key.")
        if head["organization"] != organization:
            raise Wrong(f"Head {head['number']} is of another organization.")
        if before is not None:
            check_succession(before, text, head, [bytes.fromhex(str(step)) for step in kept["consistency"]])  # type: ignore[attr-defined]
        before, text = head, body
    if before is None:
        raise Wrong("There is no head of the trail.")
    if key != public:
        raise Wrong("The last head is not signed by the key of the package.")
    return before


def check_succession(before: dict[str, object], text: bytes, head: dict[str, object], path: list[bytes]) -> None:
    """That a head continues the one before it here, whose text is given: number, link, key and tree."""
    number, earlier = int(str(head["number"])), int(str(before["number"]))
    if number <= earlier or (number == earlier + 1 and head["previous"] != hashlib.sha256(text).hexdigest()):
        raise Wrong(f"Head {number} does not follow the one before it.")
    if head["public"] != before.get("hands_over_to", before["public"]):
        raise Wrong(f"Head {number} is signed by a key that was not handed over to.")
    if not begins(before, head, path):
        raise Wrong(f"The tree of head {number} does not begin with that of the one before it.")


def check_events(package: Package, organization: str, head: dict[str, object]) -> int:
    """Each event's place in the tree of the last head; how many."""
    count, last = 0, -1
    size, root = int(str(head["size"])), bytes.fromhex(str(head["root"]))
    for line in package.lines("data/trail/events.jsonl"):
        kept = told(line, "An event")
        position, erased = int(str(kept["position"])), "leaf" in kept  # whose text is not given away, as somebody was erased
        body = b"" if erased else str(kept["body"]).encode()
        leaf = bytes.fromhex(str(kept["leaf"])) if erased else hashlib.sha256(b"\x00" + body).digest()
        path = [bytes.fromhex(str(step)) for step in kept["proof"]]  # type: ignore[attr-defined]
        if position <= last:
            raise Wrong(f"The events are not in their order at {position}.")
        if root_from(leaf, position, size, path) != root:
            raise Wrong(f"The event at {position} is not what was sealed there.")
        if not erased and told(body, "An event")["organization"] != organization:
            raise Wrong(f"The event at {position} is of another organization.")
        count, last = count + 1, position
    return count


def verify(path: str, trusted: str, organization: str, say: Callable[[str], None]) -> None:
    """Raises Wrong or CannotCheck."""
    package = Package(path)
    files = check_files(package)
    say(f"{files} files are what the manifests say, and there are no others.")
    info = facts(package)
    try:
        public = base64.b64decode(info["Plumbline-Public-Key"], validate=True)
        there = info["Plumbline-Organization-Id"]
    except (KeyError, ValueError) as error:
        raise Wrong("bag-info.txt names no key or no organization.") from error
    say(f"It says that it is of {info.get('Source-Organization', 'nobody')}, organization {there}.")
    if there != organization:
        raise Wrong(f"It is of the organization {there}.")
    if package.folder != info.get("Plumbline-Folder"):
        raise Wrong(f"Its folder was renamed: it was {info.get('Plumbline-Folder')}.")
    check_shape(package, path)
    check_signature(package, public)
    if fingerprint(public) != trusted:
        raise Wrong(f"It is signed by another key than you expect: {fingerprint(public)}")
    say(f"It is signed by {trusted}.")
    head = check_heads(package, there, public)
    events = check_events(package, there, head)
    say(f"{events} events have their place in the tree of {head['size']} events that was signed {head['at']}.")


def expected(path: str, fingerprint_given: str, organization: str) -> tuple[str, str]:
    """The fingerprint and the organization to insist on."""
    if fingerprint_given and organization:
        return fingerprint_given, organization
    info = facts(Package(path))
    key = fingerprint(base64.b64decode(info.get("Plumbline-Public-Key", "")))
    there = info.get("Plumbline-Organization-Id", "")
    raise CannotCheck(
        f"Give --fingerprint and --organization. The package itself names {key} and {there}: ask whether that is right."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify a Plumbline package.")
    parser.add_argument("package")
    parser.add_argument("--fingerprint", default="", help="of the key, as you were given it by another way than the package")
    parser.add_argument("--organization", default="", help="the id of whose it should be")
    asked = parser.parse_args()
    try:
        verify(asked.package, *expected(asked.package, asked.fingerprint, asked.organization), print)
    except Wrong as error:
        print(f"WRONG: {error}")
        return 1
    except CannotCheck as error:
        print(f"NOT CHECKED: {error}")
        return 2
    except (KeyError, TypeError, ValueError) as error:  # a head or an event that is not written as one is
        print(f"WRONG: it is not written as a package is: {error!r}")
        return 1
    print("GOOD")
    return 0


if __name__ == "__main__":
    sys.exit(main())
