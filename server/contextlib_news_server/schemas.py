"""Requests read once, at the border: JSON in, library values out, each wrong field named.

The classes are also what the description of the API is made from. Texts are not held against
UTF-8 here: pages hold halves of characters, and a sentence with one is still a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
)
from pydantic_core import core_schema

from contextlib_news.models import Block, BlockRole, Link, Page
from contextlib_news_server.config import Config

__all__ = [
    "AnnotateBody",
    "BatchBody",
    "ClaimPath",
    "ClaimReviewSearchQuery",
    "ClaimsQuery",
    "DomainPath",
    "DomainsBody",
    "FlagBody",
    "InvalidFieldsError",
    "OutletListQuery",
    "is_keepable",
    "name_fields",
]

MAX_DOMAINS = 500
MAX_BATCH = 50

# So many wrong fields are named; a body may hold more.
MAX_NAMED = 50

# What no database keeps in a text: the null character, and halves of a character (lone surrogates).
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")

_SAID = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "string_type": "must be a text",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
}


class InvalidFieldsError(ValueError):
    """The fields that are wrong, each with what is wrong about it."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {detail}" for field, detail in errors))
        self.errors = tuple(errors)


class _Limit:
    """Part of a text's type: refuses some texts, and says in the description which."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **self.described()}

    def check(self, text: str) -> str:
        """Return the text; raises ValueError where it is refused."""
        raise NotImplementedError

    def described(self) -> dict[str, Any]:
        """Return what JSON Schema says of it."""
        raise NotImplementedError


@dataclass(frozen=True)
class AtMost(_Limit):
    """Limits a text to so many characters."""

    limit: int

    def check(self, text: str) -> str:
        """Return the text; raises ValueError where it is longer."""
        if len(text) > self.limit:
            raise ValueError(f"has more than {self.limit:,} characters")
        return text

    def described(self) -> dict[str, Any]:
        """Return what JSON Schema says of it."""
        return {"maxLength": self.limit}


def is_keepable(text: str) -> bool:
    """Say whether a database can keep a text, and so may know it."""
    return _UNKEEPABLE.search(text) is None


class Keepable(_Limit):
    """Limits a text to what a database can keep."""

    def check(self, text: str) -> str:
        """Return the text; raises ValueError where no database keeps it."""
        if not is_keepable(text):
            raise ValueError("holds a null character or half a character")
        return text

    def described(self) -> dict[str, Any]:
        """Return what JSON Schema says of it; half a character cannot be sent in UTF-8 anyway."""
        return {"pattern": r"^[^\u0000]*$"}


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("must say what is disputed or asked for")
    return text


Word = Annotated[str, AtMost(40)]
Name = Annotated[str, AtMost(200)]
Line = Annotated[str, AtMost(2_000)]
Address = Annotated[str, AtMost(4_000)]
KeptName = Annotated[Name, Keepable()]
KeptText = Annotated[Address, Keepable()]


def _example(value: dict[str, Any]) -> ConfigDict:
    """Return the settings of a body with an example for its description."""
    return ConfigDict(openapi_extra={"example": value})  # type: ignore[typeddict-unknown-key]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Row(BaseModel):
    """A row of a body; what a newer caller adds to it is passed over."""

    model_config = ConfigDict(extra="ignore", strict=True)


class BlockRow(_Row):
    """A block of text as it stands on the page."""

    text: str
    id: Name | None = None
    role: Annotated[BlockRole, Field(strict=False)] = BlockRole.PARAGRAPH


class LinkRow(_Row):
    """A link of the page, with its words and the block it stands in."""

    href: str
    text: Line | None = None
    block: Name | None = None


class AnnotateBody(_Body):
    """A page: exactly one of ``blocks``, ``text`` and ``html``."""

    model_config = _example(
        {
            "url": "https://example.org/story",
            "blocks": [{"id": "b1", "text": "Islamic State fighters attacked a prison."}],
        }
    ) | ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": [name], "properties": {name: {"type": kind}}}
                for name, kind in (("blocks", "array"), ("text", "string"), ("html", "string"))
            ]
        }
    )

    url: Address | None = None
    title: Line | None = None
    language: Word | None = None
    reader_language: Word | None = None
    blocks: list[BlockRow] | None = None
    text: str | None = None
    html: str | None = None
    links: list[LinkRow] | None = None

    def page(self, config: Config, place: str = "") -> Page:
        """Return the page; raises InvalidFieldsError, its fields named behind ``place``."""
        given = [name for name in ("blocks", "text", "html") if getattr(self, name) is not None]
        errors: list[tuple[str, str]] = []
        if len(given) != 1:
            errors.append((f"{place}blocks", "exactly one of blocks, text and html must be given"))
        for name, rows, limit in (
            ("blocks", self.blocks, config.max_blocks),
            ("links", self.links, config.max_links),
        ):
            if rows is not None and len(rows) > limit:
                errors.append((place + name, f"must be a list of at most {limit:,} {name}"))
        if errors:
            raise InvalidFieldsError(errors)
        blocks = None
        if self.blocks is not None:
            blocks = tuple(Block(text=b.text, id=b.id, role=b.role) for b in self.blocks)
        links = tuple(
            Link(href=link.href, text=link.text or "", block=link.block)
            for link in self.links or ()
        )
        return Page(
            url=self.url,
            title=self.title,
            language=self.language,
            html=self.html,
            text=self.text,
            blocks=blocks,
            links=links,
        )


class BatchBody(_Body):
    """Several pages at once."""

    model_config = _example({"pages": [{"text": "Islamic State fighters attacked a prison."}]})

    pages: Annotated[list[AnnotateBody], Field(min_length=1, max_length=MAX_BATCH)]


class DomainsBody(_Body):
    """Domains or addresses to look up."""

    model_config = _example({"domains": ["reuters.com", "theonion.com"]})

    domains: Annotated[list[str], Field(max_length=MAX_DOMAINS)]


class FlagBody(_Body):
    """What a reader disputes, or the note that they miss."""

    model_config = _example({"claim_id": "hasakah-attack", "reason": "The report is withdrawn."})

    reason: Annotated[KeptText, AfterValidator(_said)]
    note_id: Annotated[str, AtMost(100), Keepable()] | None = None
    claim_id: KeptName | None = None
    url: KeptText | None = None
    exact: KeptText | None = None


class DomainPath(BaseModel):
    """The domain or address of an outlet."""

    domain: str


class OutletListQuery(BaseModel):
    """Since which version of the list changes are asked for; all outlets without one."""

    since: str | None = None


class ClaimPath(BaseModel):
    """The id of a claim."""

    id: str


class ClaimsQuery(BaseModel):
    """Which claims are listed: those that fit ``query``, or all by id from ``after``."""

    query: str = ""
    after: KeptText = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 50


class ClaimReviewSearchQuery(BaseModel):
    """The query of the Google Fact Check Tools; parameters beside these are passed over."""

    query: str = ""
    languageCode: str = ""  # noqa: N815  # their name
    reviewPublisherSiteFilter: str = ""  # noqa: N815  # their name
    maxAgeDays: Annotated[int, Field(ge=0)] | None = None  # noqa: N815  # their name
    pageSize: Annotated[int, Field(ge=0)] = 10  # noqa: N815  # their name
    pageToken: str = ""  # noqa: N815  # their name
    offset: Annotated[int, Field(ge=0)] = 0


def name_fields(error: ValidationError) -> InvalidFieldsError:
    """Return an error that names each wrong field in our words."""
    return InvalidFieldsError(
        [
            (_place(found["loc"]), _say(found))
            for found in error.errors(include_url=False, include_input=False)[:MAX_NAMED]
        ]
    )


def _place(location: Sequence[int | str]) -> str:
    """Return ``blocks[3].text`` for its parts."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).removeprefix(".")


def _say(error: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] in ("enum", "literal_error"):
        return f"must be one of {error['ctx']['expected'].replace(' or ', ', ')}".replace("'", "")
    if error["type"] == "too_long":
        return f"has more than {error['ctx']['max_length']:,} items"
    return _SAID.get(error["type"], str(error["msg"]))
