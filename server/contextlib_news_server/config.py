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

from platformdirs import user_data_path

from contextlib_news.errors import CommandError

__all__ = ["DEFAULT_PORT", "INSTALLED", "PREFIX", "Config", "default_data_folder"]

DEFAULT_PORT = 8765
PREFIX = "CONTEXTLIB_NEWS_"

INSTALLED = "installed"

_ORIGIN = re.compile(r"(?:https?|chrome-extension|moz-extension)://[A-Za-z0-9.-]+(?::\d{1,5})?")
_HOST = re.compile(r"[A-Za-z0-9.:_\[\]-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the service is run with; sizes in bytes, times in seconds.

    ``encoder`` is INSTALLED or the folder of a sentence encoder's weights, None for none.
    """

    database: str
    data_folder: Path
    encoder: str | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    allowed_hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    extension_origins: tuple[str, ...] = ()
    max_body_bytes: int = 4 * 1024 * 1024
    max_blocks: int = 5_000
    max_links: int = 2_000
    max_sentence_characters: int = 100_000
    max_text_characters: int = 1_000_000
    max_sentences: int = 3_000
    poll_seconds: float = 1.0
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
            encoder=_encoder(value("ENCODER")),
            host=value("HOST") or "127.0.0.1",
            port=_whole("PORT", value("PORT"), DEFAULT_PORT, 0, 65_535),
            allowed_hosts=_listed("ALLOWED_HOSTS", value("ALLOWED_HOSTS"), _HOST),
            origins=_listed("ORIGINS", value("ORIGINS"), _ORIGIN),
            extension_origins=_listed("EXTENSION_ORIGINS", value("EXTENSION_ORIGINS"), _ORIGIN),
            max_body_bytes=_whole(
                "MAX_BODY_BYTES", value("MAX_BODY_BYTES"), 4 * 1024 * 1024, 1_024, 64 * 1024 * 1024
            ),
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
