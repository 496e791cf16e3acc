"""Files of outlet ratings: the six known forms, any other by a map, and what is refused and why."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.errors import ContextError, InvalidOutletError
from contextlib_news.formats.column_maps import ColumnMap
from contextlib_news.formats.fields import FieldError
from contextlib_news.formats.outlet_forms import FORMS
from contextlib_news.formats.outlet_tables import (
    FIELDS,
    OutletRow,
    join_rows,
    open_outlet_table,
    site_of,
)
from contextlib_news.formats.outlets import outlet_from_dict, outlet_to_dict
from contextlib_news.formats.records import Rejection

# Small files of our own in the columns of the known forms; every site and rating is made up.
FILES = {
    "opensources": (
        "domain,path,type1,type2,type3,source_note\n"
        "elmdaily.example.com,,fake news,bias,,https://notes.example.org/a\n"
        "elmjokes.com,,satirical,,,\n"
        "elmstate.com,,state,unrealiable,,\n"
        "elmpaper.com,/humor,satire,,,\n"
    ),
    "lin2023": "domain,pc1\nelmdaily.com,0.1717\nelmpaper.com/opinion,1\n",
    "cred1": (
        "domain,category,credibility_score,source_lists,tranco_rank,domain_registered,factcheck_claims\n"
        "elmdaily.com,fake,0.05,2,,2016-01-02,3\nelmjokes.com,satire,0.26,1,,,\n"
    ),
    "wikipedia-rsp": (
        "domain,path,source,status,spam_blacklisted,last_discussed,summary\n"
        'elmpaper.com,,Elm Paper (politics),generally unreliable,,2020,"Long, quoted ""text""."\n'
        "elmpaper.com,,Elm Paper (sports),generally reliable,,2021,Another.\n"
        "elmagency.com,,Elm Press Agency (EPA),deprecated,yes,2019,\n"
    ),
    "wikipedia-goggle": (
        "domain,path_pattern,level,layer\nelmpaper.com,,reliable,rated\n"
        "elmpaper.com,/blogs^,unreliable,rated-path\nelmdaily.com,,no consensus,manual\n"
    ),
    "idiap2024": "domain,p_reliability,p_fp_average\nelmdaily.com,-0.9,-0.9535\n",
}
LABELS = {
    "opensources": ["fake, bias", "satire", "state, unreliable", "satire"],
    "lin2023": [
        "0.17 on a scale from 0 to 1, where 1 is best",
        "1.00 on a scale from 0 to 1, where 1 is best",
    ],
    "cred1": [
        "fake; credibility 0.05 on a scale from 0 to 1",
        "satire; credibility 0.26 on a scale from 0 to 1",
    ],
    "wikipedia-rsp": [
        "generally unreliable",
        "generally reliable",
        "deprecated; on the spam blacklist",
    ],
    "wikipedia-goggle": ["reliable", "unreliable", "no consensus"],
    "idiap2024": ["-0.95 on a scale from -1 to 1, where 1 is most reliable"],
}


def read(path: Path, **options: object) -> tuple[list[OutletRow], list[Rejection]]:
    table = open_outlet_table(path, rater="Our raters", **options)  # type: ignore[arg-type]
    rows = list(table.rows)
    return (
        [row for row in rows if isinstance(row, OutletRow)],
        [row for row in rows if isinstance(row, Rejection)],
    )


def write(tmp_path: Path, text: str, name: str = "outlets.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMS)
def test_a_known_form_is_told_from_its_header(form: str, tmp_path: Path) -> None:
    path = write(tmp_path, FILES[form])
    table = open_outlet_table(path, rater="Our raters")
    assert table.form is not None
    assert table.form.name == form
    rows, rejected = read(path)
    assert not rejected
    assert [row.rating.label for row in rows] == LABELS[form]
    for row in rows:
        assert row.rating.source == FORMS[form].rater
        assert row.rating.date == FORMS[form].date
        assert row.rating.url
        assert row.rating.licence
        assert row.rating.method


def test_parts_of_a_site_and_several_rows_stand_side_by_side(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, FILES["wikipedia-rsp"]))
    outlet = join_rows(rows[:2])
    assert outlet.name == "Elm Paper"
    assert len(outlet.ratings) == 2
    assert "on Elm Paper (sports)" in (outlet.ratings[1].remark or "")
    (agency,) = rows[2:]
    assert (agency.name, agency.rating.remark) == (
        "Elm Press Agency",
        "last discussed in 2019; rates use as a Wikipedia citation",
    )
    rows, _ = read(write(tmp_path, FILES["lin2023"]))
    assert [(row.domain, row.rating.path) for row in rows] == [
        ("elmdaily.com", None),
        ("elmpaper.com", "/opinion"),
    ]


def test_satire_and_state_media_are_categories_of_whole_sites_only(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, FILES["opensources"]))
    assert [row.categories for row in rows] == [(), ("satire",), ("state-media",), ()]
    assert join_rows(rows[3:]).categories == ()
    rows, _ = read(write(tmp_path, FILES["cred1"]))
    assert [row.categories for row in rows] == [(), ("satire",)]


def test_what_is_given_replaces_what_a_form_brings(tmp_path: Path) -> None:
    rows, _ = read(
        write(tmp_path, FILES["idiap2024"]),
        date="2030-01",
        licence="CC0-1.0",
        url="https://new.example.org/",
    )
    assert (rows[0].rating.date, rows[0].rating.licence) == ("2030-01", "CC0-1.0")
    assert rows[0].rating.url == "https://new.example.org/"
    assert rows[0].rating.method == FORMS["idiap2024"].method


@pytest.mark.parametrize(
    ("form", "row", "said"),
    [
        ("lin2023", "elm.com,high", "'pc1' must be a number"),
        ("lin2023", "elm.com,1.5", "must lie from 0 to 1"),
        ("lin2023", "elm.com,nan", "finite"),
        ("lin2023", "elm.com,inf", "finite"),
        ("lin2023", "elm.com,", "'pc1' must be a number"),
        ("lin2023", ",0.5", "names no domain"),
        ("lin2023", "elm. com,0.5", "is no domain"),
        ("lin2023", "192.0.2.1,0.5", "is no domain"),
        ("lin2023", "elm,0.5", "under which sites are registered"),
        ("lin2023", "elm.com,0.5,more", "3 cells"),
        ("idiap2024", "elm.com,0,-2", "must lie from -1 to 1"),
        ("cred1", "elm.com,odd,0.5", "'odd' is none"),
        ("opensources", "elm.com,,,,,", "no tag"),
        ("opensources", "elm.com,,odd,,,", "'odd' is none"),
        ("wikipedia-rsp", "elm.com,,Elm,,,2020,", "'' is none"),
        ("wikipedia-goggle", "elm.com,,great,rated", "'great' is none"),
        ("wikipedia-goggle", "elm.com,,reliable,odd", "'odd' is none"),
    ],
)
def test_a_broken_row_is_told_and_the_rest_is_kept(
    form: str, row: str, said: str, tmp_path: Path
) -> None:
    header, *good = FILES[form].splitlines()
    path = write(tmp_path, "\n".join([header, row, *good]))
    rows, rejected = read(path)
    assert len(rows) == len(good)
    (one,) = rejected
    assert said in one.reason
    assert one.place == f"{path}: line 2"


def test_a_cell_that_was_never_closed_costs_itself_only(tmp_path: Path) -> None:
    lines = "".join(f"elm{n}.com,0.5\n" for n in range(50))
    path = write(tmp_path, f'domain,pc1\nelm.com,"0.5\n{lines}other.com,"0.5\nlast.com,1\n')
    rows, rejected = read(path)
    assert len(rows) == 51
    assert [one.place for one in rejected] == [f"{path}: line 2", f"{path}: line 53"]
    assert all("never closed" in one.reason for one in rejected)
    path = write(tmp_path, "domain,pc1\n" + "x" * 5_000_000 + ",1\nelm.com,0.5\n")
    rows, rejected = read(path)
    assert [row.domain for row in rows] == ["elm.com"]
    assert "more than" in rejected[0].reason


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("Example.COM", ("example.com", None)),
        ("https://www.example.com/", ("example.com", None)),
        ("//example.com:8080/a/", ("example.com", "/a")),
        ("http://user@example.com/a?b=1#c", ("example.com", "/a")),
        ("*.example.com", ("example.com", None)),
        ("blogs.example.co.uk", ("blogs.example.co.uk", None)),
        ("example.com/opinion", ("example.com", "/opinion")),
        ("bücher.example.com", ("xn--bcher-kva.example.com", None)),
        ("www.com", ("www.com", None)),
        ("example.com.", ("example.com", None)),
    ],
)
def test_sites_are_written_in_one_way(written: str, site: tuple[str, str | None]) -> None:
    assert site_of(written) == site


@given(st.text(max_size=60))
def test_no_text_for_a_site_does_more_than_be_refused(text: str) -> None:
    try:
        domain, _ = site_of(text)
    except FieldError:
        return
    assert domain == domain.lower()
    assert site_of(domain) == (domain, None)


def test_another_table_needs_a_map(tmp_path: Path) -> None:
    path = write(
        tmp_path, "Site;Stufe;Punkte;Am\nhttps://elm.com/;gut;7;1.2.2024\nx;gut;7;1.2.2024\n"
    )
    with pytest.raises(InvalidOutletError, match="--map Site=-"):
        open_outlet_table(path, rater="Our raters")
    columns = ColumnMap.of(
        ["Site=domain", "Stufe=label", "Punkte=score", "Am=date", "scale_low:=0", "scale_high:=10"],
        FIELDS,
    )
    rows, rejected = read(path, columns=columns, licence="CC0-1.0")
    assert len(rejected) == 1
    (row,) = rows
    assert (row.domain, row.rating.label, row.rating.score) == ("elm.com", "gut", 7.0)
    assert (row.rating.scale, row.rating.date) == ((0.0, 10.0), "2024-02-01")
    assert (row.rating.source, row.rating.licence) == ("Our raters", "CC0-1.0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("domain,domain\n", "two columns"),
        ("a,b\n1,2\n", "mapped to no field"),
        ("domain,name\nelm.com,Elm\n", "'label' or 'score'"),
    ],
)
def test_a_file_that_is_none_of_it_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutletError, match=said):
        open_outlet_table(write(tmp_path, text), rater="Our raters")


def test_other_encodings(tmp_path: Path) -> None:
    text = "domain,label,name\nelm.com,gut,Ulmenblätter\n"
    for encoding in ("utf-8-sig", "utf-16"):
        (tmp_path / "o.csv").write_bytes(text.encode(encoding))
        rows, rejected = read(tmp_path / "o.csv")
        assert [row.name for row in rows] == ["Ulmenblätter"]
        assert not rejected
    (tmp_path / "o.csv").write_bytes(text.encode("cp1252"))
    rows, rejected = read(tmp_path / "o.csv")
    assert not rows
    assert "--encoding" in rejected[0].reason
    rows, _ = read(tmp_path / "o.csv", encoding="cp1252")
    assert [row.name for row in rows] == ["Ulmenblätter"]


@given(st.lists(st.lists(st.text(max_size=8) | st.sampled_from(["elm.com", "0.5"]), max_size=4)))
def test_no_table_raises_anything_else(cells: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "o.csv"
        with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
            csv.writer(file).writerows([["domain", "label", "score"], *cells])
        try:
            rows, _ = read(path)
        except ContextError:
            return
    for row in rows:
        outlet = join_rows([row])
        assert outlet_from_dict(outlet_to_dict(outlet)) == outlet


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "form", "rows", "rejected"),
    [
        ("opensources_2017", "opensources", 823, 2),
        ("lin2023_pc1", "lin2023", 11_516, 4),
        ("cred1_2026-08-04", "cred1", 2_672, 2),
        ("wikipedia_rsp_2022-10", "wikipedia-rsp", 636, 2),
        ("wikipedia_goggle_2026-07", "wikipedia-goggle", 4_015, 7),
        ("idiap2024_graph_scores", "idiap2024", 15_423, 2),
    ],
)
def test_the_lists_as_they_are(
    shared: Path, name: str, form: str, rows: int, rejected: int
) -> None:
    path = shared / "data" / "outlets" / f"{name}.csv"
    table = open_outlet_table(path, rater=name)
    assert table.form is not None
    assert table.form.name == form
    found = list(table.rows)
    good = [row for row in found if isinstance(row, OutletRow)]
    assert (len(good), len(found) - len(good)) == (rows, rejected)
    by_domain: dict[str, list[OutletRow]] = {}
    for row in good:
        by_domain.setdefault(row.domain, []).append(row)
    for several in by_domain.values():
        assert set(join_rows(several).ratings) == {row.rating for row in several}


@pytest.mark.shared
def test_the_disagreements_that_the_lists_are_known_for(shared: Path) -> None:
    def label(name: str, domain: str) -> str:
        table = open_outlet_table(shared / "data" / "outlets" / f"{name}.csv", rater=name)
        rows = (row for row in table.rows if isinstance(row, OutletRow))
        return next(row.rating.label for row in rows if row.domain == domain)

    assert label("cred1_2026-08-04", "thenationalnews.com").startswith("unreliable; credibility")
    assert label("idiap2024_graph_scores", "thenationalnews.com").startswith("0.64 on")
    assert label("wikipedia_rsp_2022-10", "aljazeera.com") == "generally reliable"
    assert label("idiap2024_graph_scores", "aljazeera.com").startswith("-0.95 on")
