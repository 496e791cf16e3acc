"""The synthetic claims, their noisy copies and the pages are the same each time, and are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import grammar
from benchmarks.corpora import fresh_claims, haystack
from benchmarks.grammar import Grammar
from benchmarks.noise import noisy_copies
from benchmarks.pages import SENTENCES_A_PAGE, pages, query_sets
from benchmarks.vocabulary import lexicon, verb_forms


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpora")


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evaluation data of the real form and our own words."""
    import gzip

    folder = tmp_path_factory.mktemp("eval")
    for name in ("checkthat2022-2a", "checkthat2022-2b"):
        (folder / name).mkdir()
        with gzip.open(folder / name / "claims.jsonl.gz", "wt", encoding="utf-8") as file:
            for number in range(40):
                row = {"id": f"{name}-{number}", "claim": f"The mill {number} in Arda was sold."}
                file.write(json.dumps({**row, "title": "Was the mill\tsold?"}) + "\n")
        for part, number in (("train", 38), ("dev", 39)):
            query = {"id": part, "text": f"They sold mill {number}", "gold": [f"{name}-{number}"]}
            (folder / name / f"{part}.jsonl").write_text(json.dumps(query) + "\n", "utf-8")
    (folder / "news-negatives").mkdir()
    with gzip.open(folder / "news-negatives" / "babe.jsonl.gz", "wt", encoding="utf-8") as file:
        for number in range(200):
            file.write(
                json.dumps({"id": str(number), "text": f"Rain fell on day {number}."}) + "\n"
            )
    return folder


def test_statements_are_the_same_each_time_and_wherever_one_begins() -> None:
    whole = Grammar().take(grammar.BLOCK + 50)
    assert Grammar().take(60, grammar.BLOCK - 10) == whole[-60:]
    assert len(set(whole)) > 0.999 * len(whole)
    assert Grammar(seed=1).take(50) != whole[:50]


def test_statements_are_sentences() -> None:
    statements = Grammar().take(2_000)
    assert all(text.endswith(".") and not text[0].islower() for text in statements)
    assert not any(mark in text for text in statements for mark in ("{", "}", "<", ">", "%s", "\t"))
    assert 8 < sum(len(text.split()) for text in statements) / len(statements) < 20


def test_forms_of_a_word_have_one_place_in_their_pools() -> None:
    pools = lexicon().pools
    for verb, past in zip(pools["verb"].words[:500], pools["past"].words[:500], strict=True):
        assert verb_forms(verb).past == past


def test_a_haystack_is_kept_and_holds_what_it_says(folder: Path) -> None:
    corpus = haystack(3_000, folder)
    written = corpus.path.read_bytes()
    claims = list(corpus.claims())
    assert len(claims) == len({claim.id for claim in claims}) == corpus.size == 3_000
    assert corpus.real == 0
    assert [claim.id for claim in claims] == corpus.ids()
    assert corpus.fields() == [1] * 3_000
    corpus.path.unlink()
    assert haystack(3_000, folder).path.read_bytes() == written


def test_real_claims_fill_half_at_most_and_those_with_queries_come_first(
    folder: Path, evaluation: Path
) -> None:
    small = haystack(20, folder, evaluation)
    assert (small.size, small.real) == (20, 10)
    assert {"checkthat2022-2a-38", "checkthat2022-2b-39"} <= set(small.ids())
    assert set(small.fields()) == {1, 2}
    large = haystack(500, folder, evaluation)
    assert (large.size, large.real) == (500, 80)
    assert len(large.ids()) == 500


def test_every_answer_is_in_the_corpus(folder: Path, evaluation: Path) -> None:
    corpus = haystack(1_000, folder, evaluation)
    sets = {queries.name: queries for queries in query_sets(corpus, evaluation, 120)}
    assert list(sets) == ["news", "2a", "2b", "planted"]
    assert not any(query.gold for query in sets["news"].queries)
    known = set(corpus.ids())
    for name in ("2a", "2b", "planted"):
        assert all(query.gold and query.gold <= known for query in sets[name].queries)
    assert len(sets["planted"].queries) == 120


def test_without_evaluation_data_pages_are_synthetic(folder: Path) -> None:
    corpus = haystack(1_000, folder)
    news, planted = query_sets(corpus, None, 60)
    assert (news.name, planted.name) == ("news", "planted")
    assert all(len(page) == SENTENCES_A_PAGE for page in news.pages())
    assert not {query.text for query in news.queries} & {claim.text for claim in corpus.claims()}


def test_noisy_copies_are_the_same_each_time_and_differ_from_their_claims(folder: Path) -> None:
    corpus = haystack(3_000, folder)
    copies = noisy_copies(corpus, 300)
    assert copies == noisy_copies(corpus, 300)
    texts = {claim.id: claim.text for claim in corpus.claims()}
    assert sum(text == texts[claim_id] for text, claim_id in copies) < 6
    shared = [
        len(set(text.lower().split()) & set(texts[claim_id].lower().split()))
        for text, claim_id in copies
    ]
    assert sum(count >= 2 for count in shared) > 290


def test_fresh_claims_are_in_no_haystack(folder: Path) -> None:
    fresh = fresh_claims(50)
    known = list(haystack(3_000, folder).claims())
    assert not {claim.id for claim in fresh} & {claim.id for claim in known}
    assert not {claim.text for claim in fresh} & {claim.text for claim in known}


def test_pages_are_whole_unless_there_is_only_one() -> None:
    assert [len(page) for page in pages(["a"] * 130)] == [60, 60]
    assert [len(page) for page in pages(["a"] * 7)] == [7]
    assert pages([]) == []
