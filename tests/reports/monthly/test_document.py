"""The PDF: the same bytes from the same figures, tagged, with the figures inside."""

import hashlib
import io
import re
from typing import Any

import pypdf
import pytest

from reports.monthly.actions import take_figures
from reports.monthly.report import report_html, report_pdf
from tests.reports.monthly.conftest import read
from tests.reports.world import make_programme


@pytest.fixture
def figures(asked, manager):
    """Of the programme, frozen."""
    make_programme(manager)
    return read(take_figures(asked))


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.fixture
def printed(figures) -> bytes:
    """In earnest."""
    return report_pdf(figures)


@pytest.mark.slow
def test_the_same_figures_give_the_same_bytes(figures, printed):
    assert report_pdf(figures) == printed


@pytest.mark.slow
def test_it_is_tagged_archival_and_carries_its_figures(figures, printed):
    document = pypdf.PdfReader(io.BytesIO(printed))
    assert {name: content[0] for name, content in document.attachments.items()} == {"R-1.json": figures.to_json()}
    root: Any = document.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "en"
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfuaid:part="1"' in metadata
    assert 'pdfaid:part="3"' in metadata


@pytest.mark.slow
def test_each_page_is_numbered_and_page_one_says_where_the_definition_is(figures, printed):
    pages = pages_of(printed)
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    found = re.search(r"defined on\s+page\s+(\d+)", pages[0])
    assert found is not None
    assert "how it was made" in pages[int(found[1]) - 1]
    assert hashlib.sha256(figures.to_json()).hexdigest() in pages[0].replace("\n", "")


def test_page_one_names_no_criterion(figures):
    html = report_html(figures, "0" * 64)
    front = html.split('class="paged"')[0].split("<body>")[1]
    assert not re.search(r"\b(CC\d|A1|C1|PI1|P\d)\.\d", front)
    assert "CC6.1" in html, "they stand at the back"
