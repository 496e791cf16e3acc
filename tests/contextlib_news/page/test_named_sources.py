"""Outlets named without a link, and people without a name."""

from __future__ import annotations

import pytest

from contextlib_news.page.named_sources import (
    fold_name,
    is_unnamed,
    known_outlet,
    reported_on,
)

NAMES = {"washington post": "washingtonpost.com", "bbc": "bbc.com", "harbour gazette": "h.org"}


@pytest.mark.parametrize(
    ("text", "domain", "words"),
    [
        (
            "The Washington Post reported on Feb. 10 that he fled.",
            "washingtonpost.com",
            "The Washington Post",
        ),
        ("According to the BBC, the dam held.", "bbc.com", "BBC"),
        ("He told the Harbour Gazette that it rained.", "h.org", "Harbour Gazette"),
        ("As the BBC first reported, it rained.", "bbc.com", "BBC"),
        ("A report by the Washington Post Friday named him.", "washingtonpost.com", None),
    ],
)
def test_known_outlets(text: str, domain: str, words: str | None) -> None:
    found = known_outlet(text, NAMES)
    assert found is not None
    assert found[0] == domain
    if words is not None:
        assert text[found[1] : found[2]] == words


@pytest.mark.parametrize(
    "text",
    [
        "He works for the Washington Post.",
        "According to Anna Berg, the dam held.",
        "The BBC moved to a new building.",
        "",
    ],
)
def test_others_are_not_leaned_on(text: str) -> None:
    assert known_outlet(text, NAMES) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("the Post reported [1] on Feb. 10 that", "--02-10"),
        ("the Post reported on 3 March 2022 that", "2022-03-03"),
        ("the Post reported on March 3, 2022 that", "2022-03-03"),
        ("the Post reported last month that", None),
        ("on May 99", None),
    ],
)
def test_the_day_of_a_report(text: str, day: str | None) -> None:
    assert reported_on(text) == day


@pytest.mark.parametrize(
    ("text", "unnamed"),
    [
        ("According to Syrian sources who refused to give names, the guards fled.", True),
        ("Two officials familiar with the matter said the deal was off.", True),
        ("The deal is off, said a diplomat who asked not to be named.", True),
        ("Quoting unnamed officials, it said that the deal was off.", True),
        ("Officials spoke on condition of anonymity.", False),
        ("According to officials of the ministry, the deal is off.", False),
        ("The river has two sources close to the border.", False),
        ("People close to the river were told to leave.", True),
    ],
)
def test_unnamed_people(text: str, unnamed: bool) -> None:
    assert is_unnamed(text) is unnamed


@pytest.mark.parametrize(
    "unit", ["A ", "citing ", "sources who ", "told people close to ", "on May "]
)
def test_hostile_text_is_an_answer(unit: str) -> None:
    text = unit * 50_000
    known_outlet(text, NAMES)
    reported_on(text)
    is_unnamed(text)


ELSEWHERE = {
    fold_name(name): domain
    for name, domain in [
        ("The Washington Post", "washingtonpost.com"),
        ("El País", "elpais.com"),
        ("Le Monde", "lemonde.fr"),
        ("Der Spiegel", "spiegel.de"),
        ("Reuters", "reuters.com"),
    ]
}


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Según El País, la presa resistió.", "elpais.com"),
        ("La presa resistió, informó el diario El País el lunes.", "elpais.com"),
        ("Reuters informó de que la presa resistió.", "reuters.com"),
        ("Selon Le Monde, le barrage a tenu.", "lemonde.fr"),
        ("Le barrage a tenu, rapporte l’agence Reuters.", "reuters.com"),
        ("Le Monde a révélé que le barrage avait tenu.", "lemonde.fr"),
        ("Der Damm hielt, berichtet der Spiegel.", "spiegel.de"),
        ("Laut Spiegel hielt der Damm.", "spiegel.de"),
        ("Das berichtete die Nachrichtenagentur Reuters am Montag.", "reuters.com"),
        ("The Washington Post reported that the dam held.", "washingtonpost.com"),
    ],
)
def test_an_outlet_is_named(text: str, domain: str) -> None:
    found = known_outlet(text, ELSEWHERE)
    assert found is not None
    assert found[0] == domain
    assert fold_name(text[found[1] : found[2]]) in ELSEWHERE


@pytest.mark.parametrize(
    "text",
    [
        "Según el alcalde, la presa resistió.",
        "Le monde entier a vu le barrage.",
        "Der Spiegel im Flur zerbrach.",
        "Laut Polizei hielt der Damm.",
        "He bought the Washington Post building.",
    ],
)
def test_no_outlet_is_named(text: str) -> None:
    assert known_outlet(text, ELSEWHERE) is None


@pytest.mark.parametrize(
    "text",
    [
        "Sources said the plane had been hit by a missile.",
        "Two security sources told reporters that the raid had failed.",
        "The raid failed, according to local sources.",
        "A senior official who asked not to be named confirmed it.",
        "But several sources have confirmed the deal.",
        "Según fuentes cercanas a la ministra, dimitirá el viernes.",
        "Lo afirmó un diplomático bajo condición de anonimato.",
        "Selon une source proche du dossier, l’accord est signé.",
        "Un responsable l’a confirmé sous couvert d’anonymat.",
        "Das verlautete aus Regierungskreisen.",
        "Der Beamte, der anonym bleiben wollte, bestätigte das.",
        "قالت مصادر مطلعة إن الاتفاق وقع.",
        "وأكد مسؤول طلب عدم الكشف عن هويته الخبر.",
    ],
)
def test_nobody_is_named(text: str) -> None:
    assert is_unnamed(text)


@pytest.mark.parametrize(
    "text",
    [
        "According to SDF sources, 374 fighters were killed.",
        "Pentagon sources said the raid had been planned.",
        "The river has two sources in the mountains.",
        "Light sources said to be efficient were tested.",
        "Energy sources claim a third of the budget.",
        "Las fuentes de la plaza volvieron a funcionar.",
        "Les sources du fleuve sont proches.",
        "In den Landkreisen regnete es.",
        "Open sources such as maps confirmed the place.",
    ],
)
def test_somebody_is_named_or_no_person_meant(text: str) -> None:
    assert not is_unnamed(text)
