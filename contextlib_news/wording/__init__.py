"""Every sentence that a reader sees in a note, in one place, in the reader's language.

The tone is context, not verdicts: who says so, when, and what differs. Nothing here calls a page,
an outlet or a person wrong; it says what reports found say. The sentences themselves are in
``contextlib_news/data/wording``, one file a language; English, Spanish, French, German and Arabic.
What is data (claims, ratings, quotations) stays in its own language.
"""

from contextlib_news.wording.citations import citation_title, describe_citation
from contextlib_news.wording.claims import claim_text, claim_title, count_origins
from contextlib_news.wording.findings import (
    describe_disclaimer,
    describe_figure,
    describe_quotation,
    disclaimer_title,
    figure_title,
    quotation_title,
)
from contextlib_news.wording.locales import LANGUAGES, choose_language, spell_date
from contextlib_news.wording.outlets import (
    FACT_KINDS,
    describe_fact,
    describe_outlet,
    describe_rating,
    name_category,
    name_fact,
    outlet_remarks,
    outlet_title,
    rating_remarks,
)
from contextlib_news.wording.pages import (
    citation_share_title,
    date_title,
    describe_citation_share,
    describe_dates,
    describe_same_text,
    describe_since,
    same_text_title,
    since_title,
)

__all__ = [
    "FACT_KINDS",
    "LANGUAGES",
    "choose_language",
    "citation_share_title",
    "citation_title",
    "claim_text",
    "claim_title",
    "count_origins",
    "date_title",
    "describe_citation",
    "describe_citation_share",
    "describe_dates",
    "describe_disclaimer",
    "describe_fact",
    "describe_figure",
    "describe_outlet",
    "describe_quotation",
    "describe_rating",
    "describe_same_text",
    "describe_since",
    "disclaimer_title",
    "figure_title",
    "name_category",
    "name_fact",
    "outlet_remarks",
    "outlet_title",
    "quotation_title",
    "rating_remarks",
    "same_text_title",
    "since_title",
    "spell_date",
]
