"""What the sources do not contain, whoever writes them: read as text and as syntax."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@cache
def tracked(ending: str) -> list[Path]:
    """The product's files with this ending: what is in the repository, but for tests and measurements."""
    listed = subprocess.run(["git", "ls-files", f"*{ending}"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [ROOT / name for name in listed.splitlines() if not name.startswith(("tests/", "bench/"))]
    return [path for path in found if path.is_file()]


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """Every call in Python: file, what is called (such as `subprocess.run`), and the call."""
    return [
        (str(path.relative_to(ROOT)), ast.unparse(node.func), node)
        for path in tracked(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]


def called(*names: str) -> Iterator[tuple[str, ast.Call]]:
    return ((path, call) for path, name, call in calls() if name in names)


def scripts(pattern: str) -> dict[str, str]:
    """The scripts in which a pattern is found, and the first place."""
    found = {path: re.search(pattern, path.read_text()) for path in tracked(".js")}
    return {str(path.relative_to(ROOT)): match[0] for path, match in found.items() if match}


def test_there_is_something_to_read():
    assert len(tracked(".py")) > 500
    assert len(tracked(".html")) > 100
    assert len(tracked(".js")) > 10
    assert len(list(called("record"))) > 100


def test_nothing_is_run_that_was_a_text():
    assert [path for path, _ in called("eval", "exec", "compile", "__import__")] == []
    assert scripts(r"\beval\(|new Function\(|set(?:Timeout|Interval)\(\s*[\"'`]|javascript:") == {}


def test_nothing_is_read_that_could_make_objects_of_its_own():
    loaders = (
        "pickle.load",
        "pickle.loads",
        "marshal.loads",
        "yaml.unsafe_load",
        "jsonpickle.decode",
        "shelve.open",
    )
    assert [path for path, _ in called(*loaders)] == []
    assert [path for path, call in called("yaml.load") if "SafeLoader" not in ast.unparse(call)] == []


def test_programs_are_started_with_lists_of_words_and_never_by_a_shell():
    started = list(called("subprocess.run", "subprocess.Popen", "subprocess.check_output", "subprocess.check_call"))
    assert len(started) > 3
    for path, call in started:
        assert not isinstance(call.args[0], (ast.Constant, ast.JoinedStr, ast.BinOp)), path
        assert not [word for word in call.keywords if word.arg == "shell"], path
    assert [path for path, _ in called("os.system", "os.popen", "subprocess.getoutput", "pty.spawn")] == []


def test_hashes_that_broke_serve_nothing_that_must_hold():
    for path, call in called("hashlib.md5", "hashlib.sha1", "md5", "sha1"):
        assert {word.arg: ast.unparse(word.value) for word in call.keywords} == {"usedforsecurity": "False"}, path
    names = [
        path
        for path, name, _ in calls()
        if re.search(r"\b(?:hashes|algorithms|modes)\.(?:SHA1|MD5|ARC4|TripleDES|Blowfish|ECB)$", name)
    ]
    assert names == []


def test_what_must_not_be_guessed_comes_from_a_secure_source():
    drawn = {path for path, name, _ in calls() if re.match(r"random\.(?!SystemRandom)\w+$", name)}
    assert {path for path in drawn if not path.startswith(("example/", "launcher/"))} == set()


def test_pages_have_no_script_of_their_own():
    own = re.compile(
        r"<script(?![^>]*\bsrc=)[^>]*>|\son(?:click|load|error|submit|change|input|focus|blur|key\w+|mouse\w+)\s*=", re.IGNORECASE
    )
    assert {path.name: own.findall(path.read_text()) for path in tracked(".html") if own.search(path.read_text())} == {}
    assert [path.name for path in tracked(".html") if re.search(r"\|safe\b|autoescape off", path.read_text())] == []


def test_scripts_put_in_text_as_text():
    # What one answer of ours brings as HTML was rendered by a template of ours.
    assert scripts(r"\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|createContextualFragment") == {
        "changes/static/changes/drafting.js": ".innerHTML ="
    }


def test_scripts_merge_nothing_they_were_sent_and_listen_to_no_messages():
    assert (
        scripts(r"__proto__|\.prototype\b|Object\.setPrototypeOf|structuredClone|addEventListener\(\"message\"|postMessage") == {}
    )
    assert scripts(r"Object\.assign\((?!made\()") == {}


def test_scripts_keep_nothing_but_whether_single_keys_are_off():
    assert set(scripts(r"localStorage|sessionStorage|indexedDB|caches\.")) == {"ui/static/ui/keys.js"}
    keys = (ROOT / "ui/static/ui/keys.js").read_text()
    assert set(re.findall(r"localStorage\.\w+\((\w+)", keys)) == {"OFF"}
    assert set(scripts(r"document\.cookie")) == {"ui/static/ui/theme.js"}


@pytest.mark.parametrize("ending", [".js", ".html", ".css"])
def test_no_page_asks_another_host(ending: str):
    asks = re.compile(
        r"""(?:\bsrc=|\baction=|hx-(?:get|post)=|@import\s|url\(|fetch\(|\bimport\s[^;]*from\s)\s*["'(]*(?:https?:)?//"""
    )
    assert {path.name: asks.findall(path.read_text()) for path in tracked(ending) if asks.search(path.read_text())} == {}


# Whatever puts something in the shared cache, and why nothing of anybody's records is there in the clear.
CACHED = {
    "accounts/company/discovery.py": "what a provider says of itself in public",
    "evidence/previews/keeping.py": "sealed",
    "evidence/rereading.py": "when the storage was silent, and a count",
    "home/work.py": "a count",
    "monitoring/own/metrics.py": "figures over all organizations",
    "processing/alerts/tasks.py": "that it was done",
    "workflow/jobs.py": "how far, and when",
    "accounts/company/attempts.py": "that it was answered",
    "accounts/passkeys/asking.py": "that it was answered",
    "accounts/counting.py": "counts",
}


def test_what_is_put_in_the_shared_cache_is_a_list():
    names = ("cache.set", "cache.add", "cache.set_many", "cache.get_or_set")
    assert {path for path, _ in called(*names)} == set(CACHED)
    assert [path for path, name, _ in calls() if name.endswith(("cache_page", "cache_control.public"))] == []


# Decoding: once, by the framework, before a view is reached. What of ours decodes besides expects what is encoded, and why.
DECODERS = ("urllib.parse", ("unquote", "unquote_plus", "unquote_to_bytes", "parse_qs", "parse_qsl")), ("html", ("unescape",))
DECODING = {
    "api/pagination.py": "a cursor that it made",
    "audit/seal/heads.py": "keys and signatures",
    "audit/seal/keys.py": "keys of the settings",
    "audit/seal/testimony.py": "signatures",
    "changes/sources/receiving.py": "a form in whose one field GitHub sends JSON",
    "changes/sources/signatures.py": "a source's secret",
    "evidence/printing/keys.py": "keys of the settings",
    "inventory/formats/aws_iam.py": "a report that AWS gives in base64",
    "inventory/formats/aws_policies.py": "a policy that AWS gives encoded",
    "keys/master.py": "keys of the settings",
    "launcher/backup.py": "the password in an address of the settings",
    "proof/package/verify.py": "keys and signatures",
    "workflow/outgoing/masking.py": "addresses that are shown with their secrets masked",
}


def decoders_of(path: Path) -> set[str]:
    """What a file takes from the standard library to decode with."""
    taken = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            taken |= {one.name for one in node.names for module, names in DECODERS if node.module == module and one.name in names}
        elif isinstance(node, ast.Call) and re.search(r"base64\.\w*decode$", ast.unparse(node.func)):
            taken.add("base64")
    return taken


def test_what_decodes_besides_the_framework_is_a_list():
    assert {str(path.relative_to(ROOT)) for path in tracked(".py") if decoders_of(path)} == set(DECODING)
