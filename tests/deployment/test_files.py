"""What a deployment is made of holds together: checked by the tools that will read it, where they
are installed, and by starting what is in it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import trustme
import yaml
from contextlib_news_server.config import PREFIX, Config
from contextlib_news_server.store.database import open_database


def tool(name: str) -> str:
    """Return where a tool lies; the test is skipped where it is not installed."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def server(root: Path) -> Path:
    return root / "server"


def test_nginx_takes_its_file(server: Path, tmp_path: Path) -> None:
    nginx = tool("nginx")
    authority = trustme.CA()
    authority.issue_cert("context.example.org").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "both.pem"
    )
    text = (server / "nginx.conf.template").read_text("utf-8")
    text = text.replace("${PUBLIC_NAME}", "context.example.org")
    text = text.replace("${SERVICE}", "127.0.0.1:8765")
    text = re.sub(r"/etc/nginx/tls/\w+\.pem", str(tmp_path / "both.pem"), text)
    assert "${" not in text
    (tmp_path / "site.conf").write_text(text, "utf-8")
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include {tmp_path}/site.conf; }}\n", "utf-8"
    )
    done = subprocess.run(
        [nginx, "-t", "-c", whole, "-e", tmp_path / "errors"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


@pytest.mark.parametrize(
    "unit",
    [
        "contextlib-news.service",
        "contextlib-news-backup.service",
        "contextlib-news-backup.timer",
    ],
)
def test_systemd_takes_its_units(server: Path, tmp_path: Path, unit: str) -> None:
    analyze = tool("systemd-analyze")
    # Programs and users of the installation are not there in a checkout.
    for path in server.glob("contextlib-news*.*"):
        text = path.read_text("utf-8").replace("/opt/contextlib-news/bin/gunicorn", "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", tmp_path / unit], capture_output=True, text=True
    )
    said = [line for line in done.stderr.splitlines() if str(tmp_path) in line or unit in line]
    assert not said


def test_the_compose_file_names_what_there_is(server: Path, root: Path) -> None:
    text = (server / "compose.yaml").read_text("utf-8")
    compose = yaml.safe_load(text)
    services = compose["services"]
    watching = {"prometheus", "grafana"}
    assert set(services) == {"service", "database", "counts", "proxy", "backup"} | watching
    assert all(services[name]["profiles"] == ["watch"] for name in watching)
    settings = (root / "docs" / "settings.md").read_text("utf-8")
    for service in services.values():
        for name in service.get("environment", {}):
            assert not name.startswith(PREFIX) or f"`{name}`" in settings
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("./") and source not in ("./tls", "./backups", "./metrics-token"):
                assert (server / source).exists()
            elif not source.startswith("./"):
                assert source in compose["volumes"]
        if "build" in service:
            assert (server / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    # No secret has a default: without it the file is refused.
    assert re.findall(r"\$\{(\w*(?:PASSWORD|KEY))\}", text) == []
    # Settings of the file are ones that the service takes.
    given = {
        name: re.sub(r"\$\{\w+:\?\}", "x", value)
        for name, value in services["service"]["environment"].items()
    }
    given[f"{PREFIX}INDEX_SHARE"] = str(server)
    Config.from_env(given)


def test_compose_takes_its_file_and_demands_the_secrets(server: Path) -> None:
    command = [tool("podman-compose"), "-f", server / "compose.yaml", "config"]
    tool("podman")
    secrets = {"POSTGRES_PASSWORD": "x", "CONTEXTLIB_NEWS_SECRET_KEY": "y" * 64}
    environment = {**os.environ, **secrets, "PUBLIC_NAME": "context.example.org"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout[done.stdout.index("name:") :])
    assert read["services"]["service"]["read_only"] is True
    for name in secrets:
        without = {key: value for key, value in environment.items() if key != name}
        refused = subprocess.run(command, env=without, capture_output=True, text=True)
        assert refused.returncode != 0
        assert name in refused.stderr + refused.stdout


def test_the_containerfile_is_clean(server: Path) -> None:
    done = subprocess.run([tool("hadolint"), server / "Containerfile"], capture_output=True)
    assert done.returncode == 0, done.stdout.decode()


def test_the_container_copies_what_there_is(root: Path) -> None:
    text = (root / "server" / "Containerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE)
    assert copied
    for path in " ".join(copied).split():
        assert (root / path).exists(), path
    assert re.search(r"^USER \d+$", text, re.MULTILINE)


def test_shell_scripts_are_clean(server: Path) -> None:
    done = subprocess.run(
        [tool("shellcheck"), server / "backup.sh"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_the_backup_job_keeps_the_newest(server: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'claims.db'}"
    open_database(address).dispose()
    backups = tmp_path / "backups"
    backups.mkdir()
    for day in (1, 2, 3):
        (backups / f"contextlib-news-2026010{day}T000000Z.backup").write_text("old")
    (backups / "another-file").write_text("stays")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "BACKUP_FOLDER": str(backups),
        "BACKUP_KEEP": "2",
        f"{PREFIX}DATABASE": address,
        f"{PREFIX}DATA_FOLDER": str(tmp_path / "data"),
    }
    script = ["sh", str(server / "backup.sh")]
    subprocess.run(script, env=environment, check=True, capture_output=True)
    kept = sorted(path.name for path in backups.iterdir())
    assert len(kept) == 3
    assert kept[0] == "another-file"
    assert kept[1] == "contextlib-news-20260103T000000Z.backup"
    assert (backups / kept[2]).stat().st_size > 1_000
    # One that fails takes nothing away.
    broken = environment | {f"{PREFIX}DATABASE": "sqlite:////proc/none/claims.db"}
    assert subprocess.run(script, env=broken, capture_output=True).returncode != 0
    assert sorted(path.name for path in backups.iterdir()) == kept
