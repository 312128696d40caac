"""The index of a package as a workbook: the auditor's request list with what was given to each number, controls, populations."""

import datetime as dt

from proof.package.contents import Contents, Folder
from reports.monthly.data import Cell, Column, Table
from reports.monthly.register import workbook


def workbook_of(contents: Contents, *, title: str, author: str, as_of: dt.datetime) -> bytes:
    """The XLSX file. The same contents give the same bytes."""
    parts = {"Requests": contents.requests, "Controls": contents.controls, "Populations": contents.populations}
    tables = [_folders(name, folders) for name, folders in parts.items() if folders]
    given: list[list[Cell]] = [
        [folder.title, name, f"data/{path}"] for folder in contents.requests for path, name in folder.links
    ]
    columns = [Column(label=label, width=width) for label, width in (("Request", 35), ("File", 30), ("Where", 45))]
    return workbook(
        [*tables, Table(title="Given to requests", columns=columns, rows=given)], title=title, author=author, moment=as_of
    )


def _folders(name: str, folders: list[Folder]) -> Table:
    facts = [term for term, _ in folders[0].facts]
    columns = [Column(label=name.removesuffix("s"), width=45), *(Column(label=term, width=15) for term in facts)]
    rows: list[list[Cell]] = [
        [one.title, *(value for _, value in one.facts), str(len(one.files)), f"data/{one.path}/"] for one in folders
    ]
    columns += [Column(label="Files", width=8, numeric=True), Column(label="Folder", width=45)]
    return Table(title=name, columns=columns, rows=rows)
