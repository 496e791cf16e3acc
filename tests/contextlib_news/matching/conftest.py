"""What tests of the semantic tier share."""

from __future__ import annotations

import pytest

from contextlib_news.errors import EncoderMissingError
from contextlib_news.matching.encoder import Encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The encoder, where the semantic tier is installed."""
    try:
        return Encoder.open(cache=tmp_path_factory.mktemp("encoder"))
    except EncoderMissingError as error:
        pytest.skip(f"the semantic tier is not installed here: {error}")
