from __future__ import annotations

import pytest

from voicemock.analysis import Lexicon
from voicemock.content import load_folder
from voicemock.models import Framework


@pytest.fixture(scope="session")
def lexicon():
    return Lexicon.load()


@pytest.fixture(scope="session")
def frameworks():
    return {framework.name: framework for framework in load_folder("frameworks", Framework)}


@pytest.fixture(scope="session")
def star(frameworks):
    return frameworks["star"]
