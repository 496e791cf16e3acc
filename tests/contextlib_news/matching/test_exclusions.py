"""What a curator ruled out stays out with its near copies, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.annotate import annotate
from contextlib_news.matching.exclusions import is_excluded
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.normalize import tokenize
from contextlib_news.models import Claim, NoteKind, Page

LORRIES = "The bridge at Elm Street closed to lorries in 2011."
MILL = "Ten people died when the mill on Oak Hill burned down."
BRIDGE = Claim(
    id="bridge",
    text="The bridge at Elm Street opened in 1931.",
    variants=("Elm Street got its bridge in 1931",),
    exclusions=(LORRIES, MILL),
)
WRAPPED = (
    "{}",
    "“{}”",
    "SPRINGFIELD (AP) — {}",
    "LONDON, Jan 5 (Reuters) - {}",
    "BREAKING: {} Read more here.",
    "{}, two officials said on Tuesday.",
    "The baker, who had never been there, recalled over tea that {}, and he left.",
)


def lower(text: str) -> str:
    return text.lower()


def curly(text: str) -> str:
    return text.replace("-", "–").replace("'", "’").replace(" ", "\u00a0", 1)


def bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c == " ")


def excluded(sentence: str, *exclusions: str, language: str | None = None) -> bool:
    claim = Claim(id="a", text="Snow fell on Lima.", exclusions=exclusions, language=language)
    return is_excluded(claim, sentence)


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize("change", [str, str.upper, lower, curly, bare])
@pytest.mark.parametrize("exclusion", BRIDGE.exclusions)
def test_copies_stay_out(exclusion: str, change: Callable[[str], str], wrapped: str) -> None:
    assert is_excluded(BRIDGE, wrapped.format(change(exclusion.rstrip("."))))


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2011 the Elm Street bridge closed to lorries.",
        "The bridge at Elm Street shut to lorries in 2011.",
        "The bridge at Elm Street closed to trucks in 2011.",
        "The bridge on Elm Street was closed to all lorries in 2011.",
        "The bridge at Elm Street, closed in 2011 to lorries",
        "The bridges at Elm Street close to lorry in 2011.",
        "The bridge at Elm Street closed to lorreis in 2011.",
        "The bridge at Elm Streat was shut to lorrries in 2011.",
        "10 people died when the mill on Oak Hill burned down.",
        "The mill on Oak Hill burned down and ten people died.",
        "Ten people were killed when the mill on Oak Hill burned down.",
        "Nobody knew it then, but ten people died when the mill on Oak Hill burned down.",
    ],
)
def test_near_copies_stay_out(sentence: str) -> None:
    assert is_excluded(BRIDGE, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge at Elm Street closed to lorries in 2012.",
        "The bridge at Elm Street closed to lorries in 2011 and 2012.",
        "The bridge at Elm Street closed to 40 lorries in 2011.",
        "In 2009 the bridge at Elm Street closed to lorries in 2011.",
        "No viaduct at Elm Street closed to lorries in 2011.",
        "The bridge at Elm Street closed to lorries.",
        "The bridge at Elm Street did not close to lorries in 2011.",
        "The bridge at Elm Street never closed to lorries in 2011.",
        "The bridge at Elm Street wasn’t closed to lorries in 2011.",
        "No bridge at Elm Street closed to lorries in 2011.",
        "The bridge at Oak Street closed to lorries in 2011.",
        "Eleven people died when the mill on Oak Hill burned down.",
        "11 people died when the mill on Oak Hill burned down.",
        "Ten people died when the mill on Elm Hill burned down.",
        "No people died when the mill on Oak Hill burned down.",
        "Ten million people died when the mill on Oak Hill burned down.",
        "Lorries cross the bridge.",
        "Ten people crossed Elm Street.",
        "",
        "???",
    ],
)
def test_other_statements_are_left_in(sentence: str) -> None:
    assert not is_excluded(BRIDGE, sentence)


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize("own", [BRIDGE.text, *BRIDGE.variants])
def test_the_claim_itself_is_left_in(own: str, wrapped: str) -> None:
    near = own.replace("1931", "the year 1931")
    claim = replace(BRIDGE, exclusions=(near, "The bridge opened", "Elm Street", LORRIES))
    assert not is_excluded(claim, wrapped.format(own.rstrip(".")))


@pytest.mark.parametrize("joined", ["{0} {1}", "{1} {0}", "{0}, but {1}", "{1} – {0}"])
@pytest.mark.parametrize("own", [BRIDGE.text, *BRIDGE.variants])
@pytest.mark.parametrize("exclusion", BRIDGE.exclusions)
def test_a_sentence_that_says_both_is_left_in(exclusion: str, own: str, joined: str) -> None:
    assert not is_excluded(BRIDGE, joined.format(own.rstrip("."), exclusion.rstrip(".")))


def test_an_exclusion_may_be_the_text_itself() -> None:
    claim = replace(BRIDGE, exclusions=(BRIDGE.text.upper(),))
    assert is_excluded(claim, BRIDGE.text)
    assert not is_excluded(claim, BRIDGE.variants[0])


def test_an_exclusion_may_hold_the_text() -> None:
    joke = "The bridge at Elm Street opened in 1931, joked the April issue of the town gazette."
    claim = replace(BRIDGE, exclusions=(joke,))
    assert is_excluded(claim, joke)
    assert is_excluded(claim, f"AP: {joke}")
    assert not is_excluded(claim, BRIDGE.text)
    assert not is_excluded(claim, f"{joke} Indeed the bridge at Elm Street opened in 1931.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The Elm Street bridge was inaugurated in 1931.",
        "In 1931 the bridge at Elm Street was opened to traffic.",
        "Opened in 1931, the bridge at Elm Street is older than the mill on Oak Hill.",
    ],
)
def test_what_is_closer_to_the_claim_is_left_in(sentence: str) -> None:
    claim = replace(BRIDGE, exclusions=("The bridge at Elm Street", LORRIES, "bridge opened"))
    assert not is_excluded(claim, sentence)


def test_short_exclusions_hold_for_whole_sentences_only() -> None:
    assert excluded("Prices rose!", "prices rose")
    assert not excluded("Prices rose while the mill on Oak Hill burned.", "prices rose")
    assert excluded("It is what it is", "It is what it is.")
    assert not excluded("It was what it was", "It is what it is.")
    assert not excluded("", "It is")
    assert not excluded("", "")
    assert not excluded("???", "!!!")


def test_an_exclusion_that_says_no() -> None:
    ruled_out = "The mayor of Springfield did not sell the old bridge."
    assert excluded(ruled_out, ruled_out)
    assert excluded("The mayor of Springfield never sold the old bridge.", ruled_out)
    assert not excluded("The mayor of Springfield sold the old bridge.", ruled_out)
    assert excluded("No, it was fine: the mayor of Springfield did not sell it, the old bridge",
                    ruled_out)  # fmt: skip
    assert not excluded("The mayor of Springfield did not ever not sell the bridge", ruled_out)


def test_names_that_open_a_wording() -> None:
    ruled_out = "Miller signed the bill on bridges and mills."
    assert excluded("On Monday Miller signed the bill on bridges and mills.", ruled_out)
    assert not excluded("Baker signed the bill on bridges and mills.", ruled_out)


@pytest.mark.parametrize(
    ("language", "exclusion", "near", "other"),
    [
        (
            "de",
            "Die Brücke an der Elmstraße wurde 2011 für Lastwagen gesperrt.",
            "2011 wurde die BRÜCKE an der Elmstrasse für Lastwagen gesperrt, sagte er.",
            "Die Brücke an der Elmstraße wurde 2011 nicht für Lastwagen gesperrt.",
        ),
        (
            "fr",
            "Le pont de la rue des Ormes a fermé aux camions en 2011.",
            "« En 2011, le pont de la rue des Ormes fermait aux camions », dit-il.",
            "Le pont de la rue des Ormes n’a pas fermé aux camions en 2011.",
        ),
        (
            "es",
            "El puente de la calle Olmo cerró a los camiones en 2011.",
            "Según AFP, en 2011 el puente de la calle Olmo se cerró a los camiones.",
            "El puente de la calle Olmo nunca cerró a los camiones en 2011.",
        ),
        (
            "ru",
            "Мост на улице Вязов закрыли для грузовиков в 2011 году.",
            "ТАСС: в 2011 году мост на улице Вязов закрыли для грузовика.",
            "Мост на улице Вязов не закрыли для грузовиков в 2011 году.",
        ),
        (
            "pl",
            "Most przy ulicy Wiązów zamknięto dla ciężarówek w 2011 roku.",
            "W 2011 roku most przy ulicy Wiązów zamknięto dla ciężarówki.",
            "Mostu przy ulicy Wiązów nie zamknięto dla ciężarówek w 2011 roku.",
        ),
        (
            "ar",
            "أغلق جسر شارع الدردار أمام الشاحنات عام 2011.",
            "رويترز: أُغلق جسر شارع الدردار أمام الشاحنات عام ٢٠١١",
            "لم يغلق جسر شارع الدردار أمام الشاحنات عام 2011.",
        ),
        (
            "zh",
            "2011年榆树街的大桥对卡车关闭了。",
            "新华社报道，2011年榆樹街的大橋對卡車關閉了",
            "2011年榆树街的大桥没有对卡车关闭。",
        ),
        (
            "zh",
            "昨天下午榆树街的旧桥上有三人不幸死亡",
            "新华社:昨天下午榆树街的旧桥上有三人不幸死亡。",
            "昨天下午榆树街的旧桥上有五人不幸死亡",
        ),
        (
            "ja",
            "榆通りの橋は2011年にトラック通行止めになった。",
            "「榆通りの橋は2011年にﾄﾗｯｸ通行止めになった」",
            "榆通りの橋は2011年にトラック通行止めにならなかった。",
        ),
        (
            "th",
            "สะพานถนนเอล์มปิดไม่ให้รถบรรทุกผ่านในปี 2011",
            "ข่าว: สะพานถนนเอล์มปิดไม่ให้รถบรรทุกผ่านในปี ๒๐๑๑",
            "สะพานถนนเอล์มปิดไม่ให้รถบรรทุกผ่านในปี 2012",
        ),
        (
            None,
            "Le pont de la rue des Ormes a fermé aux camions en 2011.",
            "LE PONT DE LA RUE DES ORMES A FERMÉ AUX CAMIONS EN 2011",
            "Le pont de la rue des Ormes a pas fermé aux camions en 2011.",
        ),
        (
            None,
            "Мост на улице Вязов закрыли для грузовиков в 2011 году.",
            "Мост на улице Вязов в 2011 году закрыли для грузовиков",
            "Мост на улице Вязов не закрыли для грузовиков в 2011 году.",
        ),
    ],
)  # fmt: skip
def test_other_languages(language: str | None, exclusion: str, near: str, other: str) -> None:
    assert excluded(exclusion, exclusion, language=language)
    assert excluded(near, exclusion, language=language)
    assert not excluded(other, exclusion, language=language)


def test_one_of_many_exclusions_is_enough() -> None:
    many = tuple(
        f"The bridge in village {number} closed in {1700 + number}." for number in range(200)
    )
    claim = replace(BRIDGE, exclusions=many)
    assert all(is_excluded(claim, f"AP: {wording}") for wording in many[::20])
    assert not is_excluded(claim, "The bridge in village 7 closed in 1931.")
    index = ClaimIndex.build([claim, *(replace(BRIDGE, id=f"{n}") for n in range(50))])
    *ruled_out, kept = index.search([*many[::5], "The bridge opened in 1931."], limit=100)
    assert not any("bridge" in {match.claim_id for match in found} for found in ruled_out)
    assert "bridge" in {match.claim_id for match in kept}


TEXTS = st.text(alphabet=st.sampled_from('ab1 .’"-—不\ud800\0Ж') | st.characters(), max_size=60)


def test_names_are_compared_apart() -> None:
    ruled_out = "Officials in Lima sold the old harbour to Baker in spring."
    assert excluded("Officials in Lima sold the old port to Baker in spring.", ruled_out)
    assert not excluded("Officials in Rome sold the old harbour to Baker in spring.", ruled_out)
    assert not excluded("Officials in Lima sold the old harbour to Miller in spring.", ruled_out)


@given(st.lists(TEXTS, max_size=4), TEXTS, st.sampled_from([None, "de", "zh", "xx"]))
@settings(max_examples=150)
def test_no_text_raises(exclusions: list[str], sentence: str, language: str | None) -> None:
    excluded(sentence, *exclusions, language=language)


@given(st.text(min_size=1, max_size=80), st.sampled_from([None, "fr", "ja"]))
def test_an_exclusion_holds_for_itself(text: str, language: str | None) -> None:
    claim = Claim(id="a", text="Snow fell on Lima.", exclusions=(text,), language=language)
    assert is_excluded(claim, text) == bool(tokenize(text, language))


@pytest.mark.parametrize(
    "unit", ["bridge ", "2011 ", "no ", "桥", "The bridge at Elm Street closed. "]
)
def test_a_megabyte_is_bounded(unit: str) -> None:
    excluded(unit * (1_000_000 // len(unit)), *([LORRIES, unit * 90, unit * 9] * 60))


# --- In the index and in the notes ---------------------------------------------------------------


def claims_found(index: ClaimIndex, sentence: str) -> list[str]:
    return [match.claim_id for match in index.search([sentence])[0]]


def claims_noted(index: ClaimIndex, *sentences: str) -> list[str]:
    notes = annotate(Page(text="\n\n".join(sentences)), index=index).notes
    return [note.claim.id for note in notes if note.kind is NoteKind.CLAIM and note.claim]


PLAIN = replace(BRIDGE, exclusions=())
# Near enough to the claim that it gets a note unless it is ruled out.
LOOK_ALIKE = "The bridge at Elm Street opened in 1931 to cyclists."
RULED_OUT = replace(BRIDGE, exclusions=(LOOK_ALIKE,))
NEAR_COPY = "SPRINGFIELD (AP) — In 1931 the Elm Street bridge opened to cyclists, he said."


def test_notes_respect_exclusions() -> None:
    assert claims_noted(ClaimIndex.build([PLAIN]), LOOK_ALIKE, NEAR_COPY) == ["bridge"] * 2
    index = ClaimIndex.build([RULED_OUT])
    assert claims_noted(index, LOOK_ALIKE, NEAR_COPY) == []
    assert claims_noted(index, BRIDGE.text) == ["bridge"]
    assert claims_noted(index, LOOK_ALIKE.replace("1931", "1951")) == ["bridge"]
    both = f"{BRIDGE.text[:-1]} and the bridge at Elm Street opened in 1931 to cyclists."
    assert claims_noted(index, both) == ["bridge"]


def test_only_the_sentence_ruled_out_loses_its_note(tmp_path: Path) -> None:
    newer = ClaimIndex.build([PLAIN]).with_changes(upserts=[RULED_OUT])
    newer.save(tmp_path / "claims.idx")
    page = Page(text=f"{BRIDGE.text} {LOOK_ALIKE}")
    for index in (newer, newer.merged(), ClaimIndex.open(tmp_path / "claims.idx")):
        notes = annotate(page, index=index).notes
        assert [n.target.exact for n in notes if n.kind is NoteKind.CLAIM] == [BRIDGE.text]


def test_another_claim_takes_the_place() -> None:
    other = Claim(id="cyclists", text="Cyclists first crossed the bridge at Elm Street in 1931.")
    index = ClaimIndex.build([RULED_OUT, other])
    assert claims_found(index, LOOK_ALIKE) == ["cyclists"]
    assert [m.claim_id for m in index.search([LOOK_ALIKE], limit=1)[0]] == ["cyclists"]


def test_saved_exclusions_hold(tmp_path: Path) -> None:
    ClaimIndex.build([RULED_OUT]).save(tmp_path / "claims.idx")
    opened = ClaimIndex.open(tmp_path / "claims.idx")
    assert claims_found(opened, LOOK_ALIKE) == claims_found(opened, NEAR_COPY) == []
    assert claims_found(opened, BRIDGE.text) == ["bridge"]


def test_exclusions_come_and_go_with_changes(tmp_path: Path) -> None:
    plain = ClaimIndex.build([PLAIN, Claim(id="mill", text="The mill burned down in 1902.")])
    assert claims_found(plain, LOOK_ALIKE) == ["bridge"]
    ruled_out = plain.with_changes(upserts=[RULED_OUT])
    for index in (ruled_out, ruled_out.merged()):
        assert claims_found(index, LOOK_ALIKE) == []
        assert claims_found(index, BRIDGE.text) == ["bridge"]
    ruled_out.save(tmp_path / "changed.idx")
    assert claims_found(ClaimIndex.open(tmp_path / "changed.idx"), NEAR_COPY) == []
    assert claims_found(ruled_out.with_changes(upserts=[PLAIN]), LOOK_ALIKE) == ["bridge"]
    assert claims_found(plain, LOOK_ALIKE) == ["bridge"]
