"""Sources that a sentence names without a link: outlets by their names, and people without one.

English, Spanish, French and German; of Arabic only the words for people without a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["fold_name", "is_unnamed", "known_outlet", "named_sources", "reported_on"]

MAX_CHARACTERS = 2_000

# "the Washington Post reported", "according to the BBC", "inaccuracies in the Times report".
_OUTLET = r"\b(?P<name>[A-Z][\w&]{0,30}(?: (?:of |the )?[A-Z][\w&]{0,30}){0,4})"
_SAYING = r"(?:report(?:s|ed|ing)?|wrote|writes|revealed|published|found|noted|quoted|cited)\b"
_NAMED = (
    re.compile(_OUTLET + r"(?:’s|'s)?,? (?:has |had |also |first |later )?" + _SAYING),
    re.compile(
        r"\b(?:[Aa]ccording to|[Cc]iting|[Qq]uoting|told|[Ii]nterview with|"
        r"[Rr]eports? (?:by|in|from)|[Aa]rticle in|[Ii]nvestigation by|[Pp]ublished (?:by|in)|"
        r"seen by|obtained by) "
        r"(?:the |The )?" + _OUTLET
    ),
)
# One of these stands in whatever the two fit. Looking for them first spares most sentences them.
_ENGLISH = (
    (" report", " wrote", " writes", " reveal", " publish", " found", " noted", " quote", " cited"),
    (
        *("ccording to ", "iting ", "uoting ", "told ", "nterview with ", "eport", "rticle in "),
        *("nvestigation by ", "ublished ", "seen by ", "obtained by "),
    ),
)
# Spanish, French and German, with the verb behind the name and before it.
_NAMED_ELSEWHERE = (
    re.compile(
        _OUTLET + r",? (?:informó|informa|publicó|publica|reveló|revela|asegura|"
        r"rapporte|a rapporté|écrit|a écrit|révèle|a révélé|indique|affirme|"
        r"berichtet|berichtete|schreibt|schrieb|meldet|meldete|zitiert|zitierte)\b"
    ),
    re.compile(
        r"\b(?:[Ss]egún|[Cc]itando a|informó|informa|publicó|publica|reveló|revela|"
        r"dijo a|declaró a|[Ss]elon|[Dd][’']après|rapporte|rapporté par|cité par|écrit|révèle|"
        r"déclaré à|confié à|"
        r"[Ll]aut|[Uu]nter Berufung auf|[Gg]egenüber|berichtet|berichtete|schreibt|schrieb|meldet|"
        r"meldete|sagte|zitiert)"
        r" (?:(?:el|la|los|al|diario|periódico|agencia|le|les|du|quotidien|journal|l’agence|"
        r"der|die|das|dem|den|Zeitung|Nachrichtenagentur|Magazin) ){0,2}(?:l[’'])?" + _OUTLET
    ),
)

# The same for the other languages.
_ELSEWHERE = (
    *("informó", "informa ", "publicó", "publica ", "reveló", "revela ", "asegura ", "dijo a"),
    *("declaró", "egún ", "itando a", "rapport", "écrit", "révél", "révèle", "indique", "affirme"),
    *("elon ", "après ", "cité", "confié", "déclaré", "bericht", "schreibt", "schrieb", "meldet"),
    *("zitiert", "laut ", "Laut ", "Berufung", "egenüber", "sagte"),
)
_PEOPLE_WORDS = ("source official insider diplomat people person aide adviser commander").split()
_HIDDEN_ELSEWHERE = (
    *("fuentes", "anonim", "anonym", "identificad", "kreise", "namentlich", "vertraut", "proche"),
    *("informée", "concordant", "مصادر", "مصدر", "عدم"),
)

_ARTICLE = re.compile(r"^(?:the|der|die|das) ")
_WORDS = re.compile(r"\S+")

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_ON = re.compile(
    rf"\bon (?:{_MONTH} (?P<day>\d{{1,2}})|(?P<day2>\d{{1,2}}) {_MONTH.replace('month', 'month2')})"
    r"(?:,? (?P<year>(?:19|20)\d\d))?\b"
)

_PEOPLE = (
    r"(?:sources?|officials?|insiders?|diplomats?|people|persons?|aides?|advisers?|commanders?)"
)
_HIDDEN = (
    r"(?:(?:who|which|that) (?:\S{1,30} ){0,2}(?:refused|declined|asked (?:not|for anonymity)|"
    r"did not want|requested anonymity|spoke on|cannot be named|could not be named|wished|"
    r"was not authori[sz]ed|were not authori[sz]ed)|"
    r"(?:speaking )?on (?:the )?condition of anonymity|"
    r"familiar with|close to|briefed on|with (?:direct |first-hand )?knowledge of)"
)
# "Two security sources said": whose they are is not told. "SDF sources" are somebody's.
_SOME = (
    r"(?:(?:two|three|four|several|multiple|many|some|other|a|one|another|local|security|anonymous|"
    r"unnamed|intelligence|diplomatic|government|military|industry|political|police|western|"
    r"well-placed|senior|official|tribal|judicial|medical) ){0,3}sources?"
)
_UNNAMED = re.compile(
    rf"\b(?:according to|quoting|citing|told)\b[^.;]{{0,60}}\b{_PEOPLE}\b[^.;]{{0,60}}\b{_HIDDEN}\b"
    rf"|\b{_PEOPLE} {_HIDDEN}[^.;]{{0,80}}\b(?:said|say|says|told|claim(?:ed|s)?|confirmed)\b"
    rf"|\b(?:said|told|claimed|confirmed)\b[^.;]{{0,60}}\b{_PEOPLE} {_HIDDEN}"
    r"|\b(?:according to|quoting|citing) (?:\S{1,20} ){0,2}"
    r"(?:unnamed|anonymous|undisclosed|unidentified) (?:\S{1,20} ){0,2}(?:sources?|officials?)\b"
    rf"|(?:^\W{{0,3}}|[,;–—] |\b(?:but|and|while|as|however|meanwhile),? ){_SOME} "
    r"(?:have |has |also )?"
    r"(?:said|says?|told|claim(?:ed|s)?|confirmed|added|reported|suggested)\b"
    rf"|\b(?:according to|quoting|citing) {_SOME}\b",
    re.IGNORECASE,
)
# The same in Spanish, French, German and Arabic.
_UNNAMED_ELSEWHERE = re.compile(
    r"\bfuentes (?:\S{1,20} ){0,2}(?:anónimas|cercanas a|conocedoras de|próximas a|"
    r"no identificadas|que (?:pidieron|prefirieron|solicitaron|exigieron))|\bfuentes anónimas\b|"
    r"\b(?:bajo|condición de|mantener el|guardar el) anonimato\b|pidió no ser identificad[oa]|"
    r"\bsources? (?:anonymes?|proches? d[eu’']|bien informées?|concordantes?)|"
    r"\bcouvert (?:de l[’']|d[’'])anonymat|"
    r"\b(?:condition d[’']|requis l[’']|garder l[’'])anonymat|"
    r"\banonyme[nr]? quellen?\b|\b(?:regierungs|partei|sicherheits|diplomaten|militär|koalitions|"
    r"unternehmens|branchen|finanz|justiz|polizei|verhandlungs|eu-)kreisen?\b|"
    r"\bnamentlich nicht genannt|\bnicht namentlich genannt|\banonym bleiben\b|"
    r"\bmit der (?:sache|angelegenheit) vertraut|"
    r"مصادر (?:مطلعة|مقربة|مجهولة|لم تسمها|رفضت|طلبت)|"
    r"مصدر (?:مطلع|مقرب|مجهول|رفض|طلب|لم يكشف)|"
    r"عدم (?:الكشف عن|ذكر) (?:هويته|اسمه|هويتها|اسمها|هويتهم|أسمائهم)",
    re.IGNORECASE,
)


def named_sources(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names that a sentence leans on, each with where it begins."""
    text = text[:MAX_CHARACTERS]
    for words, pattern in zip(_ENGLISH, _NAMED, strict=True):
        if any([word in text for word in words]):
            for match in pattern.finditer(text):
                yield match["name"], match.start("name")
    if any([word in text for word in _ELSEWHERE]):
        for pattern in _NAMED_ELSEWHERE:
            for match in pattern.finditer(text):
                yield match["name"], match.start("name")


def fold_name(name: str) -> str:
    """Return an outlet's name as names are compared: without an article in front, without case.

    Articles are those that English and German leave out at will.

    >>> fold_name("The Washington Post")
    'washington post'
    """
    return _ARTICLE.sub("", name.casefold().replace("’", "'"), count=1).strip()


def known_outlet(text: str, names: Mapping[str, str]) -> tuple[str, int, int] | None:
    """Return domain and span of the first known outlet that a sentence leans on by name."""
    for name, start in named_sources(text):
        # "As the BBC" and "Washington Post Friday" hold more than a name; the longest counts.
        words = [(match.start(), match.end()) for match in _WORDS.finditer(name)]
        begins = [(i, a) for i, (a, _) in enumerate(words) if name[a].isupper()]
        spans = [(a, b) for i, a in begins for _, b in words[i:]]
        for first, last in sorted(spans, key=lambda span: span[0] - span[1]):
            domain = names.get(fold_name(name[first:last]))
            if domain is not None:
                return domain, start + first, start + last
    return None


def reported_on(text: str) -> str | None:
    """Return the day of "reported on Feb. 10" as ``--MM-DD``, with a year ``YYYY-MM-DD``."""
    match = _ON.search(text[:MAX_CHARACTERS])
    if match is None:
        return None
    month = _MONTHS.index(match["month"] or match["month2"]) + 1
    day = int(match["day"] or match["day2"])
    if not 1 <= day <= 31:
        return None
    return f"{match['year'] or '-'}-{month:02d}-{day:02d}"


def is_unnamed(text: str) -> bool:
    """Say whether a sentence rests on people whom it does not name."""
    text = text[:MAX_CHARACTERS]
    words = text.lower()
    if any(word in words for word in _PEOPLE_WORDS) and _UNNAMED.search(text):
        return True
    return any(word in words for word in _HIDDEN_ELSEWHERE) and bool(
        _UNNAMED_ELSEWHERE.search(text)
    )
