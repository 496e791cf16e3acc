"""Settings come from the environment; a bad one stops the start and is named."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from contextlib_news_server.config import DEFAULT_PORT, Config

from contextlib_news.errors import CommandError


def read(folder: Path, **settings: str) -> Config:
    values = {f"CONTEXTLIB_NEWS_{name}": value for name, value in settings.items()}
    return Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder)} | values)


def test_the_defaults_serve_this_machine_alone(tmp_path: Path) -> None:
    config = read(tmp_path)
    assert (config.host, config.port) == ("127.0.0.1", DEFAULT_PORT)
    assert config.database == f"sqlite:///{tmp_path / 'claims.db'}"
    assert config.origins == ()


def test_settings_are_read(tmp_path: Path) -> None:
    config = read(
        tmp_path, PORT="0", HOST="::1", ORIGINS="https://a.example, http://b.example:8080/"
    )
    assert (config.host, config.port) == ("::1", 0)
    assert config.origins == ("https://a.example", "http://b.example:8080")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "²"),
        ("MAX_BODY_BYTES", "12"),
        ("ORIGINS", "*"),
        ("ORIGINS", "null"),
        ("ORIGINS", "https://a.example/path"),
        ("EXTENSION_ORIGINS", "chrome-extension://.*"),
        ("ALLOWED_HOSTS", "a b"),
        ("ENCODER", "yes"),
        ("ENCODER", "/no/such/folder"),
        ("ENCODER", "in\x00stalled"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(CommandError, match=f"CONTEXTLIB_NEWS_{name}"):
        read(tmp_path, **{name: value})


def test_the_encoder_is_installed_or_in_a_folder(tmp_path: Path) -> None:
    assert read(tmp_path).encoder is None
    assert read(tmp_path, ENCODER="").encoder is None
    assert read(tmp_path, ENCODER="installed").encoder == "installed"
    assert read(tmp_path, ENCODER=str(tmp_path)).encoder == str(tmp_path)


def test_the_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    key = read(tmp_path / "new").secret_key
    assert len(key) == 64
    assert read(tmp_path / "new").secret_key == key
    assert read(tmp_path / "other").secret_key != key
    path = tmp_path / "new" / "secret-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret-key"]


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from contextlib_news_server.config import Config; "
        "print(Config.from_env({'CONTEXTLIB_NEWS_DATA_FOLDER': sys.argv[1]}).secret_key)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "data")], stdout=subprocess.PIPE
        )
        for _ in range(4)
    ]
    said = {process.communicate(timeout=300)[0].strip() for process in started}
    assert len(said) == 1
    assert len(said.pop()) == 64


def test_the_key_is_not_shown(tmp_path: Path) -> None:
    assert "swordfish" not in repr(read(tmp_path, SECRET_KEY="swordfish"))
