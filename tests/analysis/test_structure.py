"""The parts of an answer: what the evidence in its sentences and the verdict on the whole say of them."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from tests.readers import ScriptedReader
from voicemock.analysis.analyze import analyze
from voicemock.analysis.structure import choose_parts
from voicemock.models import FrameworkName, transcript_of_text

ALL = (True, True, True)


@pytest.mark.parametrize(
    ("likely", "there", "parts"),
    [
        ([[0.9, 0.6, 0.0], [0.1, 0.8, 0.0]], (True, True, False), [0, 1]),
        ([[0.4, 0.0, 0.0], [0.9, 0.0, 0.0]], (True, False, False), [None, 0]),
        # what the whole answer lacks is in no sentence
        ([[0.9, 0.6, 0.0], [0.1, 0.8, 0.0]], (False, True, False), [1, 1]),
        # what it does not lack is in the likeliest sentence that can be spared
        ([[0.9, 0.0, 0.1], [0.8, 0.0, 0.3]], (True, False, True), [0, 2]),
        ([[0.9, 0.0, 0.3], [0.1, 0.0, 0.1]], (True, False, True), [0, 2]),
        ([[0.9, 0.0, 0.4]], (True, False, True), [0]),
        ([[0.1, 0.2, 0.3]], ALL, [0]),
        ([], ALL, []),
    ],
)
def test_a_sentence_has_its_likeliest_part_and_a_part_that_is_there_a_sentence(likely, there, parts):
    assert choose_parts(np.array(likely).reshape(-1, 3), there) == parts


@pytest.mark.parametrize("framework", get_args(FrameworkName))
def test_each_part_is_told_by_its_evidence(framework, frameworks, lexicon):
    parts = frameworks[framework].parts
    for part in parts:
        for evidence in part.evidence:
            told = {"We went there twice.": evidence, "It was late.": "aside"}
            structure = analyze(
                transcript_of_text(" ".join(told)),
                framework=frameworks[framework],
                target=(180, 240),
                lexicon=lexicon,
                reader=ScriptedReader(told),
            ).analysis.structure
            assert [sentence.part for sentence in structure.sentences] == [part.name, None]
            assert structure.missing == tuple(each.name for each in parts if each is not part)
