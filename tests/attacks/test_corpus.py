"""Inputs that fuzzing found worth keeping are decoded as they must be."""

import pytest

from tests.attacks.decoding import check, kept_inputs


@pytest.mark.parametrize("data", [pytest.param(data, id=data[:12].hex()) for data in kept_inputs()])
def test_an_input_of_the_corpus_is_decoded_as_it_is_encoded(data: bytes) -> None:
    check(data)
