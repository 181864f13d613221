"""``voicemock practice``: the interview."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicemock.api import open_interview
from voicemock.cli.holding import hold
from voicemock.cli.options import (
    AsJson,
    Calm,
    DataDir,
    LanguageModel,
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
from voicemock.cli.output import print_json
from voicemock.cli.screen import TerminalScreen
from voicemock.cli.wanted import Wanted
from voicemock.devices import device_of
from voicemock.jobs import JobShelf, probe_topics
from voicemock.models import SessionReport
from voicemock.questions import QuestionBank
from voicemock.settings import Settings, load_settings
from voicemock.styles import Style, load_style


def practice(
    loop: Annotated[str | None, typer.Option(help="A company's loop: amazon, google, tpm ...", metavar="NAME")] = None,
    pillar: Annotated[
        str | None, typer.Option(help="program-sense, system-design or behavioral.", metavar="PILLAR")
    ] = None,
    competency: Annotated[
        str | None, typer.Option(help="One subject, such as earn-trust or ambiguity.", metavar="NAME")
    ] = None,
    question: Annotated[str | None, typer.Option(help="One question; see voicemock questions.", metavar="ID")] = None,
    job: Annotated[
        str | None,
        typer.Option("--for", help="A job you keep: its topics choose questions and follow-ups.", metavar="JOB"),
    ] = None,
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
    language_model: LanguageModel = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Hold an interview out loud, recorded, measured and coached.

    voicemock practice asks three questions picked at random.

    voicemock practice --loop amazon --minutes 45 goes through Amazon's loop as on the day: follow-ups, time to ask
    back, and a debrief at the end.

    voicemock practice --question failed-program --takes 2 asks one question, twice.

    voicemock practice --for acme asks what a job is about that you added with voicemock job add.

    voicemock practice --style pressing --follow-ups 2 has an interviewer who is hard to convince.

    While it listens: Enter or Space ends the answer, r repeats the question, s skips it, q ends the interview.
    While it speaks: Enter or Space skips the rest.
    """
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
        language_model=language_model,
        data_dir=data_dir,
        **target_flags(target),
    )
    manner = load_style(style)
    wanted = Wanted(
        loop=loop,
        pillar=pillar,
        competency=competency,
        question=question,
        job=JobShelf(settings.data_dir).job(job) if job else None,
        count=count,
        seed=seed,
        minutes=minutes,
        follow_ups=follow_ups,
        takes=takes,
        feedback=feedback,
    )
    if rate is None:
        settings = settings.model_copy(update={"rate": round(settings.rate * manner.rate)})
    report = _hold(Console(stderr=as_json), settings, wanted, manner)
    if as_json:
        print_json(report)


def _hold(console: Console, settings: Settings, wanted: Wanted, style: Style) -> SessionReport:
    """Put the interview together that is wanted, and hold it."""
    bank = QuestionBank.load()
    agenda = wanted.agenda(bank, style)
    topics = probe_topics(wanted.job) if wanted.job else frozenset[str]()
    watches_level = not isinstance(device_of(settings.mic), Path)
    screen = TerminalScreen(console, bank, settings.target_s, calm=settings.calm, watches_level=watches_level)
    opening = open_interview(settings, agenda=agenda, bank=bank, style=style, topics=topics, screen=screen)
    return hold(console, settings, screen, opening)
