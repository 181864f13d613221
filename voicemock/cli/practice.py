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

    from voicemock.agenda import Agenda
    from voicemock.models import Question, SessionReport
    from voicemock.questions import QuestionBank
    from voicemock.settings import Settings
    from voicemock.styles import Style

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
    follow_ups: Annotated[
        int | None,
        typer.Option(min=0, max=3, help="Most follow-ups to an answer.", show_default="the style's; 0 with --question"),
    ] = None,
    style: Annotated[
        str, typer.Option(help="How the interviewer behaves.", metavar="warm|neutral|pressing")
    ] = "neutral",
    minutes: Annotated[
        float | None, typer.Option(min=5, max=480, help="Time box of a loop.", show_default="the loop's own")
    ] = None,
    takes: Annotated[int, typer.Option(min=1, max=5, help="Answer each question so often, feedback in between.")] = 1,
    feedback: Annotated[
        str | None,
        typer.Option(help="After each answer, or at the end.", metavar="each|end", show_default="end in a loop"),
    ] = None,
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

    voicemock practice --loop amazon --minutes 45 goes through Amazon's loop as on the day: follow-ups, time to ask
    back, and a debrief at the end.

    voicemock practice --question failed-program --takes 2 asks one question, twice.

    voicemock practice --style pressing --follow-ups 2 has an interviewer who is hard to convince.

    While it listens: Enter or Space ends the answer, r repeats the question, s skips it, q ends the interview.
    While it speaks: Enter or Space skips the rest.
    """
    from rich.console import Console

    from voicemock.agenda import Agenda
    from voicemock.questions import QuestionBank
    from voicemock.settings import load_settings
    from voicemock.styles import load_style

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
    manner = load_style(style)
    if rate is None:
        settings = settings.model_copy(update={"rate": round(settings.rate * manner.rate)})
    most = follow_ups if follow_ups is not None else 0 if question else manner.follow_ups
    feedback_each = parse_feedback(feedback, default=loop is None)
    if loop:
        _refuse_beside_loop(question=question, pillar=pillar, competency=competency, takes=takes)
        agenda = _day(bank, loop, manner, minutes, most, feedback_each, seed=seed, count=count)
    else:
        _refuse_without_loop(minutes=minutes, feedback=feedback)
        asked = _choose(bank, pillar=pillar, competency=competency, question=question, count=count, seed=seed)
        agenda = Agenda.of(asked, follow_ups=most, takes=takes)
    report = _hold(Console(stderr=as_json), settings, bank, agenda, manner)
    if as_json:
        print(report.model_dump_json(), flush=True)  # noqa: T201 - the output that programs read


def parse_feedback(text: str | None, *, default: bool) -> bool:
    """Return whether feedback follows each answer.

    Raises:
        typer.BadParameter: The text is neither "each" nor "end".
    """
    if text is None:
        return default
    if text not in ("each", "end"):
        raise typer.BadParameter(f"--feedback is each or end, not {text!r}.")
    return text == "each"


def _refuse_beside_loop(*, question: str | None, pillar: str | None, competency: str | None, takes: int) -> None:
    if question:
        raise typer.BadParameter("--question names one question; it does not go with --loop, --pillar or --competency.")
    if pillar or competency:
        raise typer.BadParameter("--loop has its own questions; it does not go with --pillar or --competency.")
    if takes > 1:
        raise typer.BadParameter("--takes does not go with --loop: on the day there is one take.")


def _refuse_without_loop(*, minutes: float | None, feedback: str | None) -> None:
    if minutes is not None:
        raise typer.BadParameter("--minutes is the time box of a loop. Name one with --loop, or use --count.")
    if feedback == "end":
        raise typer.BadParameter("--feedback end goes with --loop, which has a debrief.")


def _day(
    bank: QuestionBank,
    name: str,
    style: Style,
    minutes: float | None,
    follow_ups: int,
    feedback_each: bool,
    *,
    seed: int | None,
    count: int | None,
) -> Agenda:
    """Return a loop's day, with as many questions as its time allows."""
    from voicemock.agenda import day_of, questions_that_fit

    loop = bank.loop(name)
    box = minutes or loop.minutes
    fitting = questions_that_fit(box, follow_ups=follow_ups, feedback_each=feedback_each)
    rounds = bank.rounds_of(loop, seed=seed, count=count or fitting)
    return day_of(
        rounds,
        loop=loop.name,
        style=style,
        minutes=box,
        follow_ups=follow_ups,
        feedback_each=feedback_each,
        seed="" if seed is None else str(seed),
    )


def _choose(
    bank: QuestionBank,
    *,
    pillar: str | None,
    competency: str | None,
    question: str | None,
    count: int | None,
    seed: int | None,
) -> tuple[Question, ...]:
    """Pick the questions by the most particular thing that was asked for."""
    if question and (pillar or competency):
        raise typer.BadParameter("--question names one question; it does not go with --loop, --pillar or --competency.")
    if question:
        return (bank.get(question),)
    return bank.select(pillar=pillar, competency=competency, count=count or DEFAULT_COUNT, seed=seed)


def _hold(console: Console, settings: Settings, bank: QuestionBank, agenda: Agenda, style: Style) -> SessionReport:
    from voicemock.api import open_interview
    from voicemock.cli.holding import hold
    from voicemock.cli.screen import TerminalScreen
    from voicemock.cli.unfinished import offer_unfinished
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
    offer_unfinished(console, settings)
    with screen, open_interview(settings, agenda=agenda, style=style, screen=screen) as interview:
        return hold(console, settings, interview)
