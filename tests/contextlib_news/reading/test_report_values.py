import pytest

from contextlib_news.models import Report, ReportStance
from contextlib_news.reading.report_values import compare_reports
from tests.factories import make_claim, make_report


def against(says: str, **changes: object) -> Report:
    return make_report(stance=ReportStance.CONTRADICTING, says=says, **changes)


@pytest.mark.parametrize(
    ("sentence", "claim", "says", "expected"),
    [
        (
            "The camp held 3,000 fighters.",
            "The camp held about 3,000 detainees.",
            "It gives over 4,000 detainees.",
            ("3,000", "over 4,000"),
        ),
        (
            "The vote took place on Dec. 20.",
            "The vote took place on 20 December 2021.",
            "It says the vote was held on 1 February 2022, after a debate in December.",
            ("Dec. 20", "1 February 2022"),
        ),
        (
            "Hundreds of soldiers took part in the attack.",
            "Hundreds of soldiers took part in the attack.",
            "It counts more than 100 attackers.",
            ("Hundreds", "more than 100"),
        ),
        ("Soldiers took part.", "Hundreds of soldiers took part.", "It counts 100.", None),
        ("The camp held 3,000.", "The camp held 3,000.", "It gives no number.", None),
    ],
)
def test_values_beside_the_page(
    sentence: str, claim: str, says: str, expected: tuple[str, str] | None
) -> None:
    found = compare_reports(sentence, make_claim(text=claim, reports=(against(says),)))
    told = [(value.page, value.reports[0][0]) for value in found]
    assert told == ([expected] if expected else [])


def test_reports_that_agree_alone_are_no_reason_to_tell() -> None:
    claim = make_claim(text="It killed 50 people.", reports=(make_report(says="It counts 50."),))
    assert compare_reports("It killed 50 people.", claim) == ()


@pytest.mark.shared
def test_the_disputed_figures_of_the_reference_article(article: str, shared) -> None:
    import json
    from dataclasses import replace

    from contextlib_news import ClaimIndex, Page, annotate, load_claims

    gold = json.loads((shared / "data" / "seed_article_claims.json").read_text("utf-8"))
    quotes = {f"starter-{c['id']:02}": c["quote"] for c in gold["claims"]}
    disputed = {f"starter-{c['id']:02}" for c in gold["claims"] if c["verdict"] == "disputed"}
    claims = [replace(claim, variants=(quotes[claim.id],)) for claim in load_claims()]
    result = annotate(Page(text=article, url="https://veteranstoday.com/2022/02/15/x/"),
                      index=ClaimIndex.build(claims))  # fmt: skip
    notes = {}
    for note in result.notes:
        if note.claim is not None and note.target.exact:
            quote = " ".join(quotes[note.claim.id].split())
            held = " ".join(note.target.exact.split())
            if quote in held or held in quote:
                notes[note.claim.id] = note
    assert disputed <= set(notes)
    for number, page, report in (
        ("03", "“hundreds”", "“more than 100” (CNN, 26 January 2022)"),
        ("06", "“3,000”", "“over 4,000” (Meir Amit"),
        ("13", "“Dec. 20”", "“1 February 2022” (The Washington Post, 3 February 2022)"),
        ("35", "“several hundred”", "“Over 100” (Reuters, 13 September 2018)"),
    ):
        text = notes[f"starter-{number}"].text
        assert f"This page says {page}; reports found say" in text
        assert report in text
    for claim_id in disputed - {"starter-03", "starter-06", "starter-13", "starter-35"}:
        note = notes[claim_id]
        for report in note.contradicting:
            assert report.says is None or report.says in note.text
