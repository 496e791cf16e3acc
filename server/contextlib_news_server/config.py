"""The settings of the service, read once; a bad one fails at start with its name."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from limits import parse_many
from platformdirs import user_data_path

from contextlib_news.errors import CommandError

__all__ = ["DEFAULT_PORT", "INSTALLED", "PREFIX", "Config", "default_data_folder"]

DEFAULT_PORT = 8765
PREFIX = "CONTEXTLIB_NEWS_"

INSTALLED = "installed"

# A reader who opens ten pages a minute stays far below it; a script does not.
RATE_LIMIT = "600 per minute"

_ORIGIN = re.compile(r"(?:https?|chrome-extension|moz-extension)://[A-Za-z0-9.-]+(?::\d{1,5})?")
_ADDRESS = re.compile(r"https?://[^\s/@]+/\S*")
_HOST = re.compile(r"[A-Za-z0-9.:_\[\]-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the service is run with; sizes in bytes, times in seconds.

    ``evidence_days`` is how often a link is visited, 0 for never.
    ``disclaimers`` is a file of rules beside those that ship, None for none.
    ``encoder`` is INSTALLED or the folder of a sentence encoder's weights, None for none.
    ``index_share`` is a folder that several machines see and take the index from, None for none.
    ``profile_folder`` gets a profile of each request that takes ``profile_milliseconds`` or more.
    ``traces`` is the address of an OTLP collector, None for none.
    """

    database: str
    data_folder: Path
    disclaimers: str | None = None
    encoder: str | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    allowed_hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    extension_origins: tuple[str, ...] = ()
    evidence_days: int = 30
    fetch_bytes: int = 512 * 1024 * 1024
    fetch_hosts: tuple[str, ...] = ()
    fetch_private_hosts: tuple[str, ...] = ()
    index_share: Path | None = None
    max_at_once: int = 4
    max_body_bytes: int = 4 * 1024 * 1024
    max_blocks: int = 5_000
    max_links: int = 2_000
    max_sentence_characters: int = 100_000
    max_text_characters: int = 1_000_000
    max_sentences: int = 3_000
    max_seconds: float = 20.0
    poll_seconds: float = 1.0
    profile_folder: Path | None = None
    profile_milliseconds: int = 1_000
    proxies: int = 0
    rate_limit: str = RATE_LIMIT
    rate_storage: str = "memory://"
    token_required: bool = False
    traces: str | None = None
    secret_key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)

    @classmethod
    def from_env(
        cls, environment: Mapping[str, str] | None = None, *, database: str | None = None
    ) -> Config:
        """Return the settings of the environment; raises CommandError naming a bad one."""
        values = os.environ if environment is None else environment

        def value(name: str) -> str | None:
            return values.get(PREFIX + name) or None

        folder = Path(value("DATA_FOLDER") or default_data_folder()).expanduser()
        return cls(
            database=database or value("DATABASE") or f"sqlite:///{folder / 'claims.db'}",
            data_folder=folder,
            disclaimers=value("DISCLAIMERS"),
            encoder=_encoder(value("ENCODER")),
            host=value("HOST") or "127.0.0.1",
            port=_whole("PORT", value("PORT"), DEFAULT_PORT, 0, 65_535),
            allowed_hosts=_listed("ALLOWED_HOSTS", value("ALLOWED_HOSTS"), _HOST),
            origins=_listed("ORIGINS", value("ORIGINS"), _ORIGIN),
            extension_origins=_listed("EXTENSION_ORIGINS", value("EXTENSION_ORIGINS"), _ORIGIN),
            evidence_days=_whole("EVIDENCE_DAYS", value("EVIDENCE_DAYS"), 30, 0, 365),
            fetch_hosts=_listed("FETCH_HOSTS", value("FETCH_HOSTS"), _HOST),
            fetch_private_hosts=_listed("FETCH_PRIVATE_HOSTS", value("FETCH_PRIVATE_HOSTS"), _HOST),
            index_share=_folder("INDEX_SHARE", value("INDEX_SHARE")),
            max_at_once=_whole("MAX_AT_ONCE", value("MAX_AT_ONCE"), 4, 1, 1_000),
            max_body_bytes=_whole(
                "MAX_BODY_BYTES", value("MAX_BODY_BYTES"), 4 * 1024 * 1024, 1_024, 64 * 1024 * 1024
            ),
            max_seconds=float(_whole("MAX_SECONDS", value("MAX_SECONDS"), 20, 1, 600)),
            profile_folder=_folder("PROFILE_FOLDER", value("PROFILE_FOLDER")),
            profile_milliseconds=_whole(
                "PROFILE_MILLISECONDS", value("PROFILE_MILLISECONDS"), 1_000, 0, 600_000
            ),
            proxies=_whole("PROXIES", value("PROXIES"), 0, 0, 10),
            rate_limit=_rate(value("RATE_LIMIT")),
            rate_storage=_storage(value("RATE_STORAGE")),
            token_required=_yes("TOKEN_REQUIRED", value("TOKEN_REQUIRED")),
            traces=_collector(value("TRACES")),
            secret_key=value("SECRET_KEY") or _kept_secret(folder),
        )


def default_data_folder() -> Path:
    """Return where this user's data belongs on this system."""
    return user_data_path("contextlib-news", appauthor=False)


def _whole(name: str, said: str | None, default: int, least: int, most: int) -> int:
    if said is None:
        return default
    if not said.isdecimal() or not least <= int(said) <= most:
        raise CommandError(f"{PREFIX}{name} must be a whole number from {least} to {most}")
    return int(said)


def _yes(name: str, said: str | None) -> bool:
    if said not in (None, "yes", "no"):
        raise CommandError(f"{PREFIX}{name} must be yes or no")
    return said == "yes"


def _rate(said: str | None) -> str:
    if said is None:
        return RATE_LIMIT
    if said == "none":
        return ""
    try:
        parse_many(said)
    except ValueError:
        raise CommandError(
            f"{PREFIX}RATE_LIMIT must be none or such as '600 per minute; 10000 per day'"
        ) from None
    return said


def _storage(said: str | None) -> str:
    if said is None:
        return "memory://"
    if not said.startswith(("memory://", "redis://", "rediss://", "valkey://", "valkeys://")):
        raise CommandError(f"{PREFIX}RATE_STORAGE must be such as redis://127.0.0.1:6379/0")
    return said


def _listed(name: str, said: str | None, form: re.Pattern[str]) -> tuple[str, ...]:
    items = tuple(item.strip().rstrip("/") for item in (said or "").split(",") if item.strip())
    for item in items:
        if not form.fullmatch(item):
            raise CommandError(f"{PREFIX}{name} holds {item!r}, which is none; part them by commas")
    return items


def _encoder(said: str | None) -> str | None:
    if said is None or said == INSTALLED:
        return said
    folder = Path(said).expanduser()
    if not folder.is_dir():
        raise CommandError(
            f"{PREFIX}ENCODER must be {INSTALLED!r} or a folder with the encoder's weights; "
            f"{said!a} is none"
        )
    return str(folder)


def _folder(name: str, said: str | None) -> Path | None:
    if said is None:
        return None
    folder = Path(said).expanduser()
    if not folder.is_dir():
        raise CommandError(f"{PREFIX}{name} must be a folder; {said!a} is none")
    return folder


def _collector(said: str | None) -> str | None:
    if said is not None and not _ADDRESS.fullmatch(said):
        raise CommandError(f"{PREFIX}TRACES must be such as http://127.0.0.1:4318/v1/traces")
    return said


def _kept_secret(folder: Path) -> str:
    """Return the key made at random on first start and kept, readable by its owner alone."""
    path = folder / "secret-key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written aside and then linked, so that a process that starts at the same moment finds either
    # no key or a whole one; the link that comes second fails and takes what is there.
    handle, aside = tempfile.mkstemp(prefix="secret-key-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        os.unlink(aside)
    return path.read_text(encoding="ascii").strip()
