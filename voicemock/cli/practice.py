"""``voicemock practice``: the interview."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicemock.cli.options import (
    AsJson,
    Calm,
    DataDir,
    Mic,
    Model,
    Patience,
    Realtime,
    Speaker,
    Target,
    Voice,
    WrapUp,
    target_flags,
)

if TYPE_CHECKING:
    from rich.console import Console

    from voicemock.models import Question, SessionReport
    from voicemock.questions import QuestionBank
    from voicemock.settings import Settings

DEFAULT_COUNT = 3
"""Questions in an interview that names neither a loop, nor a question, nor a count."""


def practice(
    loop: Annotated[str | None, typer.Option(help="A company's loop: amazon, google, tpm ...", metavar="NAME")] = None,
    pillar: Annotated[
        str | None, typer.Option(help="program-sense, system-design or behavioral.", metavar="PILLAR")
    ] = None,
    competency: Annotated[
        str | None, typer.Option(help="One subject, such as earn-trust or ambiguity.", metavar="NAME")
    ] = None,
    question: Annotated[str | None, typer.Option(help="One question; see voicemock questions.", metavar="ID")] = None,
    count: Annotated[int | None, typer.Option(min=1, help="How many questions.", show_default="3")] = None,
    seed: Annotated[int | None, typer.Option(help="Ask the same questions again.", metavar="NUMBER")] = None,
    mic: Mic = None,
    speaker: Speaker = None,
    realtime: Realtime = None,
    voice: Voice = None,
    rate: Annotated[int | None, typer.Option(help="Words per minute of the interviewer.", metavar="WPM")] = None,
    silent: Annotated[bool, typer.Option("--silent", help="Show the questions and feedback, do not speak.")] = False,
    target: Target = None,
    patience: Patience = None,
    wrap_up: WrapUp = None,
    calm: Calm = None,
    model: Model = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Hold an interview out loud, recorded, measured and coached.

    voicemock practice asks three questions picked at random.

    voicemock practice --loop amazon goes through Amazon's loop.

    voicemock practice --question failed-program --target 2-3 asks one question.

    While it listens: Enter or Space ends the answer, r repeats the question, s skips it, q ends the interview.
    While it speaks: Enter or Space skips the rest.
    """
    from rich.console import Console

    from voicemock.questions import QuestionBank
    from voicemock.settings import load_settings

    settings = load_settings(
        mic=mic,
        speaker=speaker,
        realtime=realtime,
        voice="silent" if silent else voice,
        rate=rate,
        patience=patience,
        wrap_up=wrap_up,
        calm=calm,
        model=model,
        data_dir=data_dir,
        **target_flags(target),
    )
    bank = QuestionBank.load()
    asked = _choose(bank, loop=loop, pillar=pillar, competency=competency, question=question, count=count, seed=seed)
    report = _hold(Console(stderr=as_json), settings, bank, asked, loop)
    if as_json:
        print(report.model_dump_json(), flush=True)  # noqa: T201 - the output that programs read


def _choose(
    bank: QuestionBank,
    *,
    loop: str | None,
    pillar: str | None,
    competency: str | None,
    question: str | None,
    count: int | None,
    seed: int | None,
) -> tuple[Question, ...]:
    """Pick the questions by the most particular thing that was asked for."""
    if question and (loop or pillar or competency):
        raise typer.BadParameter("--question names one question; it does not go with --loop, --pillar or --competency.")
    if loop and (pillar or competency):
        raise typer.BadParameter("--loop has its own questions; it does not go with --pillar or --competency.")
    if question:
        return (bank.get(question),)
    if loop:
        return bank.for_loop(loop, seed=seed, count=count)
    return bank.select(pillar=pillar, competency=competency, count=count or DEFAULT_COUNT, seed=seed)


def _hold(
    console: Console, settings: Settings, bank: QuestionBank, asked: tuple[Question, ...], loop: str | None
) -> SessionReport:
    from voicemock.api import open_interview
    from voicemock.cli.holding import hold
    from voicemock.cli.screen import TerminalScreen
    from voicemock.devices import device_of
    from voicemock.heap import share_one_heap

    target_s = (settings.target_min_s, settings.target_max_s)
    screen = TerminalScreen(
        console,
        bank,
        None if None in target_s else target_s,  # type: ignore[arg-type]
        calm=settings.calm,
        watches_level=not isinstance(device_of(settings.mic), Path),
    )
    share_one_heap()  # before the first thread
    with screen, open_interview(settings, asked, screen=screen, loop=loop) as interview:
        return hold(console, settings, interview)
