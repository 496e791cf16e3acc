"""The error tree of the library.

::

    ContextError
    ├── InvalidPageError      the page handed in cannot be read as one
    ├── InvalidClaimError     a claim record or claim file has the wrong form
    ├── InvalidOutletError    an outlet record or outlet file has the wrong form
    ├── InvalidDisclaimerRuleError  a rule for disclaimers has the wrong form
    ├── InvalidPairsError     a file of labelled sentences has the wrong form, or too few of them
    ├── IndexFileError        an index file is missing, truncated, foreign or too new
    ├── EncoderMissingError   weights or packages of the sentence encoder are missing or unusable
    └── CommandError          a command or a setting cannot be carried out

Each message says what is wrong, where, and what to do about it. Absence is no error: no match, no
article and an unknown outlet give an empty tuple or None.
"""

from __future__ import annotations

__all__ = [
    "CommandError",
    "ContextError",
    "EncoderMissingError",
    "IndexFileError",
    "InvalidClaimError",
    "InvalidDisclaimerRuleError",
    "InvalidOutletError",
    "InvalidPageError",
    "InvalidPairsError",
]


class ContextError(Exception):
    """Base of every error that this library raises on purpose."""


class InvalidPageError(ContextError):
    """The page handed in cannot be read: no content, two contents, or a wrong type."""


class InvalidClaimError(ContextError):
    """A claim record or a claim file has the wrong form; the message names field and place."""


class InvalidOutletError(ContextError):
    """An outlet record or an outlet file has the wrong form; the message names field and place."""


class InvalidDisclaimerRuleError(ContextError):
    """A rule for disclaimers has the wrong form; the message names file, rule and expression."""


class InvalidPairsError(ContextError):
    """A file of labelled sentences has the wrong form or too few; the message says which line."""


class IndexFileError(ContextError):
    """An index file is missing, truncated, damaged, foreign, or of a newer version."""


class EncoderMissingError(ContextError):
    """The sentence encoder cannot be opened; the message says what to install or which folder."""


class CommandError(ContextError):
    """A command or a setting cannot be carried out; the message says what to change."""
