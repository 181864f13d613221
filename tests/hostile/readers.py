"""All ways into the program, by the names that bench/fuzz.py takes."""

from __future__ import annotations

from typing import Final

from tests.hostile import (
    analyses,
    audio_files,
    data_files,
    exported,
    job_files,
    model_replies,
    prompt_files,
    review_files,
    session_files,
    settings_files,
    transcripts,
)
from tests.hostile.reader import Reader

READERS: Final[dict[str, Reader]] = {
    "audio": Reader(audio_files.cases, audio_files.check),
    "transcript": Reader(transcripts.cases, transcripts.check),
    "exported": Reader(exported.cases, exported.check),
    "settings": Reader(settings_files.cases, settings_files.check),
    "prompts": Reader(prompt_files.cases, prompt_files.check),
    "session": Reader(session_files.cases, session_files.check),
    "review": Reader(review_files.cases, review_files.check),
    "database": Reader(data_files.cases, data_files.check),
    "job": Reader(job_files.cases, job_files.check),
    "model": Reader(model_replies.cases, model_replies.check),
    "analysis": Reader(analyses.cases, analyses.check),
}
