"""A curator's day, from the flag of a reader to the public log, in both browsers.

The service runs in a process of its own and its people are added by the command. A reader has a
page open all day, with the real extension on it.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
import pytest

from tests.browser.conftest import command, database_in, serving
from tests.browser.engine import Engine
from tests.browser.hands import Hands
from tests.browser.made import STAGED
from tests.browser.sites import Server
from tests.contextlib_news.formats.review_shapes import make_cases

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery staple"
PEOPLE = {"ada": "administrator", "cora": "reviewer"}

HELD = "The al-Sina’a prison held about 5,000 Islamic State detainees at the time of the attack."
DISPUTE = "The number is an estimate; your note should say whose."
SAYS = "It gives about 5,000 as the guards’ estimate; no list of names was published."
ANSWER = "The reader is right: the note says now whose estimate it is."
TWIN = "Around 5,000 Islamic State detainees were held in al-Sina’a prison when it was attacked."


@dataclass
class Day:
    """The service of one day: its port, and where it keeps what it keeps."""

    engine: Engine
    port: int

    def person(self, name: str) -> Hands:
        """The hands of a person; each types another name of the service, so has cookies apart."""
        return Hands(self.engine, f"http://{name}.desk.example:{self.port}")


@pytest.fixture
def day(engine: Engine, tmp_path: Path) -> Iterator[Day]:
    for name, role in PEOPLE.items():
        adding = [command(), "user", "add", name, "--role", role]
        added = subprocess.run(
            [*adding, "--database", database_in(tmp_path)],
            input=PASSWORD + "\n",
            text=True,
            capture_output=True,
            check=True,
            env={"PATH": "/usr/bin:/bin", "CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path)},
        )
        assert added.stdout == f"added {name} as {role}\n"
    hosts = ",".join(f"{name}.desk.example" for name in PEOPLE)
    with serving(tmp_path, ALLOWED_HOSTS=hosts) as port:
        engine.view(1280, 900)
        engine.use_service(f"http://127.0.0.1:{port}")
        yield Day(engine, port)


def sign_in_with_a_second_factor(person: Hands, name: str) -> None:
    """Set the second factor up on the account's page, leave, and come back with a code."""
    person.goto("/admin/account")
    give_name_and_password(person, name)
    person.sees("Let an authenticator app read the square")
    app = pyotp.TOTP(person.ask("document.querySelector('.secret').innerText"))
    person.fill("Code", app.now())
    person.leave("Ask for it from now on")
    person.sees("Your app’s code is asked for at each sign-in.")
    person.press("header form button")
    person.sees("Forgotten?")
    give_name_and_password(person, name)
    person.sees("The six digits")
    person.fill("Code", "000000")
    person.leave("Go on")
    person.sees("This code is not right")
    # Each code is taken once, so the app's next one is given; clocks may differ by one.
    person.fill("Code", app.at(int(time.time()) + 30))
    person.leave("Go on")
    person.sees("What waits")


def give_name_and_password(person: Hands, name: str) -> None:
    person.fill("Name", name)
    person.fill("Password", PASSWORD)
    person.leave("Sign in")


def claim_notes(engine: Engine) -> dict[str, Any]:
    """Ask about the page that is open, once more, and return its notes by the ids of claims."""
    state = engine.annotate()
    assert state["status"] == "done", state["error"]
    return {note["claim"]["id"]: note for note in state["listed"] if note["kind"] == "claim"}


def note_on(notes: dict[str, Any], sentence: str) -> Any:
    """The note of a claim in other words than the sentence's own, which cannot be ruled out.

    Soft hyphens and line breaks of the page are passed over.
    """
    for note in notes.values():
        said = " ".join(note["target"]["exact"].replace("\xad", "").split())
        if said == sentence and note["claim"]["text"] != sentence:
            return note
    raise AssertionError(f"no note on: {sentence}")


def card(engine: Engine, note: dict[str, Any]) -> str:
    """Open the card of a note on the page and return its words."""
    engine.tell("show", id=note["id"])
    return str(engine.overlay("root.querySelector('.card').innerText"))


def wait_for_note(engine: Engine, what: str, condition: Any) -> dict[str, Any]:
    """Ask about the open page until its notes are as they should be."""
    found: dict[str, Any] = {}

    def there() -> bool:
        found.clear()
        found.update(claim_notes(engine))
        return bool(condition(found))

    engine.wait(what, there)
    return found


def test_a_curators_day(day: Day, site: Server) -> None:
    engine, ada, cora = day.engine, day.person("ada"), day.person("cora")

    # A reader opens a page, sees a note and disputes it with the extension.
    engine.goto(site.url("/ordinary.html", "daily.example"))
    notes = claim_notes(engine)
    note, staged = note_on(notes, HELD), note_on(notes, STAGED)
    claim_id, other_id = note["claim"]["id"], staged["claim"]["id"]
    assert SAYS not in card(engine, note)
    engine.overlay(
        f"(root.getElementById('reason').value = {json.dumps(DISPUTE)}, "
        "root.querySelector('form').requestSubmit(), 1)"
    )
    engine.wait(
        "the dispute to be sent",
        lambda: "Sent." in engine.overlay("root.querySelector('.card').innerText"),
    )

    with engine.beside():
        # Two people come in; one of them sets that nobody publishes what they wrote.
        sign_in_with_a_second_factor(ada, "ada")
        ada.goto("/admin/settings")
        ada.press("[name=second_person]")
        ada.leave("Keep")
        sign_in_with_a_second_factor(cora, "cora")

        # Take the flag from the queue, and go on to its claim.
        cora.leave("Dispute 1")
        cora.leave(DISPUTE)
        cora.leave("Take it")
        cora.sees("You work on it.")
        cora.leave(note["claim"]["text"])
        assert cora.ask("location.pathname") == f"/admin/claims/edit/{claim_id}"

        # Edit it: the note beside the form follows, and a text is tried.
        cora.type("[name=reports-0-says]", SAYS)
        cora.sees(SAYS, "#effect")
        cora.type("[name=trial]", f"{HELD} The town is known for its cotton.")
        cora.leave("Try it")
        cora.sees("Gets a note", ".tried")
        cora.sees("2 sentences read")
        cora.fill("What changed", "whose estimate it is")
        cora.leave("Save draft")
        cora.sees("this draft is beside it")

        # Nobody publishes what they wrote; it goes to review.
        assert cora.ask("document.querySelector('button[value=publish]').disabled")
        cora.leave("Send to review")
        cora.sees("in review", ".standing")

    # Readers see what they saw.
    assert SAYS not in card(engine, claim_notes(engine)[claim_id])

    with engine.beside():
        # The second person finds it among the claims in review, and publishes.
        ada.goto("/admin/claims?stage=in_review")
        ada.leave(note["claim"]["text"])
        ada.leave("Publish")
        ada.sees("published", ".standing")

    # The note on the page that is open all the while is another one.
    found = wait_for_note(engine, "the note", lambda found: found[claim_id] != note)
    assert SAYS in card(engine, found[claim_id])

    with engine.beside():
        # The reader is answered, and the answer stands in the public log.
        cora.goto("/admin/queue?mine=yes")
        cora.leave(DISPUTE)
        cora.check("The reader is right: it was changed")
        cora.fill("Reason, shown in the public log", ANSWER)
        cora.leave("Answer")
        cora.sees("Answered.")
        cora.goto("/disputes")
        cora.sees(ANSWER)
        assert DISPUTE not in cora.ask("document.body.innerText")

        # A match is said to be not this claim.
        other = f"/admin/claims/edit/{other_id}"
        cora.goto(other)
        cora.type("[name=trial]", STAGED)
        cora.leave("Try it")
        cora.leave("Not this claim")
        cora.sees("Ruled out")
        cora.sees("No note: ruled out", ".tried")

    # It is gone from the open page; the other note is still there.
    found = wait_for_note(engine, "the note to go", lambda found: other_id not in found)
    assert claim_id in found

    with engine.beside():
        # That was a mistake: the version before becomes the draft, and is published.
        cora.goto(other)
        cora.leave("History")
        cora.leave("Make this the draft")
        cora.leave("Send to review")
        ada.goto(other)
        ada.leave("Publish")
        ada.sees("published", ".standing")
    wait_for_note(engine, "the note to come back", lambda found: other_id in found)

    with engine.beside():
        import_many_reviews(cora, ada)
        merge_two_claims(ada, cora, claim_id, note["claim"]["text"])
    found = wait_for_note(engine, "the note after the merge", lambda found: claim_id in found)
    assert found[claim_id]["target"] == note["target"]


def import_many_reviews(sender: Hands, person: Hands) -> None:
    """Bring in 500 reviews, most of them malformed, and compare the report with what they are.

    Who sent them does not bring them in, as a second person is asked for.
    """
    cases = make_cases(7, plain=20, objects=480, texts=0)
    refused = sum(case.expected.outcome == "rejected" for case in cases)
    sender.goto("/admin/imports")
    lines = "\n".join(json.dumps(case.content) for case in cases)
    sender.attach("[name=file]", "reviews.jsonl", lines)
    sender.leave("Look at it")
    person.goto("/admin/imports")
    person.leave("reviews.jsonl")
    person.fill("Name of the source", "Reviews of the valley")
    person.leave("Try it")
    person.sees("nothing was kept")
    tried = counts(person)
    assert tried["Rejected"] == refused
    person.leave("Import it")
    person.sees("Undo: take away all that this source brought")
    assert counts(person) == tried
    rows = person.ask(
        "[...document.querySelectorAll('[aria-label=Rejected] tbody th')].map((e) => e.innerText)"
    )
    lines_refused = [n for n, each in enumerate(cases, 1) if each.expected.outcome == "rejected"]
    assert [int(row.rpartition("line ")[2].split()[0].strip(":,")) for row in rows] == (
        lines_refused[: len(rows)]
    )
    assert len(rows) == refused or len(rows) >= 100
    joined = person.ask("document.querySelector('main').innerText.match(/([\\d,]+) reviews were "
                        "joined to ([\\d,]+) claims/)?.slice(1) ?? ['0', '0']")  # fmt: skip
    reviews, claims = (int(number.replace(",", "")) for number in joined)
    assert tried["Added"] + reviews - claims + tried["Rejected"] == len(cases) == 500


def counts(person: Hands) -> dict[str, int]:
    """The counts of a report as its page shows them."""
    pairs = person.ask(
        "[...document.querySelectorAll('.tiles.compact div')].map((each) => "
        "[each.querySelector('dt').innerText, each.querySelector('dd').innerText])"
    )
    return {name: int(number.replace(",", "")) for name, number in pairs}


def merge_two_claims(ada: Hands, cora: Hands, claim_id: str, text: str) -> None:
    """Write a claim that is there already, heed the warning, and merge the two."""
    cora.goto("/admin/claims/new")
    cora.fill("Claim", TWIN)
    cora.sees("Claims that say much the same", "#effect")
    cora.sees(text, "#effect .warned")
    cora.leave("Save draft")
    twin = cora.ask("location.pathname.split('/').pop()")
    cora.leave("Send to review")
    ada.goto(f"/admin/claims/edit/{twin}")
    ada.leave("Publish")
    ada.sees("published", ".standing")

    cora.goto(f"/admin/claims/edit/{twin}")
    cora.sees(text, "#effect .warned")
    cora.ask("(document.querySelector('.warned').scrollIntoView(), 1)")
    cora.leave(f"Merge with {text}")
    cora.leave("Keep the second instead")
    cora.leave("Send the merge to review")
    ada.goto(f"/admin/claims/edit/{claim_id}")
    ada.leave("Publish")
    cora.goto(f"/admin/claims/merge/{claim_id}?with={twin}")
    cora.leave("Retire the second")
    cora.goto(f"/admin/claims/edit/{twin}")
    cora.sees(f"Merged into {claim_id}", ".standing")
    cora.goto(f"/admin/claims/edit/{claim_id}")
    wordings = "[...document.querySelectorAll('[name^=variants-]')].map((each) => each.value)"
    assert TWIN in cora.ask(wordings)
    cora.goto(f"/claims/{twin}")
    cora.leave(text)
    assert cora.ask("location.pathname") == f"/claims/{claim_id}"
