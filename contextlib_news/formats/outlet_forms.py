"""The files of outlet ratings whose columns are known, each with its rater, date and licence.

A form turns the cells of a row into one rating in the rater's own words. Nothing is rated anew.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from contextlib_news.formats.fields import FieldError
from contextlib_news.models import Rating

__all__ = ["FORMS", "OutletForm", "RatedCells", "form_of", "score_of"]

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedCells:
    """What a row says: a rating, the part of the site it is of, the name, and its categories."""

    rating: Rating
    path: str | None = None
    name: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletForm:
    """A known form: its name, the columns that tell it, and what holds for all of its rows."""

    name: str
    columns: tuple[str, ...]
    rater: str
    date: str
    url: str
    method: str
    licence: str
    read: Callable[[Cells, Rating], RatedCells]

    def rate(self, cells: Cells) -> RatedCells:
        """Return what a row says. Raises FieldError naming the cell that cannot be used."""
        plain = Rating(
            source=self.rater,
            label="",
            date=self.date,
            url=self.url,
            method=self.method,
            licence=self.licence,
        )
        return self.read(cells, plain)


def form_of(columns: list[str]) -> OutletForm | None:
    """Return the form whose columns these are, the one with the most where several fit, or None."""
    fitting = [form for form in FORMS.values() if set(form.columns) <= set(columns)]
    return max(fitting, key=lambda form: len(form.columns), default=None)


def score_of(text: str, name: str, scale: tuple[float, float] | None) -> float:
    """Return a number within its scale; raises FieldError naming the cell."""
    try:
        score = float(text)
    except ValueError:
        raise FieldError(f"{name!r} must be a number, not {text[:40]!r}") from None
    if not math.isfinite(score):
        raise FieldError(f"{name!r} must be a finite number")
    if scale is not None and not scale[0] <= score <= scale[1]:
        raise FieldError(f"{name!r} must lie from {scale[0]:g} to {scale[1]:g}, not {score:g}")
    return score


# --- OpenSources ----------------------------------------------------------------------------------

_TAGS = frozenset(
    "bias blog clickbait conspiracy fake hate junksci political reliable rumor satire state "
    "unreliable".split()
)
# The source's own slips, and what it means by them.
_SLIPS = {"fake news": "fake", "satirical": "satire", "unrealiable": "unreliable"}
_TAG_CATEGORIES = {"satire": "satire", "state": "state-media"}


def _opensources(cells: Cells, plain: Rating) -> RatedCells:
    written = [cells.get(name, "").strip().lower() for name in ("type1", "type2", "type3")]
    tags = [_SLIPS.get(tag, tag) for tag in written if tag]
    if not tags:
        raise FieldError("no tag: 'type1' is empty")
    unknown = [tag for tag in tags if tag not in _TAGS]
    if unknown:
        raise FieldError(f"{unknown[0][:40]!r} is none of the tags of this list")
    remarks = ["not maintained since 2017"]
    if note := cells.get("source_note", "").strip():
        remarks.append(f"the rater notes: {note[:500]}")
    path = cells.get("path", "").strip() or None
    # A second or third tag is a shade; what the site is stands first.
    category = _TAG_CATEGORIES.get(tags[0]) if path is None else None
    return RatedCells(
        rating=replace(plain, label=", ".join(dict.fromkeys(tags)), remark="; ".join(remarks)),
        path=path,
        categories=(category,) if category else (),
    )


# --- Computed scores ------------------------------------------------------------------------------


def _lin(cells: Cells, plain: Rating) -> RatedCells:
    score = score_of(cells.get("pc1", ""), "pc1", (0, 1))
    rating = replace(
        plain,
        label=f"{score:.2f} on a scale from 0 to 1, where 1 is best",
        score=score,
        scale=(0.0, 1.0),
        remark="joins several rating sets; many inputs are imputed",
    )
    return RatedCells(rating=rating)


def _idiap(cells: Cells, plain: Rating) -> RatedCells:
    score = score_of(cells.get("p_fp_average", ""), "p_fp_average", (-1, 1))
    score_of(cells.get("p_reliability", ""), "p_reliability", (-1, 1))
    rating = replace(
        plain,
        label=f"{score:.2f} on a scale from -1 to 1, where 1 is most reliable",
        score=score,
        scale=(-1.0, 1.0),
        remark="computed from who links to whom",
    )
    return RatedCells(rating=rating)


_CRED1 = frozenset("conspiracy fake mixed reliable rumor satire unreliable".split())


def _cred1(cells: Cells, plain: Rating) -> RatedCells:
    category = cells.get("category", "").strip().lower()
    if category not in _CRED1:
        raise FieldError(f"{category[:40]!r} is none of the categories of this list")
    score = score_of(cells.get("credibility_score", ""), "credibility_score", (0, 1))
    rating = replace(
        plain,
        label=f"{category}; credibility {score:.2f} on a scale from 0 to 1",
        score=score,
        scale=(0.0, 1.0),
        remark="lists problem sites only",
    )
    return RatedCells(rating=rating, categories=("satire",) if category == "satire" else ())


# --- Wikipedia ------------------------------------------------------------------------------------

_STATUSES = frozenset(
    (
        "generally reliable",
        "no consensus / additional considerations",
        "generally unreliable",
        "deprecated",
    )
)
# What stands in brackets behind a name is the scope of the rating, unless it is a short form.
_SCOPE = re.compile(r"\s*[(\[].*$", re.DOTALL)
_SHORT_FORM = re.compile(r"\s*\([A-Z&]{2,8}\)$")


def _perennial(cells: Cells, plain: Rating) -> RatedCells:
    status = cells.get("status", "").strip()
    if status not in _STATUSES:
        raise FieldError(f"{status[:40]!r} is none of the statuses of this list")
    source = cells.get("source", "").strip()
    name = _SCOPE.sub("", source).strip()
    remarks = []
    if source and _SHORT_FORM.sub("", source) != name:
        remarks.append(f"on {source[:200]}")
    if discussed := cells.get("last_discussed", "").strip():
        remarks.append(f"last discussed in {discussed[:40]}")
    remarks.append("rates use as a Wikipedia citation")
    blacklisted = cells.get("spam_blacklisted", "").strip().lower() == "yes"
    path = cells.get("path", "").strip() or None
    return RatedCells(
        rating=replace(
            plain,
            label=status + ("; on the spam blacklist" if blacklisted else ""),
            remark="; ".join(remarks),
        ),
        path=path,
        name=name if name and path is None else None,
    )


_LAYERS = {
    "rated": "derived from Wikipedia’s tables",
    "rated-path": "derived from Wikipedia’s tables; of a part of the site",
    "manual": "added by hand, or often cited in featured articles; a weak sign",
    "conflict": "the list's own rating and the one by hand differ",
}
_LEVELS = frozenset(("reliable", "no consensus", "unreliable"))


def _goggle(cells: Cells, plain: Rating) -> RatedCells:
    level, layer = (cells.get(name, "").strip() for name in ("level", "layer"))
    if level not in _LEVELS:
        raise FieldError(f"{level[:40]!r} is none of the levels of this list")
    if layer not in _LAYERS:
        raise FieldError(f"{layer[:40]!r} is none of the layers of this list")
    rating = replace(plain, label=level, remark=_LAYERS[layer])
    return RatedCells(rating=rating, path=cells.get("path_pattern", "").strip() or None)


_RSP = "https://en.wikipedia.org/wiki/Wikipedia:Reliable_sources/Perennial_sources"

# Written down from the lists' own pages as facts: rater, date, where to look, method, licence.
FORMS: Mapping[str, OutletForm] = {
    form.name: form
    for form in (
        OutletForm(
            name="opensources",
            columns=("domain", "path", "type1", "type2", "type3", "source_note"),
            rater="OpenSources (M. Zimdars, Merrimack College)",
            date="2017-04-28",
            url="https://github.com/OpenSourcesGroup/opensources",
            method="https://github.com/OpenSourcesGroup/opensources",
            licence="CC BY 4.0, as later users state; its repository carries LGPL-3.0",
            read=_opensources,
        ),
        OutletForm(
            name="lin2023",
            columns=("domain", "pc1"),
            rater="Lin et al. 2023",
            date="2023-09-14",
            url="https://doi.org/10.1093/pnasnexus/pgad286",
            method="https://doi.org/10.1093/pnasnexus/pgad286",
            licence="free to reuse, says its README",
            read=_lin,
        ),
        OutletForm(
            name="cred1",
            columns=("domain", "category", "credibility_score"),
            rater="CRED-1",
            date="2026-08-04",
            url="https://doi.org/10.5281/zenodo.18769460",
            method="https://github.com/aloth/cred-1",
            licence="CC BY 4.0",
            read=_cred1,
        ),
        OutletForm(
            name="wikipedia-rsp",
            columns=("domain", "path", "source", "status", "spam_blacklisted", "last_discussed"),
            rater="Wikipedia editors (perennial sources)",
            date="2022-10-25",
            url=_RSP,
            method=f"{_RSP}#Legend",
            licence="CC BY-SA",
            read=_perennial,
        ),
        OutletForm(
            name="wikipedia-goggle",
            columns=("domain", "path_pattern", "level", "layer"),
            rater="Wikipedia reliable sources goggle",
            date="2026-07-16",
            url="https://github.com/kynoptic/wikipedia-reliable-sources",
            method="https://github.com/kynoptic/wikipedia-reliable-sources",
            licence="MIT, after Wikipedia (CC BY-SA)",
            read=_goggle,
        ),
        OutletForm(
            name="idiap2024",
            columns=("domain", "p_reliability", "p_fp_average"),
            rater="Idiap 2024",
            date="2025-05-20",
            url="https://github.com/idiap/News-Media-Reliability",
            method="https://github.com/idiap/News-Media-Reliability",
            licence="Apache-2.0",
            read=_idiap,
        ),
    )
}
