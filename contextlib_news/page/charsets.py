"""Which codec reads a page that names its character set.

Labels come from pages, so they are hostile: some codecs of Python are no character sets, and one of
them (Punycode) takes time that grows with the square of the text.
"""

from __future__ import annotations

import codecs

__all__ = ["codec_of"]

# Browsers read the older labels as the larger sets that grew out of them.
_LARGER_SETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-9": "cp1254",
    "utf-16": "utf-8",
}

# Transformations of text under the names of codecs, and those of one system alone.
_NO_CHARACTER_SETS = frozenset(
    "idna mbcs oem punycode raw-unicode-escape undefined unicode-escape unicode_escape "
    "raw_unicode_escape utf-7".split()
)


def codec_of(label: str) -> str | None:
    """Return the name of the codec for a label (``ISO-8859-1``), None where it names no set."""
    label = label.strip().lower()
    try:
        name = codecs.lookup(_LARGER_SETS.get(label, label)).name
        if name in _NO_CHARACTER_SETS:
            return None
        b"a".decode(name, "replace")  # raises where the codec is none of text
    except (LookupError, ValueError, TypeError):
        return None
    return name
