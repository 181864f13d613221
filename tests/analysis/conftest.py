from __future__ import annotations

import pytest

from voicemock.analysis.lexicon import Lexicon
from voicemock.content.questions import QuestionBank


@pytest.fixture(scope="session")
def lexicon():
    return Lexicon.load()


@pytest.fixture(scope="session")
def frameworks():
    return {framework.name: framework for framework in QuestionBank.load().frameworks}


@pytest.fixture(scope="session")
def star(frameworks):
    return frameworks["star"]
