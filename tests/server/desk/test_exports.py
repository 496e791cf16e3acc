"""Lists as CSV: every row, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

from contextlib_news_server.store import flags, outlets, sources
from contextlib_news_server.store.users import Role
from sqlalchemy import Engine

from contextlib_news import Outlet
from tests.server.desk.conftest import Browse

STARTS = ("=", "+", "-", "@", "\t=", "\r=", " =", "＝", "＋", "－", "＠")


def test_no_cell_of_a_list_runs(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        for start in STARTS:
            said = f"{start}HYPERLINK(1,2)"
            flags.add(connection, reason=said, contact="reader@mail.example")
            source = sources.declare(connection, f"{said} s", kind="outlets", made_by=said)
            domain = f"a{source.number}.example.com"
            outlet = Outlet(domain=domain, name=said)
            outlets.save(connection, outlet, source=source.number)
    client = browse(Role.CURATOR)
    for path in ("/admin/queue.csv", "/admin/sources.csv", "/admin/outlets.csv?text=a"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/csv")
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "reader@mail.example" not in answer.text
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert sum("HYPERLINK" in ",".join(row) for row in rows) == len(STARTS), path
        for row in rows:
            for cell in row:
                assert not cell.lstrip().startswith(STARTS), (path, cell)


def test_a_contributor_exports_nothing(browse: Browse) -> None:
    client = browse(Role.CONTRIBUTOR)
    assert client.get("/admin/queue.csv").status_code == 403
    assert "queue.csv" not in client.get("/admin/queue").text
