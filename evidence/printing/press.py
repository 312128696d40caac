"""The printing process: `python -m evidence.printing.press FOLDER` turns the folder's report.html into report.pdf.

Started by `evidence.printing.printer`, never imported by the product: WeasyPrint and its memory stay out of web and worker.
"""

import datetime as dt
import gc
import hashlib
import json
import logging
import os
import resource
import sys
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.urls import URLFetcher

MEMORY_LIMIT = 1024 * 1024 * 1024
# PDF/UA-1 beside PDF/A-3a: the mark, and the description that PDF/A asks for of a mark it does not know.
_ACCESSIBLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF>"""


def print_folder(folder: Path) -> None:
    """Print report.html with the enclosures that order.json names, as report.pdf.

    Nothing is fetched: only what the HTML carries itself, as data: addresses, is shown.
    """
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    html = (folder / "report.html").read_text(encoding="utf-8")
    closed = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    document = weasyprint.HTML(string=html, url_fetcher=closed, media_type="print").render()
    _stamp(document.metadata, order["made_at"])
    moment = dt.datetime.fromisoformat(order["made_at"])
    attachments = [
        weasyprint.Attachment(
            string=(folder / f"enclosure-{number}").read_bytes(),
            name=name,
            description=description,
            created=moment,
            modified=moment,
            relationship="Data",
        )
        for number, (name, description) in enumerate(order["enclosures"])
    ]
    document.write_pdf(
        folder / "report.pdf",
        attachments=attachments,
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
        pdf_identifier=_identifier(folder),
    )


def _stamp(metadata: Any, made_at: str) -> None:
    """Fix the dates, and add the mark of PDF/UA to that of PDF/A."""
    metadata.created = metadata.modified = made_at
    plain = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *given: plain(*given).replace(b"</rdf:RDF>", _ACCESSIBLE)


def _identifier(folder: Path) -> bytes:
    """The document's identifier follows from what is printed, so that printing it again changes nothing."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.name.startswith(("report.html", "order", "enclosure")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32].encode()


def limit_memory() -> None:
    """Refuse memory beyond the limit: a report must not take its host with it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    logging.getLogger("weasyprint").addHandler(logging.StreamHandler())
    limit_memory()
    gc.disable()  # a process that prints once and ends: looking for cycles cost a fifth of its time
    print_folder(Path(sys.argv[1]))
    # The document is written: leave without the teardown, in which a thread of a library has been seen to crash.
    sys.stderr.flush()
    os._exit(0)
