"""Error messages and tracebacks repeat nothing that was said."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.interviews import keep, spoken_answer
from tests.privacy.program import SECRET
from voicemock.errors import VoicemockError
from voicemock.interview.imports import read_exported
from voicemock.models import Answer
from voicemock.store.store import Store

SAID = spoken_answer(f"Our {SECRET} launch was late and I cut its scope by half.")


def broken(document: str) -> str:
    """An answer in which the times of a word are text that was said."""
    return re.sub(r'"start_s":[\d.]+', f'"start_s":"{SECRET}"', document, count=1)


def test_a_model_that_refuses_words_does_not_repeat_them() -> None:
    with pytest.raises(ValidationError) as error:
        Answer.model_validate_json(broken(SAID.model_dump_json()))
    assert SECRET not in str(error.value)


def test_an_answer_that_cannot_be_read_is_not_quoted(tmp_path: Path) -> None:
    session = keep(tmp_path, SAID)
    with Store(tmp_path) as store:
        store._database.write("UPDATE answers SET document = ?", broken(SAID.model_dump_json()))
        with pytest.raises(VoicemockError) as error:
            store.sessions.answers(session)
    assert SECRET not in str(error.value)


def test_an_exported_session_that_cannot_be_read_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    path.write_text(f'{{"schema_version": 1, "session": "{SECRET}", "answers": "{SECRET}"}}', encoding="utf-8")
    with pytest.raises(VoicemockError) as error:
        read_exported(path)
    assert SECRET not in str(error.value)


def test_a_mistake_of_ours_shows_a_traceback_without_words(tmp_path: Path) -> None:
    transcript = tmp_path / "notes.txt"
    transcript.write_text(f"I led {SECRET}.", encoding="utf-8")
    program = (
        "import sys, voicemock.coaching.assess as analyzer\n"
        "def fails(*arguments, **named): raise ZeroDivisionError\n"
        "analyzer.analyze = fails\n"
        "from voicemock.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "analyze", str(transcript)], capture_output=True, text=True, check=False
    )
    assert "ZeroDivisionError" in done.stderr
    assert SECRET not in done.stderr
