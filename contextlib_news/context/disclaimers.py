"""The fine print: what a publisher or page says it does not answer for, sorted by type.

Found in the text, in ``<meta>``, in schema.org types and properties and in links marked as paid
for. Text is read one sentence at a time, cut to a bounded length, by the rules of
:mod:`contextlib_news.context.disclaimer_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from contextlib_news.context.disclaimer_matching import match_sentences
from contextlib_news.context.disclaimer_rules import DisclaimerRules, load_disclaimer_rules
from contextlib_news.context.domains import registrable_domain, unwrap_address
from contextlib_news.models import BlockRole, Disclaimer, Document, Sentence

__all__ = ["find_disclaimers", "match_disclaimer"]

MAX_FOUND = 100

# "Correction (Feb. 20)" alone in its paragraph stands over what was corrected.
LONGEST_LABEL = 60
LONGEST_CORRECTION = 600

# Fine print stands at the top or the foot of a page; of a page longer than any article read so far
# the middle is passed over, which bounds the time that a hostile one takes.
MAX_SENTENCES_AT_TOP = 2_000
MAX_SENTENCES_AT_FOOT = 500

# The kind that a digital source type of IPTC (https://cv.iptc.org/newscodes/digitalsourcetype)
# stands for; plain algorithms such as noise reduction are none.
_DIGITAL_SOURCE = re.compile(
    r"trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia|compositeSynthetic|"
    r"(?:algorithmicMedia|AlgorithmicMediaDigitalSource)$",
    re.IGNORECASE,
)
# Names of meta elements by which pages mark paid or generated content.
_META_TYPES = {
    "sponsored": "sponsored",
    "article:sponsored": "sponsored",
    "article:opinion": "opinion",
    "ai-generated": "ai-generated",
    "generated-by-ai": "ai-generated",
    "ai-assisted": "ai-generated",
}
_AFFIRMED = frozenset({"true", "yes", "1"})
# Meta elements whose content is a sentence that a publisher may disclaim in.
_META_TEXTS = frozenset(
    "disclaimer ai-disclosure ai-disclaimer dc.rights dcterms.rights copyright rights".split()
)
_META_KINDS = frozenset({"article:section", "article:type", "og:type", "parsely-section", "genre"})


def find_disclaimers(
    document: Document, rules: DisclaimerRules | None = None, *, sisters: Collection[str] = ()
) -> tuple[Disclaimer, ...]:
    """Return the disclaimers of a page in the order of its text, those in the markup last.

    ``rules`` are those that ship where none are given. A sentence that several rules of different
    types fit is one disclaimer of all these types; one that only says that something was corrected
    has the paragraph behind it with it. A page whose markup names an address as the original that
    is neither on its own site nor on ``sisters`` (domains) is republished.
    """
    rules = rules or load_disclaimer_rules()
    found = list(_in_text(document, rules))
    found += _in_markup(document, rules)
    found += _republished(document, sisters)
    return tuple(found[:MAX_FOUND])


def match_disclaimer(
    sentence: str, language: str | None = None, rules: DisclaimerRules | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the types that a sentence disclaims, and the words that say so; two empty for none.

    With a ``language`` only its rules and the English ones are tried, without one all.

    >>> match_disclaimer("This post contains affiliate links.")[0]
    ('affiliate',)
    >>> match_disclaimer("The minister issued a disclaimer on Tuesday.")[0]
    ()
    """
    (found,) = match_sentences([sentence], rules or load_disclaimer_rules(), language)
    return found


def _in_text(document: Document, rules: DisclaimerRules) -> Iterator[Disclaimer]:
    sentences = document.sentences
    if len(sentences) > MAX_SENTENCES_AT_TOP + MAX_SENTENCES_AT_FOOT:
        sentences = sentences[:MAX_SENTENCES_AT_TOP] + sentences[-MAX_SENTENCES_AT_FOOT:]
    texts = [sentence.text for sentence in sentences]
    matched = match_sentences(texts, rules, document.language)
    for sentence, (types, cues) in zip(sentences, matched, strict=True):
        if types:
            yield Disclaimer(
                types=types,
                text=_with_what_follows(document, sentence, types),
                start=sentence.start,
                end=sentence.end,
                cues=cues,
            )


def _with_what_follows(document: Document, sentence: Sentence, types: Collection[str]) -> str:
    """Return a sentence, a bare label for a correction with the paragraph that it stands over."""
    if "correction" not in types or len(sentence.text) > LONGEST_LABEL:
        return sentence.text
    block = document.blocks[sentence.block]
    alone = document.text[block.start : block.end].strip() == sentence.text.strip()
    if not alone or sentence.block + 1 >= len(document.blocks):
        return sentence.text
    below = document.blocks[sentence.block + 1]
    if below.role not in (BlockRole.PARAGRAPH, BlockRole.FOOTER, BlockRole.LIST):
        return sentence.text
    told = document.text[below.start : below.end].strip()[:LONGEST_CORRECTION]
    return f"{sentence.text} {told}"


def _republished(document: Document, sisters: Collection[str]) -> Iterator[Disclaimer]:
    """Yield the address that the markup names as the original, where that is another site's."""
    own = registrable_domain(unwrap_address(document.url or ""))
    if own is None:
        return
    named = [("canonical", document.metadata.canonical_url or "")]
    named += [(name, value) for name, value in document.metadata.policies if name == "isBasedOn"]
    for name, address in named:
        if not address.startswith(("http://", "https://")):
            continue
        domain = registrable_domain(unwrap_address(address))
        if domain is not None and domain != own and domain not in sisters:
            origin = "link" if name == "canonical" else "schema.org"
            yield Disclaimer(types=("republished",), text=address, origin=origin, cues=(name,))
            return


def _in_markup(document: Document, rules: DisclaimerRules) -> Iterator[Disclaimer]:
    metadata = document.metadata
    said: set[tuple[str, str]] = set()

    def once(kind: str, text: str, origin: str, cue: str, *more: str) -> Iterator[Disclaimer]:
        if (kind, text) not in said:
            said.add((kind, text))
            yield Disclaimer(types=(kind, *more), text=text, origin=origin, cues=(cue,))

    def in_words(text: str, origin: str) -> Iterator[Disclaimer]:
        types, cues = match_disclaimer(text, document.language, rules)
        if types:
            yield Disclaimer(types=types, text=text, origin=origin, cues=cues)

    for name in metadata.types:
        kind = rules.types_of_markup.get(name.rsplit("/", 1)[-1])
        if kind:
            yield from once(kind, name, "schema.org", name)
    for name, value in metadata.policies:
        if name == "correction":
            yield from once("correction", value, "schema.org", name)
        elif name == "backstory":
            yield from in_words(value, "schema.org")
        elif name.startswith("digitalSourceType") and _DIGITAL_SOURCE.search(value):
            more = ("images",) if name != "digitalSourceType" else ()
            yield from once("ai-generated", value, "schema.org", name, *more)
    for name, value in metadata.meta:
        if name in _META_TYPES and value.lower() in _AFFIRMED:
            yield from once(_META_TYPES[name], f"{name}: {value}", "meta", name)
        elif name in _META_KINDS and (kind := rules.types_of_sections.get(value.casefold())):
            yield from once(kind, value, "meta", name)
        elif name in _META_TEXTS:
            yield from in_words(value, "meta")
    for link in document.links:
        if "sponsored" in link.rel:
            yield Disclaimer(
                types=("sponsored",),
                text=link.text or link.href,
                origin="link",
                cues=("rel=sponsored",),
            )
            return
