"""Packages as test vectors: one that is good, and others that are not, each with what a verifier has to say of it.

They lie beside this file, so that other verifiers can be tried on them. They are written anew, as the same bytes,
by `bin/manage shell -c "from tests.proof import vectors; vectors.write()"`, with a key that signs nothing else.
"""

import base64
import datetime as dt
import io
import json
import struct
import uuid
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.record import canonical
from audit.seal.heads import NONE_BEFORE, Head, digest_of
from audit.seal.keys import SealKey
from audit.seal.testimony import KeptHead
from audit.seal.tree import Tree, consistency_proof, inclusion_proof, leaf_hash, subtrees_of
from proof.package.bag import PAYLOAD, TAGS, Bag

FOLDER = Path(__file__).parent
KEY = SealKey(Ed25519PrivateKey.from_private_bytes(b"a key for the test vectors only."))
OTHER_KEY = SealKey(Ed25519PrivateKey.from_private_bytes(b"another key, for the bad vectors"))
ORGANIZATION = uuid.UUID("01900000-0000-7000-8000-0000000000aa")
AT = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
GOOD = "good.zip"
FOLDER_INSIDE = "PKG-2026-0001-vectors"
Files = dict[str, bytes]


def bodies(organization: uuid.UUID = ORGANIZATION) -> list[str]:
    """A trail of seven events."""
    return [canonical({"verb": "control.edit", "number": number, "organization": str(organization)}) for number in range(7)]


def trail(organization: uuid.UUID = ORGANIZATION, *, key: SealKey = KEY) -> Files:
    """Two heads, over four events and over seven, and three of the events."""
    texts = bodies(organization)
    leaves = [leaf_hash(text.encode()) for text in texts]
    root_of, lines, previous, before = subtrees_of(leaves), [], NONE_BEFORE, 0
    for number, size in enumerate((4, 7), start=1):
        tree = Tree()
        tree.extend(leaves[:size])
        at = AT + dt.timedelta(minutes=number)
        head = Head(organization, number, size, tree.root, at, previous, key.public)
        proof = consistency_proof(before, size, root_of) if before else []
        kept = json.loads(KeptHead(head.body, head.signed(key)).line)
        lines.append(json.dumps({**kept, "consistency": [step.hex() for step in proof]}))
        previous, before = digest_of(head.body), size
    events = [
        {"body": texts[place], "position": place, "proof": [step.hex() for step in inclusion_proof(place, 7, root_of)]}
        for place in (0, 3, 6)
    ]
    return {"trail/heads.jsonl": _lines(lines), "trail/events.jsonl": _lines(json.dumps(event) for event in events)}


def bag(files: Files, *, key: SealKey = KEY, organization: uuid.UUID = ORGANIZATION) -> bytes:
    """A package of these files."""
    sink = io.BytesIO()
    info = {
        "Source-Organization": "Test vectors",
        "Plumbline-Organization-Id": str(organization),
        "Plumbline-Folder": FOLDER_INSIDE,
        "Plumbline-Public-Key": base64.b64encode(key.public).decode(),
    }
    with Bag(sink, FOLDER_INSIDE) as made:
        for path, content in sorted(files.items()):
            made.add(path, [content])
        made.finish(key, info=info, made_at=AT)
    return sink.getvalue()


def good_files() -> Files:
    """What the good one holds."""
    return {**trail(), "index.html": b"<!doctype html>\n<title>A package</title>\n", "controls/AC-001/control.json": b"{}\n"}


def bad() -> dict[str, tuple[bytes, str]]:
    """Each of the others, with words of what is wrong with it."""
    files, foreign = good_files(), uuid.UUID(int=ORGANIZATION.int + 1)
    whole = bag(files)
    return {
        "missing-file.zip": (_changed(whole, _without("data/index.html")), "data/index.html is missing"),
        "missing-signature.zip": (_changed(whole, _without(f"{TAGS}.sig")), f"{TAGS}.sig is missing"),
        "missing-tag-manifest.zip": (_changed(whole, _without(TAGS)), f"{TAGS} is missing"),
        "unlisted-file.zip": (
            _changed(whole, _with("data/more.txt", b"more")),
            "data/more.txt is in the package and in no manifest",
        ),
        "unlisted-tag-file.zip": (_changed(whole, _with("more.txt", b"more")), "more.txt is in the package and in no manifest"),
        "altered-file.zip": (
            _changed(whole, _with("data/index.html", b"<!doctype html>\n<title>Another</title>\n")),
            "is not what",
        ),
        "altered-manifest.zip": (_changed(whole, _with(PAYLOAD, b"")), "in no manifest"),
        "another-signature.zip": (_replaced(whole, KEY.sign(_read(whole, TAGS)), bytes(64)), "does not bear the signature"),
        "traversal.zip": (_changed(whole, _with("data/../../outside.txt", b"more")), "A name that no package has"),
        "absolute-name.zip": (_changed(whole, _with("//etc/outside.txt", b"more")), "A name that no package has"),
        "strange-name.zip": (_changed(whole, _with("data/a b.txt", b"more")), "A name that no package has"),
        "twice.zip": (_twice(whole), "is there twice"),
        "bomb.zip": (_bomb(), "is compressed"),
        "symbolic-link.zip": (_link(whole), "is no plain file"),
        "behind-the-end.zip": (whole + b"more", "There is more behind the end"),
        "hidden-between.zip": (_hidden(whole), "does not begin where the one before it ends"),
        "other-ssh-signature.zip": (_replaced(whole, b"-----BEGIN SSH", b"-----BEGIN HID"), "sshsig is not the signature"),
        "renamed-folder.zip": (_replaced(whole, b"PKG-2026-0001-vectors/", b"PKG-2026-0002-vectors/"), "Its folder was renamed"),
        "encrypted-flag.zip": (_flagged(whole), "cannot be read"),
        "zipped-anew.zip": (_changed(whole, lambda members: None), "The zip is not as a package is written"),
        "another-key.zip": (bag({**files, **trail(key=OTHER_KEY)}, key=OTHER_KEY), "another key than you expect"),
        "another-organization.zip": (bag({**files, **trail(foreign)}, organization=foreign), "It is of the organization"),
        "trail-of-another.zip": (bag({**files, **trail(foreign)}), "is of another organization"),
        "heads-of-another-key.zip": (bag({**files, **trail(key=OTHER_KEY)}), "is not signed by the key of the package"),
        "altered-event.zip": (
            bag({**files, **_edited("trail/events.jsonl", 'number\\":3', 'number\\":4')}),
            "is not what was sealed",
        ),
        "moved-event.zip": (
            bag({**files, **_edited("trail/events.jsonl", '"position": 3', '"position": 2')}),
            "is not what was sealed",
        ),
        "altered-head.zip": (
            bag({**files, **_edited("trail/heads.jsonl", 'size\\":7', 'size\\":6')}),
            "is not signed by its key",
        ),
        "heads-out-of-order.zip": (bag({**files, "trail/heads.jsonl": _reversed()}), "does not follow"),
        "no-heads.zip": (bag({**files, "trail/heads.jsonl": b""}), "There is no head"),
    }


def write() -> None:
    """All of them, and what is to be said of each."""
    others = bad()
    for name, content in {GOOD: bag(good_files()), **{name: content for name, (content, _) in others.items()}}.items():
        (FOLDER / name).write_bytes(content)


def _edited(name: str, old: str, new: str) -> Files:
    text = trail()[name].decode()
    assert old in text
    return {name: text.replace(old, new).encode()}


def _reversed() -> bytes:
    return b"".join(reversed(trail()["trail/heads.jsonl"].splitlines(keepends=True)))


def _lines(lines: "object") -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()  # type: ignore[attr-defined] # an iterable


def _without(end: str) -> Callable[[Files], None]:
    def change(members: Files) -> None:
        del members[f"{_root(members)}/{end}"]

    return change


def _with(end: str, content: bytes) -> Callable[[Files], None]:
    def change(members: Files) -> None:
        members[f"{_root(members)}/{end}"] = content

    return change


def _root(members: Files) -> str:
    return next(iter(members)).partition("/")[0]


def _read(whole: bytes, end: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        return package.read(f"{FOLDER_INSIDE}/{end}")


def _changed(whole: bytes, change: Callable[[Files], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    change(members)
    return _zip(list(members.items()))


def _twice(whole: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        members = [(name, package.read(name)) for name in package.namelist()]
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # which is what it is for
        return _zip([*members, members[0]])


def _link(whole: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        members = [(name, package.read(name)) for name in package.namelist()]
    return _zip(members, mode=0o120777)


def _bomb() -> bytes:
    return _zip([("bomb/data/zeros", bytes(8 << 20))], zipfile.ZIP_DEFLATED)


def _replaced(whole: bytes, old: bytes, new: bytes) -> bytes:
    """Bytes of the zip itself: other names or contents, of the same length and, in the directory, the same checksum."""
    changed = bytearray(whole.replace(old, new))
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        for member in package.infolist():
            _mend(changed, whole, member)
    return bytes(changed)


def _mend(changed: bytearray, whole: bytes, member: zipfile.ZipInfo) -> None:
    """Put the checksum of a member's new content into both of its headers."""
    start = member.header_offset + 30 + len(member.filename) + 20
    content = bytes(changed[start : start + member.file_size])
    crc = zlib.crc32(content).to_bytes(4, "little")
    changed[member.header_offset + 14 : member.header_offset + 18] = crc
    entry = whole.index(b"PK\1\2")
    while int.from_bytes(whole[entry + 42 : entry + 46], "little") != member.header_offset:
        entry = whole.index(b"PK\1\2", entry + 4)
    changed[entry + 16 : entry + 20] = crc


def _hidden(whole: bytes) -> bytes:
    """The records that the directory names lie within the signature of OpenSSH; a reader that follows the file sees others."""
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        members = package.infolist()
        signature = package.read(members[-1])
    name = members[-1].filename.encode()
    inside = whole[: members[-1].header_offset]  # all true records
    content = signature + inside
    size = len(content).to_bytes(8, "little") * 2
    header = b"PK\3\4" + bytes([45, 0, 0, 0, 0, 0, 0, 0, 33, 0]) + zlib.crc32(content).to_bytes(4, "little") + b"\xff" * 8
    header += len(name).to_bytes(2, "little") + (20).to_bytes(2, "little") + name + b"\1\0\x10\0" + size
    begins = len(header) + len(signature)
    directory = b""
    for member in members:
        last = member is members[-1]
        directory += _entry(member.filename, content if last else b"", member, 0 if last else begins + member.header_offset)
    body = header + content + inside.replace(b"<title>A package", b"<title>A forgery")
    count = len(members).to_bytes(2, "little")
    end = b"PK\5\6" + bytes(4) + count * 2 + len(directory).to_bytes(4, "little") + len(body).to_bytes(4, "little") + bytes(2)
    return body + directory + end


def _entry(name: str, content: bytes, member: zipfile.ZipInfo, offset: int) -> bytes:
    """A line of the directory."""
    crc, size = (zlib.crc32(content), len(content)) if content else (member.CRC, member.file_size)
    fields = (45 | 3 << 8, 45, 0, 0, 0, 33, crc, size, size, len(name), 0, 0, 0, 0, 0o100644 << 16, offset)
    return struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", *fields) + name.encode()


def _flagged(whole: bytes) -> bytes:
    """One that says of a file that it is encrypted."""
    changed = bytearray(whole)
    changed[whole.index(b"PK\1\2") + 8] |= 1
    changed[whole.index(b"PK\3\4") + 6] |= 1
    return bytes(changed)


def _zip(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED, mode: int = 0o100644) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as package:
        for name, content in members:
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.external_attr, member.compress_type, member.create_system = mode << 16, method, 3
            package.writestr(member, content)
    return sink.getvalue()
