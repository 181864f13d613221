"""``voicemock cohort``: many recordings into tables."""

from __future__ import annotations

import re
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

from voicemock.cli.desktop import has_desktop
from voicemock.cli.help_text import CommandGroup
from voicemock.cli.options import Model, NoOpen, Target, target_flags
from voicemock.cli.output import tell
from voicemock.coaching.spoken_numbers import counted
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError
from voicemock.files import make_folder, temporary_folder
from voicemock.report.cohort import (
    PLAIN_LOOP,
    WITHOUT_EXTRA,
    elsewhere_text,
    found_text,
    loaded_text,
    page_text,
    stopped_text,
    summary_text,
    time_to_go_text,
)
from voicemock.report.page import refuse_target, write_given
from voicemock.report.terminal import Terminal
from voicemock.settings import Settings, load_settings
from voicemock.weights import installed_models

if TYPE_CHECKING:
    from voicemock.cohort.engines import Engine
    from voicemock.cohort.measuring import How

NEEDED: Final = ("pyarrow", "dask", "distributed", "duckdb", "adbc_driver_postgresql", "adbc_driver_manager")
"""Packages of the extra ``cohort``."""

cohort = typer.Typer(
    cls=CommandGroup,
    help="Measure thousands of recordings on every core, and write tables.\n\n"
    "Start with: voicemock cohort run recordings --to results",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@cohort.callback()
def begin() -> None:
    """Keep ``run`` a command with a name of its own."""


@cohort.command()
def run(
    recordings: Annotated[
        str,
        typer.Argument(
            help="A folder, a pattern ('takes/*.m4a'), a bucket (s3://, gs://), or a manifest: CSV or Parquet with "
            "the columns path, candidate, question, date.",
            metavar="RECORDINGS",
        ),
    ],
    to: Annotated[Path, typer.Option(help="Folder for the tables.", metavar="RESULTS", show_default=False)],
    question: Annotated[
        str | None, typer.Option(help="The question they answer, if no manifest names one.", metavar="ID")
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            help="Use the machines of this Dask scheduler.",
            metavar="tcp://SCHEDULER",
            show_default="this machine",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="How many run at a time.", metavar="NUMBER", show_default="as cores and memory allow"),
    ] = None,
    worker_memory: Annotated[
        float | None,
        typer.Option(
            min=0.5, help="Gigabytes of memory per worker.", metavar="GB", show_default="its share of what is free"
        ),
    ] = None,
    in_turn: Annotated[
        bool, typer.Option("--in-turn", help="Measure one recording after another in this process, without the engine.")
    ] = False,
    retry_errors: Annotated[bool, typer.Option("--retry-errors", help="Retry what failed.")] = False,
    model: Model = None,
    target: Target = None,
) -> None:
    """Measure recordings into answers/*.parquet and errors/*.parquet.

    Example: voicemock cohort run recordings --to results

    Each recording gets one row in one of the tables. If a run stops, is killed or fills the disk, run the same command
    again: it picks up where it left off and measures nothing twice. The exit code is 1 if any recording failed.
    """
    if address and (in_turn or workers or worker_memory):
        raise typer.BadParameter("Give --address alone: you set the number of workers where they run.")
    _refuse_address(to, "Name a folder of this machine.")
    settings = load_settings(model=model, **target_flags(target))
    with _extra():
        from voicemock.cohort.engines import refuse_address
        from voicemock.cohort.recordings import find_recordings
        from voicemock.cohort.results import Results
        from voicemock.cohort.run import Run
        from voicemock.cohort.work import how_measured

        if address:
            refuse_address(address)
        how = how_measured(settings, _model_name(settings))
        found = find_recordings(recordings, question, to)
        tell(found_text(len(found.recordings), found.transcripts, found.others), err=True)
        with (
            Results(to) as results,
            _engine(settings, how, address, workers, worker_memory, in_turn=in_turn) as engine,
            _progress() as progress,
        ):
            try:
                summary = Run(results, engine, how, progress).over(found.recordings, retry_errors=retry_errors)
            except KeyboardInterrupt:
                tell(stopped_text(progress.doing, progress.done, progress.count), err=True)
                raise
    tell(summary_text(summary.answers, summary.reasons, summary.there, to))
    if summary.errors:
        raise typer.Exit(InputError.exit_code)


@cohort.command()
def report(
    results: Annotated[
        Path,
        typer.Argument(help="Folder that voicemock cohort run has written.", metavar="RESULTS", show_default=False),
    ],
    to: Annotated[
        str | None,
        typer.Option(
            help="Folder of the page and the CSV files, or a PostgreSQL server to load the tables into: "
            "postgresql://USER@HOST/DATABASE. Its password is best in PGPASSWORD.",
            metavar="PLACE",
            show_default="RESULTS/report",
        ),
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Candidates by their own names, in place of pseudonyms.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Overwrite files in the folder of --to. RESULTS/report is always overwritten."),
    ] = False,
    no_open: NoOpen = False,
) -> None:
    """Sum up the results of a cohort as a page and CSV files, or load them into PostgreSQL.

    Example: voicemock cohort report results

    It shows the answers by question, competency and week, what is missing in them, and what changed between takes.
    Groups of fewer than five candidates are put together with others.
    """
    with _extra():
        from voicemock.cohort.database import is_address

        if to is not None and is_address(to):
            _load(results, to, with_names=names)
            return
        if to is not None:
            _refuse_address(to, "Name a folder of this machine, or a server: postgresql://USER@HOST/DATABASE.")
        page = _write(results, Path(to) if to else None, with_names=names, force=force)
    tell(str(page))
    if not no_open and has_desktop():
        webbrowser.open(page.absolute().as_uri())


def _write(results: Path, to: Path | None, *, with_names: bool, force: bool) -> Path:
    """Write the page and the CSV files, and return the page. In RESULTS they replace those of an earlier report."""
    from voicemock.cohort.groups import pseudonyms_of
    from voicemock.cohort.page import csv_files, render_report
    from voicemock.cohort.rows import REPORT
    from voicemock.cohort.summary import report_of
    from voicemock.cohort.tables import explaining, measure, open_tables

    settings = load_settings()
    not_whole = [each.id for each in QuestionBank.load().questions if not each.wants_a_whole_answer]
    with (
        temporary_folder(settings.cache_dir) as scratch,
        Terminal(stderr=True).status("Reading the results ..."),
        open_tables(results, scratch) as tables,
        explaining(results),
    ):
        measure(tables.database, None if with_names else pseudonyms_of(results), not_whole)
        found = report_of(tables.database, with_names=with_names)
        files = {"report.html": render_report(found, unpacked=tables.unpacked, with_names=with_names)}
        files |= csv_files(found)
    folder = to if to else results / REPORT
    try:
        make_folder(folder)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}. Name another with --to.") from error
    replaces = force or folder.absolute() == (results / REPORT).absolute()
    for name in files:
        refuse_target(folder / name, settings.data_dir, force=replaces)
    for name, text in files.items():
        write_given(folder / name, text.encode("utf-8", errors="replace"), force=replaces)
    return folder / "report.html"


def _load(results: Path, address: str, *, with_names: bool) -> None:
    from voicemock.cohort.database import load
    from voicemock.cohort.groups import pseudonyms_of
    from voicemock.cohort.tables import explaining, open_tables

    with (
        temporary_folder(load_settings().cache_dir) as scratch,
        open_tables(results, scratch) as tables,
        explaining(results),
        _progress() as progress,
    ):
        count = tables.count()
        progress.begin("Loading", count)

        def loaded(rows: int) -> None:
            progress.advance(min(progress.done + rows, count), None)

        counts = load(tables, address, pseudonyms_of(results), with_names=with_names, loaded=loaded)
    tell(loaded_text(counts))


@contextmanager
def _extra() -> Iterator[None]:
    """Name the extra where one of its packages is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in NEEDED:
            raise
        raise InputError(WITHOUT_EXTRA) from error


def _refuse_address(place: Path | str, advice: str) -> None:
    """Refuse an address in place of a folder: a path would make a folder "s3:" of it.

    Raises:
        InputError: It begins with a scheme.
    """
    if found := re.match(r"([A-Za-z][A-Za-z0-9+.-]+):/+", str(place)):
        address = f"{found[1]}://{str(place)[found.end() :]}"
        raise InputError(f"{address} is an address, and nothing is written there. {advice}")


def _model_name(settings: Settings) -> str:
    """Return the name of the model that "auto" stands for; without any, measuring a recording tells so."""
    installed = installed_models(settings.cache_dir) if settings.model == "auto" else ()
    return installed[0].name if installed else settings.model


@contextmanager
def _engine(
    settings: Settings,
    how: How,
    address: str | None,
    workers: int | None,
    worker_memory: float | None,
    *,
    in_turn: bool,
) -> Iterator[Engine]:
    """Yield the engine, and say which one it is, what it takes, and where its own page is."""
    from voicemock.cohort import engines
    from voicemock.cohort.measuring import version_here

    def told(text: str) -> None:
        tell(text, err=True)

    if in_turn or not (address or engines.has_dask()):
        if not in_turn:
            told(PLAIN_LOOP)
        version_here(how)
        yield engines.PlainLoop()
        return
    if address:
        if engines.is_elsewhere(address):
            told(elsewhere_text(address))
        with engines.engine_at(address, told) as (engine, page):
            told(f"{counted(engine.workers, 'worker')} at {address}. {page_text(page)}")
            engines.refuse_versions(engine.everywhere(version_here, how))
            yield engine
        return
    version_here(how)  # a missing model is reported before anything starts
    size = engines.size_of(*engines.this_machine(), workers, worker_memory)
    with (
        temporary_folder(settings.cache_dir) as scratch,
        engines.local_engine(size, scratch, told) as (engine, page),
    ):
        told(f"{size.reason} {page_text(page)}")
        yield engine


class _Shown:
    """The progress of a run: a bar on a terminal; elsewhere a line a minute.

    Args:
        bars: Disabled where standard error is no terminal.
        told: Writes a line.
    """

    def __init__(self, bars: Bars, told: Callable[[str], None]) -> None:
        self._bars = bars
        self._told = told
        self._task = bars.add_task("", total=None, left="")
        self.doing = ""
        self._told_at = monotonic()
        self.done = 0
        self.count = 0

    def begin(self, doing: str, count: int, done: int = 0) -> None:
        """Show that another kind of work begins, of which some is done."""
        self.doing, self.count, self.done = doing, count, done
        self._bars.reset(self._task, description=doing, total=count, completed=done, left="")

    def advance(self, done: int, time_to_go_s: float | None) -> None:
        """Show how far it is."""
        self.done = done
        left = time_to_go_text(time_to_go_s)
        self._bars.update(self._task, completed=done, left=left)
        if self._bars.disable and monotonic() - self._told_at >= _LINE_EACH_S:
            self._told_at = monotonic()
            self._told(f"{self.doing}: {done} of {self.count}{f', {left}' if left else ''}")


_LINE_EACH_S: Final = 60.0
"""How often a log gets a line."""


@contextmanager
def _progress() -> Iterator[_Shown]:
    console = Terminal(stderr=True)
    columns: tuple[Any, ...] = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}", markup=False),
    )
    with Bars(
        *columns, console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False
    ) as bars:
        yield _Shown(bars, lambda text: tell(text, err=True))
        sys.stderr.flush()
