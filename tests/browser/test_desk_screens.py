"""Every screen of the desk in both browsers, light and dark, narrow and wide: axe finds nothing.

None scrolls sideways and none throws. Where ``DESK_SCREENS`` names a folder the screens are kept
there, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contextlib_news import load_claims
from tests.browser.desk_in_use import PASSWORD, desk_in_use
from tests.browser.engine import AXE, Engine
from tests.browser.hands import Hands
from tests.browser.test_accessibility import RULES, RUN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed"),
]

FIRST = load_claims()[0]
QUOTES = "Quote;Who;Where\nThe old bridge was sold.;The mayor;https://c.example/1\n;;\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with desk_in_use(tmp_path_factory.mktemp("desk")) as address:
        yield address


@pytest.fixture
def ada(engine: Engine, desk: str) -> Hands:
    """Somebody who may do everything, signed in."""
    hands = Hands(engine, desk)
    hands.goto("/admin/account")
    if hands.ask("location.pathname") == "/admin/sign-in":
        hands.fill("Name", "ada")
        hands.fill("Password", PASSWORD)
        hands.leave("Sign in")
    return hands


def open_page(path: str) -> Callable[[Hands], None]:
    return lambda ada: ada.goto(path)


def try_a_text(ada: Hands) -> None:
    ada.goto(f"/admin/claims/edit/{FIRST.id}")
    ada.type("[name=trial]", f"{FIRST.text} Owls sleep by day in barns.")
    ada.leave("Try it")
    ada.sees("Gets a note", ".tried")


def write_a_rule(ada: Hands) -> None:
    ada.goto("/admin/disclaimers")
    ada.press("a.button")
    ada.sees("A new rule", "h1")
    ada.fill("Language", "en")
    ada.type("[name=any]", "<self> <3>(?:is|are) (?:pure )?moonshine")
    ada.type("[name=matches]", "Everything here is pure moonshine.")
    ada.type("[name=misses]", "The band played Moonshine Waltz.")


def try_a_rule(ada: Hands) -> None:
    write_a_rule(ada)
    ada.type("[name=trial]", "This page is pure moonshine. The dam held. It rained all night.")
    ada.leave("Try it")
    ada.sees("1 of 3 sentences fits", "h2")


def leave_a_wrong_rule(ada: Hands) -> None:
    write_a_rule(ada)
    ada.type("[name=any]", "moon.*shine")
    ada.fill("Reason for the change", "a reader asked")
    ada.leave("Keep it and switch it on")
    ada.sees("upper bound")


def leave_a_wrong_field(ada: Hands) -> None:
    ada.goto("/admin/claims/new")
    ada.fill("Claim", "Owls sleep by day in barns.")
    ada.fill("Date of the claim", "yesterday")
    ada.leave("Save draft")
    ada.sees("Nothing was saved yet")


def tick_and_look(ada: Hands) -> None:
    ada.goto("/admin/claims")
    ada.ask("(document.querySelectorAll('[name=claim]').forEach((box) => (box.checked = true)), 1)")
    ada.fill("Do", "retire")
    ada.leave("See what would change")


def change_many(ada: Hands) -> None:
    ada.goto("/admin/claims?text=bridge")
    ada.ask("(document.querySelectorAll('[name=claim]').forEach((box) => (box.checked = true)), 1)")
    ada.type("[name=topic-of-all]", f"bridges {ada.engine.name}")
    ada.leave("See what would change")
    ada.press("main form.wide button")
    ada.sees("claims changed")


def keep_a_view(ada: Hands) -> None:
    ada.goto("/admin/claims?stage=draft")
    ada.ask("(document.querySelectorAll('details').forEach((each) => (each.open = true)), 1)")
    if ada.ask("!!document.querySelector('details.keep')"):
        ada.type("details.keep [name=name]", "Drafts of everybody")
        ada.leave("Keep it")
    ada.sees("Take the view")


def close_some(ada: Hands) -> None:
    ada.goto("/admin/queue?kind=wish")
    ada.ask("(document.querySelector('[name=item]').checked = true)")
    ada.leave("Close those that are ticked without an answer")


def try_a_file(ada: Hands) -> None:
    ada.goto("/admin/imports")
    ada.attach("[name=file]", "quotes.csv", QUOTES)
    ada.leave("Look at it")
    ada.ask("(document.querySelector('[name=column-0]').value = 'text', 1)")
    ada.leave("Try it")
    ada.sees("nothing was kept")


def look_at_a_file(ada: Hands) -> None:
    ada.goto("/admin/imports")
    ada.attach("[name=file]", "quotes.csv", QUOTES)
    ada.leave("Look at it")


def invite(ada: Hands) -> None:
    ada.goto("/admin/people")
    ada.leave("Make a link")


def join(ada: Hands) -> None:
    invite(ada)
    ada.goto(ada.ask("new URL(document.querySelector('.secret').innerText).pathname"))


def remove_a_source(ada: Hands) -> None:
    ada.goto("/admin/sources")
    ada.goto(ada.ask("document.querySelector('a[href$=\"/remove\"]').getAttribute('href')"))


def sign_out(ada: Hands) -> None:
    ada.press("header form button")
    ada.sees("Forgotten?")


SCREENS: dict[str, Callable[[Hands], None]] = {
    "today": open_page("/admin/"),
    "queue": open_page("/admin/queue"),
    "queue-close": close_some,
    "dispute": open_page("/admin/queue/1"),
    "from-feed": open_page("/admin/queue/4"),
    "claims": open_page("/admin/claims"),
    "claims-view": keep_a_view,
    "claims-none": open_page("/admin/claims?text=nothing+says+this"),
    "claim": open_page(f"/admin/claims/edit/{FIRST.id}"),
    "claim-tried": try_a_text,
    "claim-wrong": leave_a_wrong_field,
    "claim-history": open_page(f"/admin/claims/history/{FIRST.id}"),
    "claim-merge": open_page(f"/admin/claims/merge/{FIRST.id}?with=starter-26"),
    "claim-merge-asked": open_page(f"/admin/claims/merge/{FIRST.id}?with=prison+break+in+Hasakah"),
    "many-look": tick_and_look,
    "many-done": change_many,
    "many": open_page("/admin/claims/many"),
    "outlets": open_page("/admin/outlets"),
    "outlet": open_page("/admin/outlets/gazette.example.com"),
    "imports": open_page("/admin/imports"),
    "import-file": look_at_a_file,
    "import-tried": try_a_file,
    "sources": open_page("/admin/sources"),
    "source-removal": remove_a_source,
    "feeds": open_page("/admin/subscriptions"),
    "disclaimers": open_page("/admin/disclaimers"),
    "rule": open_page("/admin/disclaimers/rules/1"),
    "rule-tried": try_a_rule,
    "rule-wrong": leave_a_wrong_rule,
    "people": invite,
    "settings": open_page("/admin/settings"),
    "account": open_page("/admin/account"),
    "join": join,
    "not-there": open_page("/admin/queue/999"),
    "sign-in": sign_out,
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_breaks_no_rule(ada: Hands, name: str) -> None:
    engine = ada.engine
    engine.view(1600, 900)
    SCREENS[name](ada)
    ada.ask("(document.querySelectorAll('details').forEach((each) => (each.open = true)), 1)")
    ada.ask(f"(() => {{ {Path(AXE).read_text(encoding='utf-8')}\n; return 1; }})()")
    folder = os.environ.get("DESK_SCREENS")
    for dark in (False, True):
        for width in (360, 1600):
            engine.view(width, 900, dark=dark)
            scheme = "dark" if dark else "light"
            ada.wait("the size", f"innerWidth === {width}")
            if folder:
                path = Path(folder) / f"{engine.name}-{name}-{scheme}-{width}.png"
                path.write_bytes(engine.screenshot(whole=True))
            found = ada.ask(RUN % ("document", RULES))
            assert found["violations"] == [], (scheme, width)
            assert found["checked"] > 8
            assert ada.ask("document.documentElement.scrollWidth") <= width, (scheme, width)
    assert [each for each in engine.console_errors() if "status of 4" not in each] == []
