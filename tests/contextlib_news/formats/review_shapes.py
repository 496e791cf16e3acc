"""ClaimReviews of our own making, well-formed and malformed, each with what must become of it.

``object_shapes`` change the object, ``text_shapes`` its JSON. A shape says what is expected:
``whole``, ``part`` with the field that is left out, or ``rejected`` with a word of the reason; and
how the claim looks where it differs from the plain one.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

Node = dict[str, Any]
WORDS = (
    "bridge harbour mayor council school river budget hospital tower museum market station "
    "library festival company minister village railway factory garden airport bakery"
).split()
RATINGS = {
    "False": "contradicted", "Mostly False": "contradicted", "Pants on Fire!": "contradicted",
    "True": "corroborated", "Half True": "disputed", "Misleading": "disputed",
    "Satire": "unverified", "Unproven": "unverified", "Falsch": "contradicted", "Vrai": "corroborated",
    "Engañoso": "disputed", "SESAT": "contradicted", "barely-true": "contradicted",
    "Four Pinocchios": "contradicted",
}  # fmt: skip


@dataclass
class Expected:
    """What must become of a review: the outcome, and the fields that differ from the plain one."""

    outcome: str = "whole"
    said: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    review: dict[str, Any] = field(default_factory=dict)


@dataclass
class Case:
    name: str
    content: Any
    expected: Expected
    plain: dict[str, Any]


def plain_review(number: int, rng: random.Random) -> tuple[Node, dict[str, Any]]:
    """A well-formed review, and the claim it must become."""
    one, two = rng.sample(WORDS, 2)
    text = f"The {one} number {number} was sold to the {two} in {rng.randint(1900, 2020)}."
    rating, verdict = rng.choice(list(RATINGS.items()))
    host = f"check{number % 7}.example.org"
    url = f"https://{host}/reviews/{number}?ref={rng.randint(1, 99)}"
    date = f"20{rng.randint(10, 24)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    node = {
        "@context": rng.choice(["http://schema.org", "https://schema.org", "http://schema.org/"]),
        "@type": "ClaimReview",
        "claimReviewed": text,
        "url": url,
        "datePublished": date,
        "inLanguage": "en",
        "name": f"No word on the {one} yet ({number})",
        "author": {"@type": "Organization", "name": f"Check No. {number % 7}"},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": f"Speaker {number}"},
            "datePublished": "2009-08-07",
            "appearance": {"@type": "CreativeWork", "url": f"https://said.example.net/{number}"},
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": rating,
            "ratingValue": 2,
            "bestRating": 5,
            "worstRating": 1,
        },
    }
    plain = {
        "text": text, "verdict": verdict, "claimant": f"Speaker {number}", "date": "2009-08-07",
        "language": "en", "title": node["name"], "appearances": (f"https://said.example.net/{number}",),
        "variants": (),
        "review": {
            "publisher": f"Check No. {number % 7}", "rating": rating, "url": url, "date": date,
            "value": "2 (1 to 5)", "title": node["name"],
        },
    }  # fmt: skip
    return node, plain


def whole(**fields: Any) -> Expected:
    review = fields.pop("review", {})
    return Expected("whole", "", fields, review)


def part(said: str, **fields: Any) -> Expected:
    review = fields.pop("review", {})
    return Expected("part", said, fields, review)


def rejected(said: str) -> Expected:
    return Expected("rejected", said)


Change = Callable[[Node, random.Random], Expected]


def _put(path: str, value: Any, expected: Expected) -> Change:
    """Set a member, or take it out where the value is ``...``."""

    def change(node: Node, rng: random.Random) -> Expected:
        names = path.split(".")
        for name in names[:-1]:
            node = node[name]
        if value is ...:
            node.pop(names[-1], None)
        else:
            node[names[-1]] = copy.deepcopy(value)
        return expected

    return change


def _prefixed(prefix: str) -> Change:
    def change(node: Node, rng: random.Random) -> Expected:
        for name in [n for n in node if not n.startswith("@")]:
            node[prefix + name] = node.pop(name)
        return whole()

    return change


def _expanded(node: Node, rng: random.Random) -> Expected:
    """JSON-LD in its expanded form: every value a list of objects with ``@value``."""
    for name in ("claimReviewed", "datePublished", "inLanguage", "name"):
        node[f"http://schema.org/{name}"] = [{"@value": node.pop(name)}]
    node["http://schema.org/url"] = [{"@id": node.pop("url")}]
    node["@type"] = ["http://schema.org/ClaimReview"]
    return whole()


def _own_address(node: Node, rng: random.Random) -> Expected:
    node["itemReviewed"]["appearance"] = [node["url"], "https://said.example.net/x"]
    return part("itemReviewed.appearance", appearances=("https://said.example.net/x",))


def _several_addresses(node: Node, rng: random.Random) -> Expected:
    mark = rng.choice([", ", " and ", ",", " ", "; ", "\n"])
    addresses = [f"https://said.example.net/{n}" for n in "ab"]
    node["itemReviewed"]["appearance"] = mark.join(addresses)
    return whole(appearances=tuple(addresses))


def _escaped(times: int) -> Change:
    def change(node: Node, rng: random.Random) -> Expected:
        text = f'{node["claimReviewed"]} "Q" & <A>'
        said = text
        for _ in range(times):
            said = escape(said)
        node["claimReviewed"] = said
        return whole(text=text.replace("<A>", "").rstrip())

    return change


def _tagged(node: Node, rng: random.Random) -> Expected:
    node["claimReviewed"] = f"<p><em class='x'>{node['claimReviewed']}</em></p>\n"
    return whole()


def _scheme_less(node: Node, rng: random.Random) -> Expected:
    node["url"] = rng.choice(["//", "www."]) + "check.example.org/r"
    host = "www.check.example.org/r" if node["url"].startswith("www") else "check.example.org/r"
    return whole(review={"url": "https://" + host})


def _claim_in_item(node: Node, rng: random.Random) -> Expected:
    node["itemReviewed"][rng.choice(["text", "name"])] = node.pop("claimReviewed")
    return whole()


def _nested_item(node: Node, rng: random.Random) -> Expected:
    node["itemReviewed"] = {"@type": "CreativeWork", "itemReviewed": node["itemReviewed"]}
    return whole(date=None, appearances=())


def _control(node: Node, rng: random.Random) -> Expected:
    text = node["claimReviewed"]
    node["claimReviewed"] = "\u0000" + text.replace(" ", " \u0007\u00a0", 1) + "\ufffe"
    return whole()


SPEAKER = "Speaker A"
OBJECT_SHAPES: dict[str, Change] = {
    # The type and the names.
    "type in a list": _put("@type", ["ClaimReview", "Article"], whole()),
    "type in lower case": _put("@type", "claimreview", whole()),
    "type as an address": _put("@type", "https://schema.org/ClaimReview", whole()),
    "type with a prefix": _put("@type", "schema:ClaimReview", whole()),
    "type missing": _put("@type", ..., whole()),
    "type Review": _put("@type", "Review", whole()),
    "context missing": _put("@context", ..., whole()),
    "context an object": _put("@context", {"@vocab": "http://schema.org/"}, whole()),
    "names with a prefix": _prefixed("schema:"),
    "names as addresses": _prefixed("http://schema.org/"),
    "expanded": _expanded,
    # The rating.
    "rating a text": _put("reviewRating", "False", whole(verdict="contradicted", review={"rating": "False", "value": None})),
    "rating a list": _put("reviewRating", [{"alternateName": "True"}], whole(verdict="corroborated", review={"rating": "True", "value": None})),
    "rating a list of texts": _put("reviewRating", ["Misleading"], whole(verdict="disputed", review={"rating": "Misleading", "value": None})),
    "ratings that differ": _put("reviewRating", [{"alternateName": "True"}, {"alternateName": "False"}], whole(verdict="disputed", review={"rating": "True; False", "value": None})),
    "words an object": _put("reviewRating.alternateName", {"@value": "Fake", "@language": "en"}, whole(verdict="contradicted", review={"rating": "Fake"})),
    "words a list": _put("reviewRating.alternateName", ["Faux", "False"], whole(verdict="contradicted", review={"rating": "Faux; False"})),
    "words under properties": _put("reviewRating", {"properties": {"alternateName": "Hoax"}}, whole(verdict="contradicted", review={"rating": "Hoax", "value": None})),
    "words in the value": _put("reviewRating", {"ratingValue": "Half True"}, whole(verdict="disputed", review={"rating": "Half True", "value": None})),
    "words in the name": _put("reviewRating", {"name": "Correct"}, whole(verdict="corroborated", review={"rating": "Correct", "value": None})),
    "words in the explanation": _put("reviewRating", {"ratingExplanation": "This never happened."}, whole(verdict=None, review={"rating": "This never happened.", "value": None})),
    "words never seen": _put("reviewRating.alternateName", "Sort of, kind of", whole(verdict=None, review={"rating": "Sort of, kind of"})),
    "words against the number": _put("reviewRating", {"alternateName": "True", "ratingValue": 1, "worstRating": 1, "bestRating": 5}, whole(verdict="corroborated", review={"rating": "True", "value": "1 (1 to 5)"})),
    "a number alone": _put("reviewRating", {"ratingValue": 1, "worstRating": 1, "bestRating": 5}, whole(verdict=None, review={"rating": "1 (1 to 5)", "value": None})),
    "numbers as texts": _put("reviewRating", {"alternateName": "True", "ratingValue": "4", "worstRating": "1", "bestRating": "5"}, whole(verdict="corroborated", review={"rating": "True", "value": "4 (1 to 5)"})),
    "a scale the other way": _put("reviewRating", {"alternateName": "True", "ratingValue": 2, "worstRating": 5, "bestRating": 1}, whole(verdict="corroborated", review={"rating": "True", "value": "2 (5 to 1)"})),
    "a scale of -1": _put("reviewRating", {"alternateName": "True", "ratingValue": 3, "worstRating": -1, "bestRating": -1}, whole(verdict="corroborated", review={"rating": "True", "value": "3"})),
    "a number off the scale": _put("reviewRating.ratingValue", 9, part("bestRating", review={"value": "9"})),
    "a number without end": _put("reviewRating.ratingValue", "9" * 5000, part("ratingValue", review={"value": None})),
    "rating missing": _put("reviewRating", ..., rejected("reviewRating")),
    "rating null": _put("reviewRating", None, rejected("reviewRating")),
    "rating empty": _put("reviewRating", {}, rejected("reviewRating")),
    "rating of nothing": _put("reviewRating", {"alternateName": " ", "ratingValue": "N/A"}, rejected("reviewRating")),
    "rating true": _put("reviewRating", True, rejected("reviewRating")),
    "rating of a book": _put("reviewRating.alternateName", "x" * 3000, rejected("reviewRating")),
    # The claim.
    "claim in the item": _claim_in_item,
    "claim an object": _put("claimReviewed", {"@value": "Water is wet, says the mayor.", "@language": "en"}, whole(text="Water is wet, says the mayor.")),
    "claim with entities": _escaped(1),
    "claim with entities twice": _escaped(2),
    "claim with tags": _tagged,
    "claim with control characters": _control,
    "claim missing": _put("claimReviewed", ..., rejected("claimReviewed")),
    "claim empty": _put("claimReviewed", " \n", rejected("claimReviewed")),
    "claim null": _put("claimReviewed", None, rejected("claimReviewed")),
    "claim an address": _put("claimReviewed", "https://said.example.net/1", rejected("claimReviewed")),
    "claim of marks": _put("claimReviewed", "“…”!", rejected("claimReviewed")),
    "claim of a book": _put("claimReviewed", "word " * 3000, rejected("claimReviewed")),
    # What is reviewed.
    "item missing": _put("itemReviewed", ..., whole(claimant=None, date=None, appearances=())),
    "item a list": _put("itemReviewed", [{"@type": "Claim", "author": SPEAKER}, {"@type": "WebPage", "url": "https://said.example.net/p"}], whole(claimant=SPEAKER, date=None, appearances=("https://said.example.net/p",))),
    "item an address": _put("itemReviewed", "https://said.example.net/p", whole(claimant=None, date=None, appearances=("https://said.example.net/p",))),
    "item in an item": _nested_item,
    "speaker a text": _put("itemReviewed.author", SPEAKER, whole(claimant=SPEAKER)),
    "speakers a list": _put("itemReviewed.author", [{"name": SPEAKER}, "B"], whole(claimant=f"{SPEAKER}, B")),
    "speaker missing": _put("itemReviewed.author", ..., whole(claimant=None)),
    "speaker in the appearance": _put("itemReviewed", {"appearance": {"url": "https://said.example.net/p", "author": {"name": SPEAKER}}}, whole(claimant=SPEAKER, date=None, appearances=("https://said.example.net/p",))),
    "several addresses": _several_addresses,
    "addresses a list in an object": _put("itemReviewed.appearance", [{"url": ["https://a.example/1", "https://a.example/2"]}, "https://b.example"], whole(appearances=("https://a.example/1", "https://a.example/2", "https://b.example"))),
    "item's url a list": _put("itemReviewed", {"url": ["https://a.example/1", "https://a.example/2"]}, whole(claimant=None, date=None, appearances=("https://a.example/1", "https://a.example/2"))),
    "an archive's address": _put("itemReviewed.appearance", "https://web.archive.org/web/2022/https://a.example/1", whole(appearances=("https://web.archive.org/web/2022/https://a.example/1",))),
    "an appearance in words": _put("itemReviewed.appearance", "on television", part("appearance", appearances=())),
    "its own address": _own_address,
    "too many appearances": _put("itemReviewed.appearance", [f"https://a.example/{n}" for n in range(60)], part("appearance", appearances=tuple(f"https://a.example/{n}" for n in range(50)))),
    "another wording": _put("itemReviewed.text", "Somebody bought it, they say.", whole(variants=("Somebody bought it, they say.",))),
    # Who, where, when.
    "author a text": _put("author", "Check A", whole(review={"publisher": "Check A"})),
    "author a list": _put("author", [{"name": "Check A"}], whole(review={"publisher": "Check A"})),
    "author an address": _put("author", {"url": "https://www.checka.example/about"}, whole(review={"publisher": "checka.example"})),
    "author missing": _put("author", ..., whole(review={"publisher": ...})),
    "author a person": lambda node, rng: (node.update(author={"@type": "Person", "name": "J. Doe"}, publisher={"name": "Check A"}), whole(review={"publisher": "Check A"}))[1],
    "nobody": lambda node, rng: ((node.pop("author"), node.pop("url")), rejected("author"))[1],
    "url missing": _put("url", ..., whole(review={"url": None})),
    "url not the web's": _put("url", "javascript:alert(1)", part("url", review={"url": None})),
    "url without a scheme": _scheme_less,
    "url in the page": lambda node, rng: (node.update(mainEntityOfPage={"@id": node.pop("url")}), whole())[1],
    "urls that differ": lambda node, rng: (node.update(url=[node["url"], "https://a.example/"]), part("url"))[1],
    "date with a time": _put("datePublished", "2021-05-06T07:08:09.123+02:00", whole(review={"date": "2021-05-06"})),
    "date in words": _put("datePublished", "May 6th, 2021", whole(review={"date": "2021-05-06"})),
    "date in French": _put("datePublished", "6 février 2021", whole(review={"date": "2021-02-06"})),
    "date in seconds": _put("datePublished", 1620259200, whole(review={"date": "2021-05-06"})),
    "date an object": _put("datePublished", {"@type": "Date", "@value": "2021-05-06"}, whole(review={"date": "2021-05-06"})),
    "date either way": _put("datePublished", "05/06/2021", part("datepublished", review={"date": "2021"})),
    "date of no day": _put("datePublished", "2021-02-31", part("datepublished", review={"date": "2021-02"})),
    "date of nothing": _put("datePublished", "last week", part("datepublished", review={"date": None})),
    "claim's date odd": _put("itemReviewed.datePublished", "soon", part("datepublished", date=None)),
    "language in words": _put("inLanguage", "English", whole()),
    "language an object": _put("inLanguage", {"@type": "Language", "name": "Spanish", "alternateName": "es"}, whole(language="es")),
    "language with a region": _put("inLanguage", "pt_br", whole(language="pt-BR")),
    "language unknown": _put("inLanguage", "the local tongue", part("inLanguage", language=None)),
    "title missing": _put("name", ..., whole(title=None, review={"title": None})),
    "title in the headline": lambda node, rng: (node.update(headline=node.pop("name")), whole())[1],
    "title of a book": _put("name", "x" * 9000, part("name", title=None, review={"title": None})),
}  # fmt: skip


Spoil = Callable[[str, random.Random], tuple[str, Expected]]


def _spoil(change: Callable[[str], str], expected: Expected | None = None) -> Spoil:
    return lambda text, rng: (change(text), expected or whole())


def _cut(text: str, rng: random.Random) -> tuple[str, Expected]:
    """Cut inside the rating, which stands last: the claim is there, a rating is not whole."""
    at = text.index('"alternateName"', text.index("reviewRating")) + rng.randint(1, 22)
    return text[:at], rejected("reviewRating")


def _cut_behind(text: str, rng: random.Random) -> tuple[str, Expected]:
    """Cut behind the words of the rating: what is left says all that is needed."""
    at = text.index('"ratingValue"')
    return text[:at], part("", review={"value": None})


def _quoted(text: str) -> str:
    return text.replace('"claimReviewed": "The', '"claimReviewed": "The "so-called" fact, the')


TEXT_SHAPES: dict[str, Spoil] = {
    "a comma too many": _spoil(lambda t: t.replace("}", ",}")),
    "commas doubled": _spoil(lambda t: t.replace(", ", ",, ", 3)),
    "a comma missing": _spoil(lambda t: t.replace('", "url"', '" "url"')),
    "commas missing at line ends": _spoil(lambda t: t.replace('", "', '"\n"')),
    "line ends inside texts": _spoil(lambda t: t.replace("was sold", "was\nsold")),
    "tabs inside texts": _spoil(lambda t: t.replace("was sold", "was\tsold")),
    "comments": _spoil(lambda t: "// about\n" + t.replace(", ", ", /* here */ ", 2)),
    "an HTML comment around": _spoil(lambda t: f"<!-- {t} -->"),
    "CDATA around": _spoil(lambda t: f"//<![CDATA[\n{t}\n//]]>"),
    "a byte-order mark": _spoil(lambda t: "\ufeff" + t),
    "a semicolon behind": _spoil(lambda t: t + ";"),
    "a program around": _spoil(lambda t: f"window.review = {t};"),
    "a call around": _spoil(lambda t: f"callback({t});"),
    "single marks": _spoil(lambda t: t.replace('"', "'")),
    "typographic marks": _spoil(lambda t: t.replace('": "', "”: “").replace('", "', "”, “").replace('{"', "{“").replace('"}', "”}").replace('": ', "”: ").replace(', "', ", “").replace('"', "“")),
    "names without marks": _spoil(lambda t: t.replace('"claimReviewed":', "claimReviewed:").replace('"url":', "url :")),
    "entities for marks": _spoil(lambda t: t.replace('"', "&quot;")),
    "marks inside a text": lambda t, rng: (_quoted(t), whole(text=...)),
    "JSON in a text": _spoil(lambda t: json.dumps(t)),
    "escapes that are none": _spoil(lambda t: t.replace(" was ", r" w\as ")),
    "Python's words": _spoil(lambda t: t.replace('"bestRating"', '"sdPublisher": None, "isAccessibleForFree": True, "bestRating"')),
    "not a number": _spoil(lambda t: t.replace('"bestRating"', '"upvoteCount": NaN, "x": undefined, "bestRating"')),
    "a name twice": _spoil(lambda t: t.replace('"inLanguage"', '"inLanguage": "en", "inLanguage"')),
    "brackets that do not fit": _spoil(lambda t: t[:-1] + "]}"),
    "not closed": lambda t, rng: (t[:-1], part("")),
    "cut in the rating": _cut,
    "cut behind the rating": _cut_behind,
    "nested without end": lambda t, rng: (t[:-1] + ', "x": ' + "[" * 5_000, rejected("nested")),
    "nothing but marks": lambda t, rng: ("}{][,,;:" * rng.randint(1, 9), rejected("")),
    "not JSON at all": lambda t, rng: ("claimReviewed: " + t.replace("{", "").replace("}", ""), rejected("not JSON")),
}  # fmt: skip


def make_cases(seed: int, *, plain: int, objects: int, texts: int) -> list[Case]:
    """Cases of all shapes in turn: so many well-formed, so many changed, so many with broken JSON."""
    rng = random.Random(seed)
    cases: list[Case] = []
    for number in range(plain + objects + texts):
        node, claim = plain_review(number, rng)
        if number < plain:
            cases.append(Case("plain", node, Expected(), claim))
        elif number < plain + objects:
            name = list(OBJECT_SHAPES)[(number - plain) % len(OBJECT_SHAPES)]
            expected = OBJECT_SHAPES[name](node, rng)
            cases.append(Case(name, node, expected, claim))
        else:
            name = list(TEXT_SHAPES)[(number - plain - objects) % len(TEXT_SHAPES)]
            text, expected = TEXT_SHAPES[name](json.dumps(node), rng)
            cases.append(Case(name, text, expected, claim))
    return cases
