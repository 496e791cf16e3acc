"""Walk through the first day of docs/curation.md on a fresh service, and take its pictures.

Every step presses what the page names, by the words that stand on the screen, in the order of the
page; where page and product differ, it stops and says where.

usage: python -m docs.first_day [FOLDER]
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyotp

from docs.palette import with_palette
from tests.browser.chromium import Chromium, find_chromium
from tests.browser.conftest import command, database_in, serving
from tests.browser.engine import Engine
from tests.browser.firefox import Firefox, find_firefox
from tests.browser.hands import Hands

HERE = Path(__file__).parent
PAGE = HERE / "curation.md"
PICTURES = HERE / "images" / "desk"
PASSWORD = "correct horse battery staple"  # noqa: S105  # of a database that is thrown away
Picture = Callable[..., None]
WIDTH, HEIGHT = 1280, 800


def main() -> None:
    """Write the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    engine = start()
    try:
        with tempfile.TemporaryDirectory() as place:
            walk(engine, Path(place), lambda name, data: (folder / name).write_bytes(data))
    finally:
        engine.close()
    print(f"{PAGE.name}: every step was found as it is written; pictures in {folder}")


def start() -> Engine:
    """Return a browser that is installed here."""
    if (binary := find_chromium()) is not None:
        return Chromium(binary)
    if (binary := find_firefox()) is not None:
        return Firefox(binary)
    raise SystemExit("no browser here: sh tests/install_packages.sh")


def walk(engine: Engine, place: Path, keep: Callable[[str, bytes], object]) -> None:
    """Do what the page says, from an empty folder on; ``keep`` is given each picture."""
    said = Page(PAGE.read_text(encoding="utf-8"))
    subprocess.run(  # noqa: S603  # a command of ours
        [
            command(),
            *said.command("contextlib-news user add")[1:],
            "--database",
            database_in(place),
        ],
        input=PASSWORD + "\n",
        text=True,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "CONTEXTLIB_NEWS_DATA_FOLDER": str(place)},
    )
    hosts = ("ada.desk.example", "cora.desk.example", "reader.desk.example")
    with serving(place, ALLOWED_HOSTS=",".join(hosts)) as port:
        ada, cora, reader = (Hands(engine, f"http://{host}:{port}") for host in hosts)

        def picture(name: str, height: int = HEIGHT) -> None:
            engine.view(WIDTH, height)
            keep(f"{name}.png", with_palette(engine, engine.screenshot()))
            engine.view(WIDTH, HEIGHT)

        engine.view(WIDTH, HEIGHT)
        invite_and_come_in(said, ada, cora)
        dispute(said, reader)
        cora.goto("/admin/")
        picture("today")
        take_and_change(said, cora, picture)
        publish_and_answer(said, ada, cora, picture)
        rule_out_and_go_back(said, ada, cora, picture)
        bring_in_a_file(said, ada, cora, picture)
        merge(said, ada, cora, picture)
        change_many(said, cora, picture)
        come_back_late(said, ada, place)
    said.finish()


class Page:
    """The page that is walked through: what is pressed must stand in it, in bold, in this order."""

    def __init__(self, text: str) -> None:
        first = text.index("## Before the first day")
        self._text = re.sub(r"\s+", " ", text[first : text.index("## What each role does")])
        self._whole = text
        self._at = 0
        self._named: set[str] = set()

    def bold(self, words: str) -> str:
        """Return words that the page has in bold behind those before."""
        return self._find(f"**{words}**", words)

    def quoted(self, words: str) -> str:
        """Return words that the page has somebody type, behind those before."""
        return self._find(f"“{words}”", words)

    def _find(self, written: str, words: str) -> str:
        found = self._text.find(written, self._at)
        if found < 0:
            raise SystemExit(f"{PAGE.name} does not say {written} where it is to be pressed")
        # The same words may be pressed twice.
        self._at = found
        self._named.add(written)
        return words

    def command(self, beginning: str) -> list[str]:
        """Return a command of the page by its beginning."""
        found = re.search(rf"^{re.escape(beginning)}.*$", self._whole, re.MULTILINE)
        if found is None:
            raise SystemExit(f"{PAGE.name} has no command {beginning}")
        return found[0].split()

    def block(self, title: str) -> str:
        """Return what the page has a curator save as a file of this name."""
        found = re.search(rf'```csv title="{re.escape(title)}"\n(.*?)```', self._whole, re.DOTALL)
        if found is None:
            raise SystemExit(f"{PAGE.name} has no file {title}")
        return found[1]

    def finish(self) -> None:
        """See that nothing is in bold that was not pressed, filled in or looked for."""
        rest = set(re.findall(r"\*\*[^*]+\*\*", self._text)) - self._named
        if rest:
            raise SystemExit(f"{PAGE.name} names what the walk does not: {sorted(rest)}")


def invite_and_come_in(said: Page, ada: Hands, cora: Hands) -> None:
    """Let an administrator sign in and invite, and the curator join with a second factor."""
    ada.goto("/admin/")
    ada.fill("Name", "ada")
    ada.fill("Password", PASSWORD)
    ada.leave(said.bold("Sign in"))
    ada.leave(said.bold("Settings"))
    ada.check(said.bold("A claim is published by another person than the one who wrote it"))
    ada.leave(said.bold("Keep"))
    ada.leave(said.bold("People"))
    ada.fill(said.bold("Invite a"), "curator")
    ada.leave(said.bold("Make a link"))
    link = ada.ask("new URL(document.querySelector('.secret').innerText).pathname")
    cora.goto(link)
    cora.fill(said.bold("Name"), "cora")
    cora.fill(said.bold("Password"), PASSWORD)
    cora.fill(said.bold("Once more"), PASSWORD)
    cora.leave(said.bold("Join"))
    cora.fill("Name", "cora")
    cora.fill("Password", PASSWORD)
    cora.leave(said.bold("Sign in"))
    cora.leave("cora")
    secret = cora.ask("document.querySelector('.secret').innerText")
    cora.fill(said.bold("Code"), pyotp.TOTP(secret).at(int(time.time())))
    cora.leave(said.bold("Ask for it from now on"))
    cora.sees("Your app’s code is asked for at each sign-in.")


def dispute(said: Page, reader: Hands) -> None:
    """Dispute a claim on its public page, as a reader."""
    reader.goto("/claims/starter-06")
    reader.leave(said.bold("Dispute this"))
    reader.fill("What is wrong, and how do you know?", said.quoted(DISPUTE))
    reader.leave(said.bold("Send"))
    reader.sees("Your dispute waits for an answer")


DISPUTE = "The number is an estimate. Your page should say whose."
SAYS = "The guards’ estimate; no list of names was published."
REASON = "Whose estimate it is"
ANSWER = "You are right: the report’s number is the guards’ estimate, and the note says so now."
SENTENCE = "The Kurdish-led SDF staged a drill at the prison in January 2022."
NEW = "A new road along the river was opened in May 2024."
TWIN = "About 3,000 Islamic State detainees were held in the al-Sina’a prison when it was attacked."


def take_and_change(said: Page, cora: Hands, picture: Picture) -> None:
    """Take the dispute, change the claim, try it and send it to review."""
    cora.leave("Dispute 1")
    cora.leave(DISPUTE)
    cora.leave(said.bold("Take it"))
    cora.sees("You work on it.")
    picture("matter")
    cora.leave(cora.ask("document.querySelector('a[href^=\"/admin/claims/edit/\"]').innerText"))
    said.bold("Reports")
    cora.ask("(document.querySelector('.entry').open = true)")
    cora.fill(said.bold("What it says"), said.quoted(SAYS))
    cora.sees(SAYS, "#effect")
    said.bold("Try it on a text")
    cora.fill("Text or page", "About 3,000 detainees were held at the al-Sina’a prison.")
    cora.leave(said.bold("Try it"))
    cora.sees("Gets a note", ".tried")
    cora.fill(said.bold("What changed"), said.quoted(REASON))
    picture("editor", 1_280)
    cora.leave(said.bold("Save draft"))
    cora.sees("this draft is beside it")
    cora.leave(said.bold("Send to review"))
    cora.sees("in review", ".standing")


def publish_and_answer(said: Page, ada: Hands, cora: Hands, picture: Picture) -> None:
    """Publish as another person; answer the reader, and find the answer in the log."""
    ada.goto("/admin/")
    ada.leave(said.bold("Claims"))
    ada.fill(said.bold("State"), "in_review")
    ada.leave(said.bold("Find"))
    ada.press("table.claims tbody a")
    ada.sees("What publishing would change for readers")
    ada.ask("(document.querySelector('details.beside').open = true)")
    picture("review")
    ada.leave(said.bold("Publish"))
    ada.sees("published", ".standing")
    cora.goto("/admin/")
    cora.leave(said.bold("Queue"))
    cora.leave(said.bold("Mine"))
    cora.leave(DISPUTE)
    cora.check(said.bold("The reader is right: it was changed"))
    cora.fill(said.bold("Reason, shown in the public log"), said.quoted(ANSWER))
    cora.leave(said.bold("Answer"))
    cora.sees("Answered.")
    cora.goto("/disputes")
    cora.sees(ANSWER)
    picture("log")


def rule_out_and_go_back(said: Page, ada: Hands, cora: Hands, picture: Picture) -> None:
    """Say that a sentence is not this claim; then look at the version before."""
    cora.goto("/admin/claims?text=staged")
    cora.fill(said.bold("Words"), "staged")
    cora.leave(said.bold("Find"))
    cora.leave("The Kurdish-led SDF staged the January 2022 al-Hasakah prison break to keep US "
               "forces in Syria.")  # fmt: skip
    cora.fill("Text or page", said.quoted(SENTENCE))
    cora.leave("Try it")
    cora.leave(said.bold("Not this claim"))
    cora.sees("Ruled out")
    cora.ask("(document.querySelector('.tried').scrollIntoView({ block: 'center' }), 1)")
    picture("not-this-claim")
    cora.leave(said.bold("History"))
    cora.leave(said.bold("Make this the draft"))
    cora.sees("draft", ".standing")
    cora.leave(said.bold("Discard the draft"))
    cora.sees("Readers see this text.", ".standing")


def bring_in_a_file(said: Page, ada: Hands, cora: Hands, picture: Picture) -> None:
    """Look at a table and try it as a curator, and bring it in as a reviewer."""
    cora.leave(said.bold("Imports"))
    cora.attach("[name=file]", "quotes.csv", said.block("quotes.csv"))
    cora.leave(said.bold("Look at it"))
    choices = {"Quote": "text", "Who": "claimant", "Finding": "review.rating"}
    for column, field in {**choices, "By": "review.publisher", "Where": "review.url"}.items():
        cora.ask(
            "(() => { const row = [...document.querySelectorAll('tbody tr')].find((each) => "
            f"each.querySelector('th').innerText === '{column}'); "
            f"row.querySelector('select').value = '{field}'; return 1; }})()"
        )
    cora.fill(said.bold("Name of the source"), said.quoted("Quotes of the valley"))
    cora.leave(said.bold("Try it"))
    cora.sees("nothing was kept")
    picture("import")
    ada.goto("/admin/imports")
    ada.leave("quotes.csv")
    for column, field in {**choices, "By": "review.publisher", "Where": "review.url"}.items():
        ada.ask(
            "(() => { const row = [...document.querySelectorAll('tbody tr')].find((each) => "
            f"each.querySelector('th').innerText === '{column}'); "
            f"row.querySelector('select').value = '{field}'; return 1; }})()"
        )
    ada.fill("Name of the source", "Quotes of the valley")
    ada.leave("Try it")
    ada.leave(said.bold("Import it"))
    ada.sees(said.bold("Undo: take away all that this source brought"))


def merge(said: Page, ada: Hands, cora: Hands, picture: Picture) -> None:
    """Write a claim that is there already, heed the warning, and merge the two."""
    cora.goto("/admin/claims")
    cora.leave(said.bold("New claim"))
    cora.fill("Claim", said.quoted(TWIN))
    cora.sees(said.bold("Claims that say much the same"), "#effect")
    cora.leave("Save draft")
    merging = "document.querySelector('.warned li a + span + a').innerText"
    cora.leave(" ".join(cora.ask(merging).split()))
    cora.leave(said.bold("Keep the second instead"))
    picture("merge")
    cora.leave(said.bold("Send the merge to review"))
    ada.goto("/admin/claims?stage=in_review")
    ada.press("table.claims tbody a")
    ada.sees("in review", ".standing")
    ada.leave("Publish")
    ada.goto(cora_address(ada))
    ada.leave(said.bold("Retire the second"))
    ada.sees("published", ".standing")
    ada.leave(said.bold("Merge with another"))
    ada.fill("Id of the other claim, or words of it", "dam")
    ada.leave("Compare")
    ada.sees("Claims with such words")


def cora_address(ada: Hands) -> str:
    """Return the page of the merge, as the curator hands it on."""
    kept = ada.ask("location.pathname.split('/').pop()")
    ada.goto("/admin/claims?stage=draft&text=detainees")
    other = ada.ask("document.querySelector('table.claims tbody a').pathname.split('/').pop()")
    return f"/admin/claims/merge/{kept}?with={other}"


def change_many(said: Page, cora: Hands, picture: Picture) -> None:
    """Give several claims a topic at once, and keep a filter as a view."""
    cora.goto("/admin/claims?text=dam")
    cora.ask("(document.querySelector('[data-all=claim]').click(), 1)")
    cora.fill(said.bold("Do"), "add-topic")
    cora.type("[name=topic-of-all]", said.quoted("dams"))
    cora.leave(said.bold("See what would change"))
    picture("many")
    cora.press("main form.wide button")
    cora.sees("claims changed")
    cora.leave(said.bold("Undo it for all of them"))
    cora.sees("Undone by cora")
    cora.goto("/admin/claims?stage=draft")
    cora.ask("(document.querySelector('details.keep').open = true)")
    said.bold("Keep these filters as a view")
    cora.type("details.keep [name=name]", "Drafts")
    cora.leave(said.bold("Keep it"))
    cora.sees("Take the view")


def come_back_late(said: Page, ada: Hands, place: Path) -> None:
    """Save a draft after the session has ended: what was typed is sent again."""
    ada.goto("/admin/claims/new")
    ada.fill("Claim", NEW)
    with closing(sqlite3.connect(place / "claims.db")) as database, database:
        database.execute("UPDATE sessions SET seen = '2000-01-01T00:00:00+00:00'")
    ada.leave(said.bold("Save draft"))
    ada.fill("Name", "ada")
    ada.fill("Password", PASSWORD)
    ada.leave("Sign in")
    ada.leave(said.bold("Send it again"))
    ada.sees("draft", ".standing")
    ada.sees(NEW)


if __name__ == "__main__":
    main()
