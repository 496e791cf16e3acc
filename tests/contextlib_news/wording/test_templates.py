"""Every sentence is there in every language, in its own words, and slots stay data."""

import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news import wording
from contextlib_news.context.since import SinceThen
from contextlib_news.models import (
    CitationDetail,
    Difference,
    DifferenceKind,
    Disclaimer,
    Figure,
    OutletRelation,
    QuotationDetail,
    QuotationStatus,
    ReportStance,
    Review,
    Stance,
    Verdict,
)
from contextlib_news.wording.locales import (
    PLURAL_FORMS,
    name_language,
    plural_form,
    spell_number,
    spell_share,
)
from contextlib_news.wording.templates import join, quote, say, templates
from tests.factories import make_claim, make_outlet, make_report

OTHERS = [language for language in wording.LANGUAGES if language != "en"]

# What is the same in several languages because it holds no words of its own, or a word they share.
FORMS = {
    *(
        "as-is",
        "named-at",
        "list",
        "row",
        "dated",
        "date.day",
        "date.month",
        "quote",
        "claim.says",
        "fact",
    ),
    *("claim.reports.entry", "claim.reports.entry.undated", "outlet.title.section"),
    *("outlet.rating", "page.date.entry", "category.satire", "disclaimer.title.opinion"),
}


def slots(template: str) -> set[str]:
    return set(re.findall(r"\{([a-z]+)\}", template))


def forms(template: str | dict[str, str]) -> dict[str, str]:
    return template if isinstance(template, dict) else {"": template}


@pytest.mark.parametrize("language", OTHERS)
def test_no_template_is_missing_or_left_english(language: str) -> None:
    english, own = templates("en"), templates(language)
    assert list(own) == list(english)
    for key, template in own.items():
        same = forms(template) == forms(english[key])
        assert not same or key in FORMS, key
    letters = re.compile("[ء-ي]") if language == "ar" else re.compile("[^\\W\\d_]")
    for key, template in own.items():
        if key not in FORMS:
            for said in forms(template).values():
                assert letters.search(re.sub(r"\{[a-z]+\}", "", said)), key


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_templates_have_the_plural_forms_and_slots_they_need(language: str) -> None:
    for key, template in templates(language).items():
        expected = set().union(*map(slots, forms(templates("en")[key]).values()))
        if isinstance(template, dict):
            assert tuple(template) == PLURAL_FORMS[language], key
            # "One source" and "no source" need no digit.
            assert all(slots(said) <= expected for said in template.values()), key
            assert slots(template["other"]) == expected, key
        else:
            assert slots(template) == expected, key
        for said in forms(template).values():
            assert said == said.strip(" ") or key in ("list", "row"), key
            assert "  " not in said, key


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        ("es-MX", "es"),
        ("FR_ca", "fr"),
        ("de-AT-1996", "de"),
        ("ar-EG", "ar"),
        ("nl", "en"),
        ("", "en"),
        (None, "en"),
        ("../../etc/passwd", "en"),
        ("{0}", "en"),
    ],
)
def test_choose_language(tag: str | None, language: str) -> None:
    assert wording.choose_language(tag) == language


def test_plurals_of_arabic() -> None:
    said = [say("claim.reports.support", "ar", count=n) for n in (0, 1, 2, 3, 10, 11, 99, 100, 103)]
    assert "مصدران" in said[2]
    assert "3 مصادر" in said[3]
    assert "10 مصادر" in said[4]
    assert "11 مصدرًا" in said[5]
    assert "100 مصدر " in said[7]
    assert "103 مصادر" in said[8]
    assert {plural_form(n, "ar") for n in range(103)} == set(PLURAL_FORMS["ar"])


def test_plurals_of_french_count_none_as_one() -> None:
    assert plural_form(0, "fr") == "one"
    assert plural_form(0, "de") == "other"


@pytest.mark.parametrize(
    ("language", "day", "month", "number", "share"),
    [
        ("en", "3 February 2022", "February 2022", "12,345", "17%"),
        ("es", "3 de febrero de 2022", "febrero de 2022", "12.345", "17\u00a0%"),
        ("fr", "3 février 2022", "février 2022", "12\u202f345", "17\u202f%"),
        ("de", "3. Februar 2022", "Februar 2022", "12.345", "17\u00a0%"),
        ("ar", "3 فبراير 2022", "فبراير 2022", "12,345", "17%"),
    ],
)
def test_numbers_and_dates(language: str, day: str, month: str, number: str, share: str) -> None:
    assert wording.spell_date("2022-02-03", language) == day
    assert wording.spell_date("2022-02", language) == month
    assert wording.spell_date("2022", language) == "2022"
    assert spell_number(12345, language) == number
    assert spell_share(0.17, language) == share


def test_the_first_of_a_month_in_french() -> None:
    assert wording.spell_date("2022-03-01", "fr") == "1er mars 2022"


def test_language_names() -> None:
    assert name_language("pt-BR", "de") == "Portugiesisch"
    assert name_language("xx", "es") == "xx"


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_slots_stay_data(language: str) -> None:
    hostile = "{count} {0.__class__} %s \u202eevil\u202c\u2069 <b>\x1b[31m\nnext"
    said = say("claim.review", language, publisher=hostile, rating=quote(hostile, language))
    assert said.count("{count} {0.__class__} %s") == 2
    assert not re.search("[\u0000-\u001f\u202a-\u202e]", said)
    assert said.count("\u2069") == said.count("\u2068")
    assert "<b>" in said  # escaping is done where it is shown


@given(st.text(), st.sampled_from(wording.LANGUAGES))
def test_no_text_raises_or_breaks_out(text: str, language: str) -> None:
    said = say("outlet.alias", language) + say("claim.says", language, who=text, says=text)
    assert said.count("\u2068") == said.count("\u2069")
    quote(text, language)
    wording.spell_date(text, language)
    assert wording.choose_language(text) in wording.LANGUAGES


def test_a_latin_name_keeps_its_direction_in_arabic() -> None:
    assert "\u2068CNN\u2069" in say("claim.says", "ar", who="CNN", says="قالت ذلك.")
    assert join([quote("CNN", "ar"), quote("BBC", "ar")], "ar").count("\u2068") == 2


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_note_can_be_said(language: str) -> None:
    english = []
    reports = (
        make_report(says="40", date="2022-01-03", origin="CNN"),
        make_report(stance=ReportStance.CONTRADICTING, says="60 people", date=None, origin="BBC"),
    )
    reviews = (Review(publisher="A Check", rating="Half True", date="2022"),)
    kinds = [kind for kind in DifferenceKind if kind.value not in ("negation", "hedge")]
    for verdict, stance in itertools.product([None, *Verdict], Stance):
        for found in ((), (reports[0],), (reports[1],), reports):
            claim = make_claim(
                text="It killed 50 people.", verdict=verdict, reports=found, reviews=reviews
            )
            for kind in kinds:
                values = (Difference(kind=kind, page="A", claim="B"),)
                english.append(wording.claim_title(claim, stance, values, language))
            english.append(
                wording.claim_text(claim, stance, (), language, sentence="It killed 50 people.")
            )
    for relation, count in itertools.product(OutletRelation, (0, 1, 2)):
        outlet = make_outlet(
            name="Xyz",
            relation=relation,
            ratings=make_outlet().ratings[:1] * count,
            look_alike_of="example.org",
            via="archive.example",
            section="Opinion",
            categories=("satire", "of-another-kind"),
            reason="It is a reason.",
        )
        english += [wording.outlet_title(outlet, language)]
        english += [wording.describe_outlet(outlet, language)]
        for flags in ((), ("circular",), ("dead-end",)):
            for href in (None, "https://example.org/"):
                cited = CitationDetail(
                    href=href, outlet=outlet, title="T", sentences=("a", "b"), flags=flags,
                    report=reports[0],
                )  # fmt: skip
                english.append(wording.citation_title(cited, language))
                english.append(wording.describe_citation(cited, language))
    for cited_sentences, all_sentences in ((0, 1), (0, 5), (1, 1), (3, 120)):
        english.append(wording.describe_citation_share(cited_sentences, all_sentences, language))
    for dates in ([("2022-02-03", "markup")], [("2022-02-03", "address"), ("2022", "text")]):
        english += [wording.date_title(dates, language), wording.describe_dates(dates, language)]
    for day in (None, "2022-02"):
        english.append(
            wording.describe_same_text("x.example", make_outlet(name="Xyz"), 0.8, day, language)
        )
        english.append(wording.describe_same_text("x.example", None, 0.8, day, language))
        for review, report in ((reviews[0], None), (None, reports[0]), (None, None)):
            change = SinceThen(
                claim=make_claim(text="Xyz."), date="2023", review=review, report=report
            )
            english.append(wording.describe_since(change, day, language))
            for before in (False, True):
                late = replace(change, before=before)
                english.append(wording.since_title(late, language))
                english.append(wording.describe_since(late, "2024-01-02", language))
    for title in (wording.same_text_title, wording.citation_share_title):
        english.append(title(language))
    for name in ("satire", "medical", "nothing-known"):
        for origin in ("text", "meta"):
            fine_print = Disclaimer(types=(name,), text="Words.", origin=origin)
            english.append(wording.disclaimer_title(fine_print, language))
            english.append(wording.describe_disclaimer(fine_print, language))
    for kind_of_figure in ("sum", "duration", "repeat", "percentage", "other"):
        figure = Figure(kind=kind_of_figure, stated="x", computed="3 days", start=0, end=1)
        english.append(wording.figure_title(figure, language))
        english.append(wording.describe_figure(figure, language))
    for status in QuotationStatus:
        detail = QuotationDetail(status=status, source=None, changes=(("a", "b"), ("c", "d")))
        english.append(wording.quotation_title(detail, language))
        english.append(wording.describe_quotation(detail, language))
    assert all(said.strip() for said in english)
    assert not any("{" in said for said in english)
    if language != "en":
        ours = re.compile(r"\b(?:the|this|found|says|said|held|record|and|that|its?|of)\b", re.I)
        for said in english:
            # What is left is data: the rater's words and a category that no table names.
            told = said.replace("of another kind", "")
            assert not ours.search(told), said


def test_the_language_of_the_claim_is_told_to_readers_of_another() -> None:
    claim = make_claim(language="en")
    assert "Englisch" in wording.claim_text(claim, Stance.SUPPORTS, (), "de")
    assert "English" not in wording.claim_text(claim, Stance.SUPPORTS, (), "en")


def test_the_page_beside_the_reports() -> None:
    claim = make_claim(
        text="The storm killed about 3,000 people.",
        reports=(
            make_report(
                stance=ReportStance.CONTRADICTING,
                origin="Example Agency",
                date="2022-01-03",
                says="It counts 3,500 to 4,000 people killed.",
            ),
        ),
    )
    sentence = "The storm killed 3,000 people."
    said = wording.claim_text(claim, Stance.SUPPORTS, (), sentence=sentence)
    assert (
        "This page says “3,000”; reports found say “3,500 to 4,000” "
        "(Example Agency, 3 January 2022)." in said
    )
    german = wording.claim_text(claim, Stance.SUPPORTS, (), "de", sentence=sentence)
    assert "„3,500 to 4,000“ (Example Agency, 3. Januar 2022)" in german
