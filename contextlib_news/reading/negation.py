"""Words that turn a statement around, each with what it rules over. English.

Three kinds: negation proper ("not", "never", "failed to"), somebody's denial ("denied that"), and
being called untrue ("the false claim that", "is baseless", "there is no evidence that"). Two of
them over the same words cancel: "did not deny that".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from contextlib_news.reading.clauses import clause_end, clause_start
from contextlib_news.reading.cue_words import FALSE_WORDS, NEGATING_WORDS
from contextlib_news.reading.cues import Cue, CueKind, starts_of
from contextlib_news.reading.rebuttal import find_rebuttal

__all__ = ["find_turns"]

# A sentence that turns around more often than this says nothing that can be made out.
MAX_TURNS = 24

# Turns of phrase that hold a negation and deny nothing.
_NEUTRAL = re.compile(
    r"\b(?:not only|not just|not merely|not least|(?:not|n't) (?:very |so |too )?long (?:after|"
    r"before|ago)|not far from|"
    r"not surprisingly|not until|(?:not|n't) (?:[a-z-]+ ){1,3}until|"
    r"neither (?:\w+ )?confirm\w*,? nor|"
    r"(?:confirm|confirmed|confirming),? (?:n?or) (?:to )?den(?:y|ied|ying)|"
    r"not alone|no (?:doubt|wonder|secret|matter|longer than|more than|"
    r"fewer than|less than|later than|sooner)|without (?:a )?doubt|beyond (?:any )?doubt|"
    r"nothing but|none other than|never before|if not|why not|or not|whether or not|"
    r"undeniabl[ey]|indisputabl[ey]|undoubtedly|no denying|hard to deny|"
    r"can(?:not|'t) be denied|(?:not|hardly|scarcely|never|beyond|no longer|n't) "
    r"(?:(?:seriously|really|in|a matter of) )?(?:dispute[d]?|doubt(?:ed)?|question(?:ed)?)|"
    r"no one (?:disputes|doubts|denies)|nobody (?:disputes|doubts|denies)|no,|"
    r"(?:not|n't|never|cannot|can't|could not) (?:yet |be |been |have |has )?(?:rul(?:e|ed|"
    r"ing) out|"
    r"excluded?)|(?:not|never|hardly) (?:untrue|false|wrong|incorrect|inaccurate|fake|baseless|"
    r"unfounded|"
    r"misleading|nonsense|a lie|a hoax|a myth|without))(?!\w)",
)

# Forms of "neglect" or "refuse" are negations by what they mean for the verb behind them.
_NEGATION = re.compile(
    r"\b(?:not|never|no longer|no(?= \w)|none|nobody|no one|nothing|nowhere|neither|nor|without|"
    r"cannot|"
    r"hardly|barely|scarcely|rarely|seldom|yet to|fail(?:s|ed|ing)? to|refus(?:es?|ed|ing) to|"
    r"declin(?:es?|ed|ing) to|neglect(?:s|ed|ing)? to|omit(?:s|ted|ting)? to|unable to|"
    r"unwilling to|stop(?:s|ped)? short of|instead of|rather than|far from|lacks?|lacked|"
    r"(?:refrain|abstain|desist)(?:s|ed|ing)? from|(?:shy|shies|shied|shying) away from|"
    r"(?:steer|steers|steered) clear of|(?:stop|stops|stopped) short of|forgo(?:es)?|forwent|"
    r"devoid of|withh(?:eld|olds?|olding)|miss(?:es|ed)? out on|anything but|non(?=-)|"
    r"resist(?:s|ed|"
    r"ing)? (?:\w+ )?(?:calls|pressure|demands|"
    r"attempts|requests)|avoid(?:s|ed|ing)?|spurn(?:s|ed)?|thwart(?:s|ed)?|foil(?:s|ed)?|"
    r"(?:barr?|bann?|prevent|stopp?|block|exclud|prohibit|discourag|exempt|spar)(?:s|e?d)? "
    r"(?:\w+ ){0,4}from|abandon(?:s|ed) (?:\w+ )?plans?|scrap(?:s|ped) (?:\w+ )?plans?)\b|"
    r"\b\w{2,8}n't\b|\b(?:cant|dont|doesnt|didnt|isnt|wasnt|"
    r"werent)\b",
)

# These deny the noun behind them and with it the verb before: "found no water", "has no lights".
_DETERMINERS = frozenset({"no", "none", "neither", "nothing", "nobody", "no one", "nowhere"})

_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|reject(?:s|ed|ing|ions?)?|dismiss(?:es|ed|ing|als?)?|"
    r"refut(?:e|es|ed|ing)|debunk(?:s|ed|ing)?|disput(?:e|es|ed|ing)|contradict(?:s|ed|ing)?|"
    r"disprov(?:e|es|ed|en|ing)|disown(?:s|ed)?|repudiat(?:e|es|ed|ing)|rul(?:e|es|ed|ing) out|"
    r"rebut(?:s|ted|ting|tals?)?|doubts? (?:that|whether|if)|doubtful (?:that|whether|if)|"
    r"not the case|no longer the case|pour(?:s|ed)? (?:cold water|scorn) on|shot down|"
    r"brush(?:es|ed|ing)? (?:aside|off)|hit(?:s|ting)? back at|sho[o]?ts? down|laugh(?:s|ed|"
    r"ing)? off|"
    r"shrug(?:s|ged|ging)? off|scoff(?:s|ed|ing)? at|push(?:es|ed|ing)? back (?:against|on|at)|"
    r"contest(?:s|ed|ing)?|disavow(?:s|ed|ing)?|rubbish(?:es|ed)|quash(?:es|ed|ing)?|"
    r"(?:slam|blast)(?:s|med|ed)? (?:\w+ )?(?:rumou?rs?|claims?|reports?|allegations?)|"
    r"distanc(?:e|es|ed|ing) (?:it|him|her|them|our)sel(?:f|ves) from|(?:take|took|taken|takes) "
    r"issue with|disput(?:able)|bust(?:s|ed|ing)? (?:the |a )?myths?)\b",
)
_PASSIVE = re.compile(r"\b(?:be|been|being|is|was|are|were|stands?|got)(?: \w+(?:ly)?){0,2} $")
_RELATIVE = re.compile(
    r"\b(?:which|this|that|it|(?:an? )?(?:claim|charge|allegation|accusation|story|report)s?)"
    r"(?: [\w.'’-]+){1,6} $"
)
# "was denied entry", "were denied visas": refused something, which denies no statement.
_REFUSED = re.compile(r"(?:was|were|been|being|is|are) denied (?!by\b|that\b|as\b|in\b|on\b)\w")

_WORDS = (
    r"(?:false|untrue|not true|incorrect|inaccurate|baseless|unfounded|groundless|debunked|"
    r"discredited|fabricated|bogus|fake|made[- ]up|invented|misleading|wrong|mistaken|erroneous|"
    r"unsupported|fictitious|fictional|phoney|phony|nonsense|nonsensical|rubbish|absurd|"
    r"a hoax|a myth|a lie|a fabrication|a fiction|an invention|an outright lie|a forgery|forged|"
    r"a fake|lies|fiction|myths|hoaxes|pure invention|pure fiction|pure fantasy|"
    r"(?:an? |the )?(?:\w+ ){0,2}(?:tale|wives' tale|fairy tale|fable|legend|misconception|fallacy|"
    r"superstition|"
    r"hoax|myth|lie|fabrication|invention|montage|photomontage|forgery|fantasy|canard|smear|stunt|"
    r"prank|parody|propaganda|disinformation|misinformation|nonsense|fiction|bunk|hogwash|humbug)|"
    r"(?:the )?least true|far from (?:the truth|true)|"
    r"doctored|photoshopped|staged|misinformation|disinformation|propaganda|"
    r"fake news|satire|untruth)"
)
_STATEMENT = (
    r"(?:claims?|reports?|rumou?rs?|stor(?:y|ies)|ideas?|notions?|statements?|allegations?|posts?|"
    r"theor(?:y|ies)|news|narratives?|assertions?|beliefs?|accusations?|suggestions?|charges?|"
    r"headlines?|videos?|quotes?|impressions?|information)"
)
# "the false claim that", "a made-up story says"
_FALSE_STATEMENT = re.compile(rf"\b{_WORDS} (?:\w+ )?{_STATEMENT}\b")
# "falsely claimed that"
_FALSELY = re.compile(
    r"\b(?:falsely|wrongly|wrongfully|erroneously|mistakenly|incorrectly|untruthfully) "
    r"(?:\w+ )?(?:claim|say|said|sa|report|suggest|stat|assert|told|tell|accus|link|attribut|"
    r"believ|alleg|announc|impl|assum|blam|depict|portray|present|describ)\w*"
)
# "is false", "turned out to be a hoax", "called it a lie", "dismissed as fiction"
_PREDICATE = re.compile(
    r"(?P<lead>\b(?:is|was|are|were|be|been|being|remains?|proved|proven|it'?s|that'?s|as|"
    r"call(?:s|ed|ing)?(?: \w+)?|label(?:s|led|ed)?(?: \w+)?|brand(?:s|ed)?(?: \w+)?|"
    r"declared(?: \w+)?)"
    r"(?: (?:to be|simply|entirely|completely|totally|utterly|plainly|clearly|just|all|both|also|"
    r"largely|partly|demonstrably|widely|flatly|a total|an old|a complete|a pure|pure|not)){0,2}) "
    rf"[\"“']?{_WORDS}\b(?! (?:flag|alarm|start|positive|negative))"
)
_EMPTY_SUBJECT = re.compile(
    r"(?:^|\b(?:it|that)(?: (?:would|will|may|might|could|has|had|also))?) ?$"
)
# "parents were wrong to believe that", "do not be fooled into thinking that"
_WRONGLY = re.compile(
    r"\b(?:wrong|mistaken|foolish|naive|fooled|tricked|duped) (?:to |into |in )?"
    r"(?:think|believ|assum|suppos|claim|say|conclud|suggest)\w*\b"
)
# "science does not back the claim that", "the figures do not bear out the claim"
_UNBACKED = re.compile(
    r"(?:\b(?:not|never|hardly|fails? to|failed to)|n't) (?:\w+ )?(?:back|support|bear out|confirm|"
    r"substantiate|sustain|uphold) (?:up )?(?:the|this|that|any|such|his|her|their) (?:\w+ )?"
    r"(?:claims?|ideas?|notions?|stor(?:y|ies)|theor(?:y|ies)|statements?|allegations?|rumou?rs?|"
    r"accusations?|beliefs?|assertions?|reports?)\b"
)
# "…: this hoax has circulated", "it is a myth that"
_NAMED = re.compile(
    r"\b(?:hoax(?:es)?|myths?|fabrication|misconceptions?|fallacy|old wives' tales?|"
    r"misinformation|disinformation|urban legend|fake news|"
    r"pack of lies|no truth|falsehood|untruth|conspiracy theory)\b"
)
# "FALSE: …", "Myth: …", "Fact check: No, …"
_LABEL = re.compile(
    r"^\W*(?:fact[- ]?check(?:ed)?\W+)?(?:false|fake|hoax|myth|wrong|untrue|misleading|fiction|"
    r"not true|debunked|incorrect)\s?[:—–-]"
)
# "called reports that … a lie", "described the claim … as baseless"
_CALLED = re.compile(
    rf"\b(?:call(?:s|ed|ing)?|describ(?:es|ed|ing)|dismiss(?:es|ed|ing)|brand(?:s|ed|ing)?|"
    rf"label(?:s|led|ing)?)\b(?=.{{3,160}}\b(?:as )?{_WORDS}\W*$)"
)
_NO_EVIDENCE = re.compile(
    r"(?:\b(?:no|without|lack(?:s|ed|ing)?(?: of)?|little|absence of|zero|scant|not (?:a|any|one)"
    r"(?: (?:shred|scrap|piece) of)?)|n't (?:\w+ )?any) (?:\w+ ){0,2}"
    r"(?:evidence|proof|signs?|indications?|basis|record|truth|reason to believe|substance|"
    r"foundation)\b|\bnothing (?:to|that) (?:suggests?|shows?|proves?|indicates?|supports?)\b"
    r"|\bunsubstantiated (?:claims?|allegations?)"
)
# "never materialised", "does not hold up": what is said before it is not so.
_UNREAL = re.compile(
    r"(?:\b(?:never|not|fail(?:s|ed)? to|no longer)|n't) (?:ever |yet |really |quite |actually |"
    r"simply |even )?(?:materiali[sz]ed?|happen(?:ed)?|occur(?:red)?|exist(?:ed)?|"
    r"(?:take|took|taken) place|c[oa]me (?:about|to pass|true|off)|"
    r"(?:hold|held|stand|stood) (?:up|water|true))\b"
)
# "was pulled for misleading the public", "removed as false"
_TAKEN_DOWN = re.compile(
    r"\b(?:pulled|withdrawn|banned|removed|retracted|taken down|deleted|flagged|corrected|fined|"
    r"censured|rebuked|reprimanded)\b[^.;:]{0,30}?\b(?:for|as|because)\b[^.;:]{0,16}?"
    r"\b(?:misleading|false|untrue|inaccurate|fabricated|deceiving|deceptive|unsupported)\b"
)
# Where none of these begins a word, nobody says that something is false or a lie.
_FALSE = starts_of(
    "false true untrue untruth untruthfully incorrect inaccurate baseless unfounded groundless "
    "debunked discredited fabricated fabrication bogus fake made invented invention misleading "
    "wrong mistaken mistakenly erroneous unsupported fictitious fictional fiction phoney phony "
    "nonsense nonsensical rubbish absurd hoax myth lie lies outright forgery forged pure tale "
    "wives fairy fable legend misconception fallacy superstition montage photomontage fantasy "
    "canard smear stunt prank parody propaganda disinformation misinformation bunk hogwash humbug "
    "truth doctored photoshopped staged satire urban pack falsehood conspiracy"
)
# "Nobody can claim that …": what follows cannot be said.
_UNSAYABLE = re.compile(
    r"\b(?:nobody|no[ -]one|none|few|(?:you|we|they|he|she|it|one|critics|opponents) "
    r"(?:cannot|can't|can not|could not|couldn't|can hardly|could hardly))(?: of \w+)?"
    r"(?: (?:can|could|may|will|would))?(?: (?:\w+ly|now|ever|be))? "
    r"(?:claim|say|argue|maintain|pretend|allege|assert|complain|accuse|said|claimed|argued) "
    r"(?:that\b|it\b)"
)
_EVIDENCE = starts_of(
    "evidence proof sign signs indication basis record truth reason substance foundation nothing "
    "unsubstantiated"
)
# Patterns, whether they rule what follows, and words of which a text must hold one.
_SELDOM = (
    (
        _UNREAL,
        False,
        starts_of(
            "materialised materialized happen occur exist take took taken come came hold held "
            "stand stood"
        ),
    ),
    (
        _TAKEN_DOWN,
        False,
        starts_of("misleading false untrue inaccurate fabricated deceiving unsupported"),
    ),
    (_UNSAYABLE, True, starts_of("claim say said argue maintain pretend allege assert complain")),
    (_WRONGLY, True, starts_of("wrong mistaken foolish naive fooled tricked duped")),
    (_UNBACKED, True, starts_of("back support bear confirm substantiate sustain uphold")),
)
_FORWARD = re.compile(
    r"\W{0,3}(?:that|of|for|to|in|behind|linking|about|whether|say|it|they)\b(?! (?:fact|reality|"
    r"truth|law|science)\b)"
)

# Where none of these begins a word, there is nothing of the kind.
_STARTS = starts_of(
    "not no nor never non nobody nothing nowhere neither none without cannot hardly barely "
    "scarcely rarely seldom yet fail refuse decline neglect omit unable unwilling stop instead "
    "rather far lack devoid anything deny denial reject dismiss refute debunk dispute disproved "
    "disown contradict repudiate rule ruling rebut doubt pour shot false falsely untrue incorrect "
    "inaccurate baseless unfounded groundless discredited fabricated fabrication bogus fake made "
    "made-up invented invention misleading mistaken mistakenly misinformation wrong erroneous "
    "erroneously unsupported fictitious fictional fiction phoney phony nonsense nonsensical "
    "rubbish absurd hoax myth lie lies forged forgery disinformation propaganda satire untruth "
    "untruthfully urban pack conspiracy falsehood little absence zero scant unsubstantiated cant "
    "dont doesnt didnt isnt wasnt werent call describe brand label no-one resist avoid spurn "
    "thwart foil bar barred barring ban banned prevent block exclude prohibit miss discourage "
    "exempt "
    "spare abandon "
    "scrap brush hit shoot laugh shrug scoff push contest disavow quash slam blast bust tale fairy "
    "fable legend misconception fallacy superstition montage photomontage fantasy canard smear "
    "stunt prank parody doctored photoshopped staged old pure withheld withhold distance take took "
    "taken issue least bunk hogwash humbug pulled withdrawn removed retracted deleted flagged "
    "foolish naive fooled tricked duped corrected fined censured rebuked reprimanded refrain "
    "abstain desist shy shies shied steer steers steered forgo forgoes forwent claim say argue "
    "maintain pretend allege assert complain"
)


_DENYING = starts_of(
    "deny denial denied denies reject dismiss refute debunk dispute disprove disown contradict "
    "repudiate rule ruling rebut doubt case longer pour shot brush hit hits hitting shoot laugh "
    "shrug scoff push contest disavow rubbish quash slam blast bust distance take took taken issue"
)
_NEGATING = starts_of(
    "not never no none nobody nothing nowhere neither nor without cannot hardly barely scarcely "
    "rarely seldom yet fail refuse refusing decline declining neglect omit unable unwilling stop "
    "instead rather far lack devoid miss anything non resist avoid spurn thwart foil bar bars "
    "refrain abstain desist shy shies shied steer steers steered forgo forgoes forwent "
    "barred ban bans banned prevent block exclude prohibit discourage exempt spar spare abandon "
    "withheld withhold scrap cant dont doesnt didnt isnt wasnt werent"
)
_UNTRUE = _STARTS - starts_of(
    "not nor never non nobody nowhere neither none cannot hardly barely scarcely rarely seldom yet "
    "fail refuse decline neglect omit unable unwilling stop instead rather far devoid anything "
    "deny denial reject refute rule ruling rebut doubt pour shot cant dont doesnt didnt isnt wasnt "
    "werent"
) | starts_of("not no nothing without lack little never fail failed longer hardly")


def find_turns(
    text: str, borders: tuple[int, ...], starts: frozenset[str], words: frozenset[str]
) -> tuple[Cue, ...]:
    """Return the cues that turn statements around, in order of their place.

    ``text`` is in lower case with straight apostrophes, ``borders`` are those of its clauses,
    ``starts`` the first letters of its words, ``words`` those words.
    """
    short = "n't" in text
    if starts.isdisjoint(_STARTS) and not short:
        return ()
    negates = short or not (starts.isdisjoint(_NEGATING) or words.isdisjoint(NEGATING_WORDS))
    cues = [
        *_tail(text, borders),
        *(() if starts.isdisjoint(_UNTRUE) else _untruths(text, starts, words)),
        *(() if starts.isdisjoint(_DENYING) else _denials(text, borders)),
        *(_negations(text, borders) if negates else ()),
    ]
    if not cues:
        return ()
    taken = [match.span() for match in _NEUTRAL.finditer(text)]
    found: list[Cue] = []
    for cue in cues:
        span = cue.at, cue.at + len(cue.text)
        if not any(span[0] < b and a < span[1] for a, b in taken):
            taken.append(span)
            found.append(cue)
            if len(found) == MAX_TURNS:
                break
    return tuple(sorted(found, key=lambda cue: cue.at))


def _untruths(text: str, starts: frozenset[str], words: frozenset[str]) -> Iterator[Cue]:
    end = len(text)

    def cue(match: re.Match[str], start: int, stop: int) -> Cue:
        return Cue(CueKind.UNTRUTH, match[0].strip(), match.start(), start, stop)

    if not starts.isdisjoint(_EVIDENCE):
        for match in _NO_EVIDENCE.finditer(text):
            forward = match[0].startswith("nothing") or bool(_FORWARD.match(text, match.end()))
            yield cue(match, *((match.end(), end) if forward else (0, match.start())))
    for pattern, forward, needed in _SELDOM:
        if starts.isdisjoint(needed):
            continue
        for match in pattern.finditer(text):
            yield cue(match, match.end(), end) if forward else cue(match, 0, match.start())
    if not (starts.isdisjoint(_FALSE) or words.isdisjoint(FALSE_WORDS)):
        yield from _falsehoods(text, cue)


def _falsehoods(text: str, cue: Callable[[re.Match[str], int, int], Cue]) -> Iterator[Cue]:
    """Yield what says that something is false, made up, a hoax."""
    end = len(text)
    for match in _LABEL.finditer(text):
        yield cue(match, match.end(), end)
    for match in _FALSELY.finditer(text):
        yield cue(match, match.end(), end)
    called = len(text)
    for match in _CALLED.finditer(text):
        # What it is called, at the end, is part of the same act.
        called = min(called, match.start())
        yield cue(match, match.end(), end)
    for match in _FALSE_STATEMENT.finditer(text, 0, called):
        # "a false claim" that closes a sentence speaks of what stands before it.
        ahead = text[match.end() :].strip(" .!\"'")
        yield cue(match, *((match.end(), end) if ahead else (0, match.start())))
    for match in _PREDICATE.finditer(text, 0, called):
        forward = _FORWARD.match(text, match.end()) is not None
        empty = _EMPTY_SUBJECT.search(text, max(0, match.start() - 24), match.start()) or match[
            "lead"
        ].startswith(("it", "call", "brand", "label"))
        if forward and empty:
            yield cue(match, match.end(), end)
        else:
            yield cue(match, 0, match.start())
    for match in _NAMED.finditer(text, 0, called):
        yield cue(match, 0, end)


def _tail(text: str, borders: tuple[int, ...]) -> Iterator[Cue]:
    """Yield a cue where the last clause takes back what stands before: "…; it isn't"."""
    if len(borders) > 2:
        start = borders[-2]
        taken_back = find_rebuttal("", text[start:])
        if taken_back is not None:
            at = text.find(taken_back, start)
            if _FORWARD.match(text, max(at, start) + len(taken_back)):
                # "…, it is false that …" speaks of what follows.
                return
            yield Cue(CueKind.DENIAL, taken_back, max(at, start), 0, start)


def _denials(text: str, borders: tuple[int, ...]) -> Iterator[Cue]:
    for match in _DENIAL.finditer(text):
        at, after = match.span()
        if _REFUSED.search(text, max(0, at - 8), after + 3):
            continue
        start, end = after, len(text)
        if text.startswith(("denying", "rejecting", "dismissing"), at):
            end = clause_end(borders, after)
        # A thing that was denied stands before: "the idea … has been debunked".
        if _PASSIVE.search(text, max(0, at - 40), at) or (
            _RELATIVE.search(text, max(0, at - 60), at) and not text[after:].strip(" .'\"")
        ):
            start = 0
        yield Cue(CueKind.DENIAL, match[0], at, start, end)


def _negations(text: str, borders: tuple[int, ...]) -> Iterator[Cue]:
    negated = -1
    for match in _NEGATION.finditer(text):
        at, after = match.span()
        end = clause_end(borders, after)
        if not text[after:end].strip(" ,"):
            # "did not, in the end, pardon": the verb stands behind what is put in.
            end = clause_end(borders, clause_end(borders, min(end, len(text) - 1)))
        # "neither … nor" and "not … nor" deny once, not twice.
        if match[0] == "nor" and negated == clause_start(borders, at):
            continue
        negated = clause_start(borders, at)
        start = at
        if match[0] in _DETERMINERS:
            # The verb before it is denied as well: two words back at most.
            start = max(negated, _words_back(text, at, 2))
        yield Cue(CueKind.NEGATION, match[0], at, start, end)


def _words_back(text: str, place: int, count: int) -> int:
    """Return where the words before a place begin, ``count`` of them."""
    for _ in range(count):
        place = text.rfind(" ", 0, max(0, place - 1)) + 1
    return place
