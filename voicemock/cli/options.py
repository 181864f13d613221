"""Options that several commands share, and the parsers of their values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import wraps
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, get_type_hints

import typer

from voicemock.content.questions import pillar_named
from voicemock.errors import InputError, UnknownNameError
from voicemock.models import Pillar
from voicemock.settings import Settings, load_settings
from voicemock.store.overviews import read_day

_LENGTH: Final = re.compile(r"(?:(\d+):([0-5]\d)|(\d+(?:\.\d+)?))\s*(m|min|s)?")

SECONDS_FROM: Final = 20.0
"""A range with a bare number of at least this is in seconds, any other in minutes: no story takes 20 minutes."""

Model = Annotated[
    str | None,
    typer.Option(help="Whisper model: base, tiny.en, a folder, or any faster-whisper name.", metavar="NAME|FOLDER"),
]
Mic = Annotated[str | None, typer.Option(help="Microphone: device name, index or audio file.", metavar="DEVICE|FILE")]
Speaker = Annotated[str | None, typer.Option(help="Speaker: device name, index or WAV file.", metavar="DEVICE|FILE")]
Voice = Annotated[
    str | None,
    typer.Option(
        help="Every interviewer's voice: first, second, third, piper, pyttsx3:NAME ...",
        metavar="VOICE",
        show_default="the style chooses",
    ),
]
JsonLine = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
PageFile = Annotated[Path | None, typer.Option(help="Write the page here.", metavar="FILE", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Write the page without opening it.")]
Target = Annotated[
    str | None,
    typer.Option(help="Good length of an answer: 3-4 (minutes), 2:30-4:00 or 90-150 (seconds).", metavar="MIN-MAX"),
]
SpeakerName = Annotated[
    str | None,
    typer.Option(
        help="Whose words to use if a transcript has several speakers; by default, whoever says most.", metavar="NAME"
    ),
]
PillarName = Annotated[str | None, typer.Option(help="program-sense, system-design or behavioral.", metavar="PILLAR")]
Company = Annotated[str | None, typer.Option(help="Questions a company is known for.", metavar="NAME")]
SessionOrStory = Annotated[
    str, typer.Argument(help="Session id, its first letters, or the name of a story.", metavar="SESSION|STORY")
]
SessionOrAnswer = Annotated[
    str,
    typer.Argument(
        help="Session id, its first letters, the name of a story, or one answer: ID/2.", metavar="[SESSION|STORY]"
    ),
]
AnswerOrFile = Annotated[
    str,
    typer.Argument(
        help="One answer (ID/2), a session, a story's last take, a recording or a transcript.",
        metavar="SESSION/N|FILE|STORY",
    ),
]
QuestionOfFile = Annotated[str | None, typer.Option(help="The question that a file answers.", metavar="ID")]
FrameworkOfFile = Annotated[
    str | None, typer.Option(help="Framework for a file, if there is no question.", metavar="NAME")
]
JsonLines = Annotated[bool, typer.Option("--json", help="Print JSON, one answer per line.")]


def parse_day(given: str | datetime) -> datetime:
    """Return the beginning of a day that was typed, without a zone."""
    try:
        return given if isinstance(given, datetime) else read_day(given)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


Day = Annotated[datetime | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD")]
DataDir = Annotated[
    Path | None, typer.Option(help="Folder where sessions are saved.", metavar="FOLDER", show_default=False)
]


SecondOpinionOption = Annotated[
    bool | None,
    typer.Option(
        "--second-opinion/--no-second-opinion",
        help="Get a second opinion from a language model on this machine.",
        show_default="only if language_model is set",
    ),
]


@dataclass(frozen=True, kw_only=True)
class ListeningOptions:
    """The options of a command that listens. Most of them are settings."""

    help_order: ClassVar[str]
    """The names of all fields, in the order of the command's help."""

    mic: Mic = None
    speaker: Speaker = None
    realtime: Annotated[bool | None, typer.Option("--realtime", help="Run audio files in real time.")] = None
    voice: Voice = None
    silent: bool = False
    target: Target = None
    patience: Annotated[
        float | None, typer.Option(help="With 1.5, wait 1.5 times as long before an answer is over.", metavar="FACTOR")
    ] = None
    wrap_up: Annotated[
        bool | None, typer.Option("--wrap-up", help="Ask you to wrap up at twice the target length.")
    ] = None
    calm: Annotated[bool | None, typer.Option("--calm", help="While listening, show only the clock and the keys.")] = (
        None
    )
    rate_yourself: Annotated[
        bool | None,
        typer.Option("--rate-yourself", help="Let you rate each answer, 1 to 5, before you get the feedback."),
    ] = None
    model: Model = None
    language_model: Annotated[
        str | None,
        typer.Option(help="Language model server on this machine: http://127.0.0.1:11434/v1 ...", metavar="URL"),
    ] = None
    second_opinion: SecondOpinionOption = None
    data_dir: DataDir = None
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON at the end; the rest to stderr.")] = (
        False
    )

    def settings(self) -> Settings:
        """Return the settings, overridden by the options that were given."""
        flags = {name: getattr(self, name) for name in Settings.model_fields if hasattr(self, name)}
        if self.silent:
            flags["voice"] = "silent"
        return load_settings(**flags, **target_flags(self.target))


def with_options(run: Callable[[Any], None]) -> Callable[..., None]:
    """Make a command of a function that takes a dataclass: each field is an option or argument, by ``help_order``."""
    (kind,) = (hint for name, hint in get_type_hints(run).items() if name != "return")
    hints, order = get_type_hints(kind, include_extras=True), kind.help_order.split()
    parameters = [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in sorted(fields(kind), key=lambda field: order.index(field.name))
    ]

    @wraps(run, assigned=("__module__", "__name__", "__doc__"))
    def command(**given: Any) -> None:
        run(kind(**given))

    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return command


def refuse_two_frameworks(question: str | None, framework: str | None) -> None:
    """Raise BadParameter if a question and a framework are given."""
    if question and framework:
        raise typer.BadParameter("Give --question or --framework, not both: a question has its own framework.")


def parse_target(text: str | None) -> tuple[float, float] | None:
    """Read a range of lengths and return its shortest and longest in seconds."""
    if text is None:
        return None
    ends = [_LENGTH.fullmatch(part.strip()) for part in text.replace("\N{EN DASH}", "-").split("-")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        raise typer.BadParameter(
            f"{text!r} is not a range. Write 3-4 for three to four minutes, or 90-150 for seconds."
        )
    bare = [float(end[3]) for end in ends if end and end[3] and not end[4]]
    unit_s = 1.0 if any(number >= SECONDS_FROM for number in bare) else 60.0
    shortest, longest = _seconds(ends[0], unit_s), _seconds(ends[1], unit_s)
    if not 0 < shortest < longest:
        raise typer.BadParameter(f"{text!r}: the first length must be the shorter one and above zero.")
    return shortest, longest


def parse_length(text: str) -> float:
    """Read one length, "2:00", "90" (seconds) or "2" (minutes), and return it in seconds."""
    match = _LENGTH.fullmatch(text.strip())
    bare = float(match[3]) if match and match[3] and not match[4] else SECONDS_FROM
    length_s = _seconds(match, 1.0 if bare >= SECONDS_FROM else 60.0) if match else 0.0
    if length_s <= 0:
        raise typer.BadParameter(f"{text!r} is not a length. Write 2:00, 2 for minutes, or 90 for seconds.")
    return length_s


def parse_moment(text: str) -> float:
    """Read a moment, "1:24" or "84", and return it in seconds."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        raise typer.BadParameter(f"{text!r} is not a time. Write 1:24, or 84 for seconds.")
    return _seconds(match, 1.0)


def _seconds(match: re.Match[str], unit_s: float) -> float:
    minutes, seconds, number, unit = match.groups()
    if minutes is not None:
        return int(minutes) * 60.0 + int(seconds)
    return float(number) * {"s": 1.0, "m": 60.0, "min": 60.0, None: unit_s}[unit]


def target_flags(text: str | None) -> dict[str, float]:
    """Return the settings that ``--target`` stands for."""
    target = parse_target(text)
    return {} if target is None else {"target_min_s": target[0], "target_max_s": target[1]}


def parse_pillar(name: str | None) -> Pillar | None:
    """Read the name of a pillar in any spelling: "program-sense", "Program sense"."""
    if name is None:
        return None
    try:
        return pillar_named(name)
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error
