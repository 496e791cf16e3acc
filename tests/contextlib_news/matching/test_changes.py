"""An index that was changed is the one that would be built anew; nobody else sees a change."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Review

WORDS = (
    "bridge mill tunnel harbour minister vaccine election prison village dam fire school train "
    "hospital border storm ship court bank farm museum airport budget strike treaty"
).split()
VERBS = "opened closed burned visited sold flooded repaired attacked denied signed".split()
NAMES = "Elm Oak Lima Raqqa Tanf Berlin Osaka Lagos Quito Perth Turin".split()
TOPICS = ("war", "health", "money")
LANGUAGES = (None, "en", "en-GB")


def made_up(number: int, claim_id: str | None = None) -> Claim:
    """Return a claim that differs from its like in one word or figure here and there."""
    chance = random.Random(number)
    one, other = chance.sample(WORDS, 2)
    name, year = chance.choice(NAMES), chance.randrange(1900, 2024)
    return Claim(
        id=claim_id or f"c{number:05}",
        text=f"The {one} of {name} {chance.choice(VERBS)} the {other} in {year}.",
        variants=(f"{year}: {name} {other} and {one}",) if number % 4 == 0 else (),
        title=f"Did the {one} of {name}?" if number % 3 == 0 else None,
        language=LANGUAGES[number % 3],
        topics=TOPICS[: number % 4],
        reviews=(Review(publisher="Check", rating="True"),) if number % 7 == 0 else (),
        valid_from="2020" if number % 11 == 0 else None,
    )


CLAIMS = [made_up(number) for number in range(400)]
INDEX = ClaimIndex.build(CLAIMS)
SENTENCES = [
    *(f"They say that {claim.text[:-1].lower()}, a report found." for claim in CLAIMS[::7]),
    *(f"{made_up(number).text} {CLAIMS[number % 400].text}" for number in range(9_000, 9_060)),
    *(f"In {1900 + n} the {WORDS[n % 25]} near {NAMES[n % 11]} was not {VERBS[n % 10]}."
      for n in range(75)),
    "", "the of in", "#ElmBridge2019 opened, says @LimaPrison", "\ud800 \x00 榆树街的大桥",
    "Bridge bridge bridge BRIDGE bridge", "1900 1901 1902 1903", "BRIDGE OF ELM! " * 400,
    "Der Hafen von Berlin", "“The mill’s fire — in Quito”", "x",
]  # fmt: skip
assert len(SENTENCES) >= 200


def answers(index: ClaimIndex) -> list[object]:
    """Return what 200 varied sentences find, with filters and without."""
    searches: list[dict[str, object]] = [
        {}, {"limit": 3, "min_score": 0.2}, {"limit": 60, "language": "fr"}, {"topics": ["war"]},
        {"publisher": "Check", "as_of": "2019"}, {"text_language": "de", "as_of": "2021-05"},
    ]  # fmt: skip
    return [
        [[(m.claim_id, m.score, m.field, m.variant) for m in found] for found in page]
        for page in (index.search(SENTENCES, **filters) for filters in searches)  # type: ignore[arg-type]  # filters
    ]


def changed() -> ClaimIndex:
    index = INDEX.with_changes(
        deletes=["c00003", "c00007", "nobody"],
        upserts=[made_up(7_000 + n, claim_id=f"c{n:05}") for n in range(5, 50, 9)],
    )
    return index.with_changes(upserts=[made_up(n) for n in range(8_000, 8_020)])


# --- Changes against a dictionary ----------------------------------------------------------------

IDS = [f"c{number:05}" for number in range(12)]
CHANGES = st.tuples(
    st.dictionaries(st.sampled_from(IDS), st.integers(0, 60), max_size=4),
    st.lists(st.sampled_from([*IDS, "nobody"]), max_size=4),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(IDS), st.integers(0, 60)), st.lists(CHANGES, max_size=5))
def test_changes_give_what_a_build_gives(
    start: dict[str, int], changes: list[tuple[dict[str, int], list[str]]]
) -> None:
    held = {key: made_up(number, key) for key, number in start.items()}
    index = ClaimIndex.build(held.values())
    for upserts, deletes in changes:
        new = {key: made_up(number, key) for key, number in upserts.items()}
        gone = set(deletes) - set(new)
        before = list(index)
        newer = index.with_changes(upserts=new.values(), deletes=gone)
        assert list(index) == before
        index = newer
        held = {key: claim for key, claim in held.items() if key not in gone} | new
        assert len(index) == len(held)
        assert list(index) == [held[key] for key in sorted(held)]
        assert all(index.claim(key) == held.get(key) for key in [*IDS, "nobody"])
    texts = [claim.text for claim in held.values()]
    assert index.merged().search(texts) == ClaimIndex.build(held.values()).search(texts)


def test_a_delta_finds_what_a_rebuild_finds() -> None:
    chance = random.Random(7)
    held = {claim.id: claim for claim in CLAIMS}
    index = INDEX
    for step in range(8):
        upserts = [made_up(30_000 + 10 * step + n) for n in range(4)]
        upserts += [made_up(31_000 + step, chance.choice(sorted(held)))]
        deletes = chance.sample(sorted(held), 3)
        index = index.with_changes(upserts=upserts, deletes=deletes)
        for gone in deletes:
            del held[gone]
        held |= {claim.id: claim for claim in upserts}
        asked = [*upserts, *(held[key] for key in chance.sample(sorted(held), 30))]
        sentences = [f"They say that {claim.text.lower()}" for claim in asked]
        anew = ClaimIndex.build(held.values())
        pages = zip(asked, index.search(sentences), anew.search(sentences), strict=True)
        for claim, one, other in pages:
            assert one[0].claim_id == other[0].claim_id == claim.id
            scores, wanted = ({m.claim_id: m.score for m in found} for found in (one, other))
            for key in scores.keys() | wanted.keys():
                assert scores.get(key, 0) == pytest.approx(wanted.get(key, 0), abs=0.05)


def test_a_change_both_deleted_and_given_is_given() -> None:
    newer = INDEX.with_changes(deletes=["c00001"], upserts=[replace(CLAIMS[1], text="Snow fell.")])
    claim = newer.claim("c00001")
    assert claim is not None
    assert claim.text == "Snow fell."


def test_of_two_upserts_the_later_counts() -> None:
    newer = INDEX.with_changes(upserts=[replace(CLAIMS[1], text=t) for t in ("A one.", "B two.")])
    claim = newer.claim("c00001")
    assert claim is not None
    assert claim.text == "B two."
    assert len(newer) == len(INDEX)


def test_merged_is_a_fresh_build_byte_for_byte(tmp_path: Path) -> None:
    newer = changed()
    newer.merged().save(tmp_path / "merged.idx")
    ClaimIndex.build(newer).save(tmp_path / "anew.idx")
    assert (tmp_path / "merged.idx").read_bytes() == (tmp_path / "anew.idx").read_bytes()
    assert newer.merged().info().segments == 1
    assert newer.info().segments == 3


def test_changing_everything_and_back() -> None:
    empty = INDEX.with_changes(deletes=[claim.id for claim in CLAIMS])
    assert len(empty) == 0
    assert list(empty) == []
    assert answers(empty) == answers(ClaimIndex.build([]))
    back = empty.with_changes(upserts=CLAIMS)
    assert list(back) == CLAIMS
    assert answers(back.merged()) == answers(INDEX)
    assert len(empty.merged()) == 0


def test_deltas_saved_and_opened_answer_the_same(tmp_path: Path) -> None:
    newer = changed()
    newer.save(tmp_path / "changed.idx")
    assert answers(ClaimIndex.open(tmp_path / "changed.idx")) == answers(newer)


# --- Threads and processes -----------------------------------------------------------------------


def test_changes_beside_searches_change_no_answer() -> None:
    expected = [INDEX.search(SENTENCES[at::8]) for at in range(8)]
    delta = changed()
    wanted = delta.search(SENTENCES[::9])
    wrong: list[object] = []
    done = threading.Event()

    def search(at: int) -> None:
        for _ in range(4):
            if INDEX.search(SENTENCES[at::8]) != expected[at]:
                wrong.append(at)
            if delta.search(SENTENCES[::9]) != wanted:
                wrong.append("delta")

    def change(at: int) -> None:
        index = delta
        for number in range(1_000):
            if done.is_set():
                break
            claim = made_up(20_000 + number, claim_id=f"c{at + number:05}")
            index = index.with_changes(upserts=[claim], deletes=[f"c{number:05}"])
            if number % 5 == 4:
                index = index.merged()
            if index.search([claim.text], limit=1)[0][0].claim_id != claim.id:
                wrong.append(claim)

    searching = [threading.Thread(target=search, args=(at,)) for at in range(8)]
    changing = [threading.Thread(target=change, args=(at,)) for at in (100, 200)]
    for thread in (*searching, *changing):
        thread.start()
    for thread in searching:
        thread.join()
    done.set()
    for thread in changing:
        thread.join()
    assert wrong == []


SCRIPT = """
import json, sys
sys.path[:0] = json.loads(sys.argv[3])
if sys.argv[2] == "numpy":
    sys.modules["numba"] = None
from importlib.util import module_from_spec, spec_from_file_location
from contextlib_news.matching.kernels import COMPILED
spec = spec_from_file_location("changes", sys.argv[1])
module = module_from_spec(spec)
spec.loader.exec_module(module)
module.INDEX.save(sys.argv[4])
answers = [module.answers(module.INDEX), module.answers(module.changed())]
print(json.dumps([COMPILED, answers]))
"""


@pytest.fixture(scope="module")
def elsewhere(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[object, bytes]]:
    """What processes of other hash seeds build and find, one with numba and one without."""
    folder = tmp_path_factory.mktemp("processes")
    started = {}
    for seed, how in enumerate(("numpy", "numba"), 1):
        arguments = [__file__, how, json.dumps(sys.path), str(folder / how)]
        started[how] = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *arguments],
            stdout=subprocess.PIPE, text=True, env={"PYTHONHASHSEED": str(seed)},
        )  # fmt: skip
    printed = {how: process.communicate()[0] for how, process in started.items()}
    return {how: (json.loads(text), (folder / how).read_bytes()) for how, text in printed.items()}


def test_other_processes_build_the_same_file(
    elsewhere: dict[str, tuple[object, bytes]], tmp_path: Path
) -> None:
    INDEX.save(tmp_path / "here.idx")
    here = (tmp_path / "here.idx").read_bytes()
    assert elsewhere["numpy"][1] == elsewhere["numba"][1] == here


def test_numba_and_numpy_give_the_same(elsewhere: dict[str, tuple[object, bytes]]) -> None:
    pytest.importorskip("numba", reason="numba is not installed")
    (with_numba, compiled), (without, vectorised) = (
        elsewhere["numba"][0],  # type: ignore[misc]  # a pair from JSON
        elsewhere["numpy"][0],
    )
    assert (with_numba, without) == (True, False)
    assert compiled == vectorised
    here = [answers(INDEX), answers(changed())]
    assert compiled == json.loads(json.dumps(here))
