import contextlib_news


def test_names_are_sorted_and_exist() -> None:
    assert list(contextlib_news.__all__) == sorted(contextlib_news.__all__, key=str)
    for name in contextlib_news.__all__:
        assert getattr(contextlib_news, name) is not None


def test_contract_names_are_public() -> None:
    asked = {
        "Claim",
        "ClaimIndex",
        "Page",
        "annotate",
        "load_claims",
        "load_outlets",
        "read_sentence",
    }
    assert asked <= set(contextlib_news.__all__)


def test_every_public_name_is_documented() -> None:
    for name in contextlib_news.__all__:
        if name != "__version__":
            assert (getattr(contextlib_news, name).__doc__ or "").strip(), name
