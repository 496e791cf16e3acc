"""What keeps a statement at a distance: hedges, questions, conditions. English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from contextlib_news.reading.clauses import clause_end, clause_start
from contextlib_news.reading.cue_words import HEDGE_WORDS, SMALL_WORDS
from contextlib_news.reading.cues import Cue, CueKind, starts_of

__all__ = ["find_distance"]

MAX_CUES = 24

_HEDGE = re.compile(
    r"\b(?:alleged(?:ly)?|reportedly|purported(?:ly)?|supposed(?:ly)?|apparently|possibl[ey]|"
    r"perhaps|maybe|probabl[ey]|presumably|conceivabl[ey]|plausibl[ey]|imaginable|seemingly|"
    r"(?<!more )(?<!less )(?<!most )likely|unlikely|may|might|"
    r"could(?! (?:not|hardly|no longer)\b)|rumou?red|unconfirmed|unverified|unproven|"
    r"unsubstantiated|so-called|suspected (?:of|to)|suspects?(?= that)|thought to|believed to|"
    r"said to|"
    r"understood to|reported to|rumou?rs?(?= (?:that|of|about)\b|:|\W*$)|"
    r"tipped to|looks? set to|looked set to|in danger of|at risk of|on course to|threatens? to|"
    r"hopes? to|unclear|uncertain|not clear|"
    r"remains to be seen|(?:growing |some |many )?(?:signs|indications|hints) that|seems?|seemed|"
    r"appears? to|appeared to|is feared|are feared|would-be|"
    r"arguably|potentially|"
    r"in all (?:likelihood|probability)|"
    r"(?:by|from) (?:all|the|every) (?:looks?|appearances?|signs?|accounts)"
    r"(?: of (?:it|things|them|him|her))?|to all appearances|on the face of it|"
    r"for all (?:we|anyone|anybody) knows?|as far as (?:we|anyone|anybody|one) (?:can tell|knows?)|"
    r"looks? as (?:if|though)|looked as (?:if|though)|every (?:sign|indication|reason to believe)|"
    r"by all accounts|presumed|is suspected|are suspected|was suspected|"
    r"(?:not|n't|never|cannot|can't|could not) (?:yet |be |been |have |has )?"
    r"(?:rul(?:e|ed|ing) out|excluded?)|remains? possible|open question)\b"
)
_CONDITION = re.compile(
    r"(?<!\beven )(?<!\bas )(?<!\bwhat )\bif\b(?! not)|\bunless\b|\bprovided (?:that\b|"
    r"(?=\w+ \w+))|"
    r"\bproviding that\b|\bassuming\b|\bin the event (?:that|of)\b|\bin case\b|\bas long as\b|"
    r"\bon condition (?:that|of)\b|\bsuppose\b|\b(?:would|could|might) have\b|\bwould've\b|"
    r"^\W*(?:should|were|had)(?= (?:the|a|an|it|he|she|they|we|there|this|that|any|[a-z]+)\b)|"
    r"\b(?:were|should) (?:the|a|an|any) [\w-]+(?: [\w-]+)? to\b|\bas soon as\b|\bonly when\b|"
    r"\bin the absence of\b|\bonce (?:it|they|he|she|the [\w-]+) (?:is|are|has|have)\b|"
    r"^\W*(?:without|but for)\b(?=.{3,120}\bwould\b)|^\W*(?:failing|barring|absent)\b|"
    r"\bdepend(?:s|ing)? on\b|"
    r"\bhypothetical(?:ly)?\b"
)
# Words that stand in every condition; looked for first, as the whole takes ten times as long.
_MAY_BE_CONDITION = re.compile(
    r"if\b|unless|provid|assuming|in the event|in case|as long|on condition|suppose|d have\b|"
    r"ht have\b|would've|should|were |had |as soon|only when|absence|once |without|but for|failing|"
    r"barring|absent|depend|hypothetical"
)
_QUESTION = re.compile(
    r"\bwhether\b(?! or not\b)|\bask(?:s|ed|ing)? if\b|\bwonder(?:s|ed|ing)? if\b|"
    r"\bquestion(?:s|ed)? (?:of whether|if|whether)\b|"
    r"\b(?:confirm|confirmed|confirming),? n?or (?:to )?den(?:y|ied|ying)\b"
)
# "It was said to ...": a question mark inside quotation marks at the end counts too.
_ASKED = re.compile(r"\?[\"'”’)\]\s]*$|؟\s*$")

# Where none of these begins a word, there is nothing of the kind.
_SMALL_STARTS = starts_of("were should in as on so said not had")
_STARTS = starts_of(
    "alleged reported purported supposed apparently possible perhaps maybe probably presumably "
    "conceivably plausible imaginable tipped looks looked danger risk course "
    "threaten hope seem likely unlikely may might "
    "could rumour rumor unconfirmed unverified unproven "
    "unsubstantiated uncertain unclear so suspect thought believed said understood not remains "
    "appear feared would if unless provided providing assuming in as on suppose should were had "
    "without depend hypothetical arguably potentially signs indications hints presumed ruled "
    "ruling rule excluded open "
    "failing barring absent once only soon absence "
    "likelihood probability possible whether ask wonder question confirm every face all from by"
) - starts_of("in as on so said not were had")
_SMALL = re.compile(
    r"\b(?:were|should) (?:the|a|an|any)\b|\b(?:in the event|in case|as long as|on condition|"
    r"so-called|said to|not clear)\b|"
    r"^\W*(?:were|had)\b|[?؟]"
)


_QUESTIONING = starts_of("confirm whether ask asks asked asking wonder question")
_CONDITIONAL = starts_of(
    "if unless provided providing assuming event case long condition suppose would could might "
    "should were had soon only absence once without but failing barring absent depend hypothetical"
)
_HEDGING = starts_of(
    "alleged reported purported supposed apparently possible perhaps maybe probably presumably "
    "conceivably plausible imaginable tipped looks looked danger risk course "
    "threaten hope seem likely unlikely may might "
    "could rumour rumor unconfirmed unverified unproven "
    "unsubstantiated so suspect thought believed said understood unclear uncertain clear remains "
    "signs indications hints appear feared would arguably potentially likelihood probability "
    "presumed rule ruling excluded open appearances every face all accounts knows know tell"
)


def find_distance(
    text: str, borders: tuple[int, ...], starts: frozenset[str], words: frozenset[str]
) -> tuple[Cue, ...]:
    """Return the hedges, questions and conditions of a sentence with what they rule over.

    ``text`` is in lower case with straight apostrophes, ``starts`` are the first letters of its
    words, ``words`` those words.
    """
    if starts.isdisjoint(_STARTS):
        asked = "?" in text or "؟" in text
        small = asked or not (starts.isdisjoint(_SMALL_STARTS) or words.isdisjoint(SMALL_WORDS))
        if not small or _SMALL.search(text) is None:
            return ()
    return tuple(islice(_cues(text, borders, starts, words), MAX_CUES))


def _cues(
    text: str, borders: tuple[int, ...], starts: frozenset[str], words: frozenset[str]
) -> Iterator[Cue]:
    if ("?" in text or "؟" in text) and _ASKED.search(text):
        yield Cue(CueKind.QUESTION, "?", len(text) - 1, 0, len(text))
    if not starts.isdisjoint(_QUESTIONING):
        for match in _QUESTION.finditer(text):
            yield Cue(CueKind.QUESTION, match[0], match.start(), match.end(), len(text))
    if not starts.isdisjoint(_CONDITIONAL) and _MAY_BE_CONDITION.search(text):
        yield from _conditions(text, borders)
    if not (starts.isdisjoint(_HEDGING) or words.isdisjoint(HEDGE_WORDS)):
        yield from _hedges(text, borders)


def _conditions(text: str, borders: tuple[int, ...]) -> Iterator[Cue]:
    for match in _CONDITION.finditer(text):
        start, end = clause_start(borders, match.start()), clause_end(borders, match.end())
        if not text[start : match.start()].strip(" ,;:—–-("):
            # "If A, B" and "B, if A": B is said under the condition as well.
            if start == 0:
                end = _next_end(borders, end)
            else:
                start = clause_start(borders, start - 1)
        yield Cue(CueKind.CONDITION, match[0].strip(), match.start(), start, end)


def _hedges(text: str, borders: tuple[int, ...]) -> Iterator[Cue]:
    for match in _HEDGE.finditer(text):
        # An adverb set off by commas ("allegedly, ...") hedges the clauses beside it.
        start, end = clause_start(borders, match.start()), clause_end(borders, match.end())
        before, after = text[start : match.start()], text[match.end() : end]
        if match[0].startswith("rumo") and not after.startswith((" that", " of", " about")):
            # "Resignation rumours: what we know" names what is rumoured before it.
            yield Cue(CueKind.HEDGE, match[0], match.start(), start, end)
            continue
        if (
            before.strip(" ,—–-(") in ("", "it")
            and not after.strip(" ,—–-).")
            and borders[-1] > end - start
        ):
            start = clause_start(borders, max(0, start - 1))
            yield Cue(CueKind.HEDGE, match[0], match.start(), start, _next_end(borders, end))
        else:
            yield Cue(CueKind.HEDGE, match[0], match.start(), match.start(), end)


def _next_end(borders: tuple[int, ...], end: int) -> int:
    return clause_end(borders, end) if end < borders[-1] else end
