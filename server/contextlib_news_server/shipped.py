"""What ships beside the code: the extension's folder, and the files that a deployment is made of.

In a wheel they lie under ``shipped/``, in a checkout where they are kept.
"""

from __future__ import annotations

import argparse
import shutil
from functools import cache
from pathlib import Path

from contextlib_news.errors import CommandError

__all__ = ["DEPLOYMENT", "add_unpack_command", "extension_folder", "unpack"]

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.

DEPLOYMENT = (
    "backup.sh",
    "contextlib-news-backup.service",
    "contextlib-news-backup.timer",
    "contextlib-news.service",
    "grafana/contextlib-news.json",
    "prometheus/alerts.test.yml",
    "prometheus/alerts.yml",
    "nginx.conf.template",
)

HERE = Path(__file__).parent


@cache
def extension_folder() -> Path:
    """Return the folder of the extension; raises CommandError where it was not installed."""
    return _folder("extension", HERE.parents[1] / "extension", "manifest.json")


def _folder(name: str, in_checkout: Path, held: str) -> Path:
    for folder in (HERE / "shipped" / name, in_checkout):
        if (folder / held).is_file():
            return folder
    raise CommandError(f"the files of {name} were not installed with the service")


def unpack(name: str, target: Path) -> list[Path]:
    """Write ``extension`` or ``deployment`` into a folder, which is made; return what was written.

    Files of an older release are replaced, others are left as they are. Raises CommandError where
    the folder cannot be written.
    """
    if name == "extension":
        source = extension_folder()
        names = sorted(p.relative_to(source) for p in source.rglob("*") if p.is_file())
    else:
        source = _folder("deployment", HERE.parent, DEPLOYMENT[0])
        names = [Path(each) for each in DEPLOYMENT]
    written = []
    for each in names:
        path = target / each
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / each, path)
            path.chmod(0o755 if path.suffix == ".sh" else 0o644)
        except OSError as error:
            raise CommandError(f"cannot write {path}: {error.strerror or error}") from None
        written.append(path)
    return written


def add_unpack_command(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``unpack`` with what can be unpacked."""
    parser = commands.add_parser("unpack", help="write out what ships beside the service")
    kinds = parser.add_subparsers(metavar="WHAT", required=True)
    for name, told in (
        ("extension", "the folder that browsers load as an unpacked extension"),
        ("deployment", "systemd units, backup job, template for nginx, dashboard and alerts"),
    ):
        kind = kinds.add_parser(name, help=told)
        kind.add_argument("folder", type=Path, metavar="FOLDER", help="where to; made if need be")
        kind.set_defaults(func=lambda options, name=name: _unpack(name, options.folder))


def _unpack(name: str, folder: Path) -> int:
    written = unpack(name, folder)
    print(f"{len(written)} files in {folder.resolve()}")
    return 0
