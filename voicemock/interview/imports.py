"""Imports takes made elsewhere: a recording or transcript, or a session that ``voicemock export --format json`` wrote.

An exported session may come from anybody. Only its words, their times, the measures of the sound and the questions that
the bank does not hold are taken from it, and only if they are plausible; everything else is measured again. No path in
it is used, and no other file is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from voicemock.coaching.follow_ups import ID_PREFIX
from voicemock.coaching.probes import load_probes
from voicemock.content.own_questions import OwnQuestion
from voicemock.content.styles import load_style
from voicemock.content.yaml_files import prompts_folder
from voicemock.errors import (
    AudioFileError,
    ContentError,
    InputError,
    StorageError,
    TranscriptFileError,
    UnknownNameError,
    reason_of,
)
from voicemock.files import read_at_most
from voicemock.interview.agenda import ASK_BACK_ID, ask_back_question
from voicemock.interview.mentor_reviews import again
from voicemock.models import (
    Answer,
    AnswerReport,
    Assessment,
    Prosody,
    Question,
    Session,
    SessionReport,
    Story,
    Transcript,
    transcript_of_text,
    transcript_of_words,
)
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.transcripts.reading import is_transcript
from voicemock.store.store import Store

_AUDIO_FILE: Final = "answer-01.flac"
_IMPOSSIBLE_TIMES: Final = "something in it ends before it begins, or after a day"
LARGEST_FILE: Final = 32 * 2**20
"""Bytes; an answer of four minutes takes about 80,000."""
_LARGEST_NUMBER: Final = 1e15
"""Largest plausible number: no outcome is a quadrillion."""
_LONGEST_S: Final = 86_400.0
_MOST_ANSWERS: Final = 99
_LONGEST_LOOP: Final = 100
_LONGEST_QUESTION: Final = 2000
MOST_CHARACTERS: Final = 500_000
"""Most text of all answers: about ten hours of talk, which take half a minute to measure."""
_YEARS: Final = range(1971, 2200)

AssessAgain = Callable[[Answer], Assessment]
"""Measures an answer without a recording by today's rules."""


def keep_file(
    store: Store,
    path: Path,
    assessment: Assessment,
    *,
    question: Question | None,
    story: Story | None,
    recorded_at: datetime,
    version: str,
) -> Session:
    """Keep an assessed file as the only answer of a new session, with a copy of the recording.

    Args:
        store: Keeps the session.
        path: The recording or transcript, which stays where it is.
        assessment: Of the file.
        question: The question that it answers, if any.
        story: The story that it tells instead.
        recorded_at: Aware.
        version: Of voicemock.

    Raises:
        InputError: The file holds no word, or can no longer be read.
        StorageError: The session cannot be kept; nothing of it is.
    """
    _refuse_silence(path, assessment)
    clip = None if is_transcript(path) else read_audio(path, longest_s=(assessment.analysis.recording_s or 0.0) + 1.0)
    session = store.sessions.reserve(None, version, recorded_at, story)
    try:
        if clip is not None:
            recording = store.sessions.folder(session) / _AUDIO_FILE
            write_audio(recording, clip)
            assessment = assessment.model_copy(update={"source": str(recording)})
        answer = Answer(
            position=1,
            status="answered",
            question=question,
            recorded_at=recorded_at,
            audio_file=_AUDIO_FILE if clip is not None else None,
            assessment=assessment,
            timings=None,
        )
        return store.sessions.keep(session, story, [answer], recorded_at)
    except StorageError:
        store.sessions.drop(session)
        raise


def modified_at(path: Path) -> datetime:
    """Return when a file was last changed, which for most recordings is their end.

    Raises:
        AudioFileError: The file has no readable date.
    """
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError) as error:
        raise AudioFileError(f"{path} has no readable date. Give one with --date.") from error


def json_in(path: Path) -> Any:
    """Return the parsed JSON of a file; None where it cannot be read."""
    try:
        return json.loads(read_at_most(path, LARGEST_FILE))
    except (OSError, ValueError, RecursionError):
        return None


def read_exported(path: Path) -> SessionReport:
    """Read an exported session.

    Raises:
        TranscriptFileError: The file is missing, unreadable or too large.
        ContentError: It is no session, or not a plausible one.
    """
    try:
        text = read_at_most(path, LARGEST_FILE).decode("utf-8-sig")
        data = json.loads(text)
        report = SessionReport.model_validate_json(text)
    except OSError as error:
        raise TranscriptFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "file"
        raise ContentError(f"{path} is not an exported session: {where}: {reason_of(error.errors()[0])}.") from error
    except (ValueError, RecursionError) as error:
        raise ContentError(f"{path} is not JSON in UTF-8.") from error
    if problem := next(_problems(report, data), None):
        raise ContentError(f"{path}: {problem}.")
    return report


def keep_exported(
    store: Store,
    path: Path,
    report: SessionReport,
    *,
    find_question: Callable[[str], Question],
    assess_again: AssessAgain,
    version: str,
) -> Session:
    """Keep an exported session under a new id and without recordings.

    Args:
        store: Keeps the session.
        path: The file it was read from, which becomes the source of its answers.
        report: The session.
        find_question: Returns a question of the bank by its id.
        assess_again: Measures an answer.
        version: Of voicemock.

    Raises:
        InputError: The session is here already, or refers to an unknown framework.
        StorageError: The session cannot be kept; nothing of it is.
    """
    told = report.session
    if any(each.started_at == told.started_at for each in store.overviews.sessions()):
        raise InputError(f"{path}: a session that began at the same moment is already here.")
    answers: list[Answer] = []
    for each in report.answers:
        answers.append(_answer(answers, each, told, path, find_question, assess_again))
    story = _story(store, told.story, answers) if told.story is not None else None
    session = store.sessions.reserve(told.loop, version, told.started_at, story, told.level)
    try:
        return store.sessions.keep(session, story, answers, told.ended_at or told.started_at)
    except StorageError:
        store.sessions.drop(session)
        raise


def _refuse_silence(path: Path, assessment: Assessment) -> None:
    if assessment.transcript.text.strip():
        return
    if is_transcript(path):
        raise TranscriptFileError(f"{path} contains no words. It was not imported.")
    raise AudioFileError(f"No speech was found in {path}. It was not imported.")


def _answer(
    before: list[Answer],
    report: AnswerReport,
    session: Session,
    path: Path,
    find_question: Callable[[str], Question],
    assess_again: AssessAgain,
) -> Answer:
    kept = {name: getattr(report, name) for name in Assessment.model_fields}
    source = str(path).encode("utf-8", "replace").decode("utf-8")
    is_probe = report.question is not None and report.follows is not None
    main = next((each for each in reversed(before) if each.follows is None), None) if is_probe else None
    answer = Answer(
        position=len(before) + 1,
        status=report.status,
        question=_question(report, main.question if main else None, find_question),
        follows=main.position if main else None,
        recorded_at=session.started_at + timedelta(seconds=len(before)),
        audio_file=None,
        assessment=Assessment(**kept | {"source": source, "transcript": _transcript(report.transcript)}),
        timings=report.timings,
        overflows=report.overflows,
        self_rating=report.self_rating,
    )
    assessment = assess_again(answer)
    reviews = again(report.reviews, assessment.transcript)
    return answer.model_copy(update={"assessment": assessment, "reviews": reviews})


def _question(report: AnswerReport, main: Question | None, find_question: Callable[[str], Question]) -> Question | None:
    """Return the question of an answer: the bank's, or one made of what the file says about it."""
    told, analysis = report.question, report.analysis
    if told is None:
        return None
    with suppress(UnknownNameError):
        return find_question(told.id)
    if told.id == ASK_BACK_ID:
        return ask_back_question(load_style()).model_copy(update={"text": told.text})
    target = {"target_min_s": analysis.target_min_s, "target_max_s": analysis.target_max_s}
    own = OwnQuestion.model_validate({**dict(told), **target})
    if report.follows is None:
        return Question(**dict(own))
    about = {name: getattr(main, name) for name in ("competency", "companies", "level")} if main else {}
    return Question(**{**dict(own), **about, **_probe(told.id), "kind": "follow_up", "own": False})


def _probe(question_id: str) -> dict[str, Any]:
    """Return what a follow-up listens for; nothing if a language model asked it."""
    for file in load_probes(prompts_folder() / "probes"):
        for probe in file.probes:
            if ID_PREFIX + probe.name == question_id:
                heard = {"strong_answer": probe.listens_for, "common_mistakes": file.common_mistakes}
                return {**heard, "asks_for": probe.asks_for}
    return {}


def _transcript(told: Transcript) -> Transcript:
    """Rebuild a transcript from its words, so that its text is that of its words."""
    if any(word.start_s is not None for word in told.words):
        rebuilt = transcript_of_words(told.words, language=told.language, engine=told.engine)
    else:
        rebuilt = transcript_of_text(told.text)
    return rebuilt.model_copy(update={"speakers": told.speakers})


def _story(store: Store, name: str, answers: list[Answer]) -> Story:
    kept = store.stories.find(name)
    if kept is not None:
        return kept
    structures = [answer.assessment.analysis.structure for answer in answers if answer.assessment]
    return Story.named(name, next((each.framework for each in structures if each), "star"))


def _problems(report: SessionReport, data: Any) -> Iterator[str]:
    """Yield what is implausible about a session."""
    if not all(abs(number) <= _LARGEST_NUMBER for number in _numbers(data)):  # false for NaN
        yield "a number in it is not a number, or is too large"
    if not 1 <= len(report.answers) <= _MOST_ANSWERS:
        yield f"a session has 1 to {_MOST_ANSWERS} answers, this one {len(report.answers)}"
    if sum(len(answer.transcript.text) for answer in report.answers) > MOST_CHARACTERS:
        yield f"it has more than {MOST_CHARACTERS:,} characters of speech"
    ends = (report.session.started_at, report.session.ended_at or report.session.started_at)
    if any(moment.year not in _YEARS for moment in ends):
        yield "its year cannot be right"
    if len(report.session.loop or "") > _LONGEST_LOOP:
        yield "the name of its loop is too long"
    for number, answer in enumerate(report.answers, start=1):
        yield from (f"answer {number}: {problem}" for problem in _problems_of(answer))


def _problems_of(answer: AnswerReport) -> Iterator[str]:
    analysis, heard = answer.analysis, _transcript(answer.transcript)
    if heard.text != answer.transcript.text:
        yield "its text does not match its words"
    if not 0 < analysis.target_min_s < analysis.target_max_s:
        yield "its target is not a length"
    starts = [word.start_s for word in heard.words if word.start_s is not None]
    if starts != sorted(starts) or (starts and len(starts) < len(heard.words)):
        yield "its words are not in time order"
    spans = [
        *((word.start_s, word.end_s) for word in heard.words if word.start_s is not None),
        *((pause.start_s, pause.end_s) for pause in analysis.pauses or ()),
        *((unclear.start_s, unclear.end_s) for unclear in analysis.unclear or ()),
    ]
    if not _are_possible(spans):
        yield _IMPOSSIBLE_TIMES
    if any(not 0 <= each.start_char <= each.end_char <= len(heard.text) for each in analysis.unclear or ()):
        yield "what was not understood lies outside its text"
    if analysis.prosody:
        yield from _problems_of_melody(analysis.prosody, len(heard.text))
    if answer.question and len(answer.question.text) > _LONGEST_QUESTION:
        yield f"its question is longer than {_LONGEST_QUESTION:,} characters"
    if bool(heard.text.strip()) != (answer.status in ("answered", "interrupted")):
        yield f"it is {answer.status!r}, which does not fit its words"


def _problems_of_melody(prosody: Prosody, text_length: int) -> Iterator[str]:
    spans = [
        *((stretch.start_s, stretch.end_s) for stretch in prosody.stretches),
        *((one.start_s, one.end_s) for one in prosody.one_note),
        *((end.at_s, end.end_s) for end in prosody.ends),
    ]
    if not _are_possible(spans):
        yield _IMPOSSIBLE_TIMES
    if any(not 0 <= end.start_char <= end.end_char <= text_length for end in prosody.ends):
        yield "the ends of its sentences lie outside its text"
    if prosody.contour_step_s <= 0:
        yield "its pitch has no step"


def _are_possible(spans: Iterable[tuple[float, float | None]]) -> bool:
    return all(end is not None and 0 <= start <= end <= _LONGEST_S for start, end in spans)


def _numbers(data: Any) -> Iterator[float]:
    if isinstance(data, int | float):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _numbers(value)
    elif isinstance(data, list):
        for value in data:
            yield from _numbers(value)
