"""``voicemock recover``: answers that were recorded and never analyzed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicemock.cli.options import DataDir, Model, Target, Yes, target_flags
from voicemock.cli.unfinished import confirmed, finish, list_unfinished
from voicemock.errors import InputError
from voicemock.settings import load_settings
from voicemock.store import Store, UnfinishedAnswer

_ALL = "What you left as it was before: voicemock recover --all"


def recover(
    path: Annotated[
        Path | None, typer.Argument(help="One recording; without it, what was left behind.", metavar="[RECORDING]")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what you left as it was before, and what old versions left.")
    ] = False,
    yes: Yes = False,
    model: Model = None,
    target: Target = None,
    data_dir: DataDir = None,
) -> None:
    """Finish answers that were recorded and not analyzed: the computer died, or you left.

    Example: voicemock recover --all --yes

    Each is transcribed, measured and filed into its interview. An interview that still goes on is left alone. What
    cannot be finished is told and stays where it is; the exit code is 1 then.
    """
    settings = load_settings(model=model, data_dir=data_dir, **target_flags(target))
    console = Console()
    with Store(settings.data_dir) as store:
        store.unfinished.sweep()
        found = _chosen(store, path, everything=everything)
        if not found:
            typer.echo("Nothing is left to finish." if everything else f"Nothing is left to finish. {_ALL}")
            return
        list_unfinished(console, found)
        if not yes and not confirmed(console, len(found)):
            typer.echo("Nothing was changed. Finish without a question: voicemock recover --yes")
            return
        exit_code = finish(console, settings, store, found)
    if exit_code:
        raise typer.Exit(exit_code)


def _chosen(store: Store, path: Path | None, *, everything: bool) -> tuple[UnfinishedAnswer, ...]:
    """Return what is to be finished.

    Raises:
        InputError: The path is no recording that waits.
    """
    if path is None:
        return store.unfinished.find(everything=everything)
    wanted = path.absolute()
    found = [left for left in store.unfinished.find(everything=True) if wanted in map(Path.absolute, left.recordings)]
    if not found:
        raise InputError(
            f"{path} is no recording that waits to be finished, or its interview still goes on. "
            f"Measure any recording with: voicemock analyze {path}"
        )
    return tuple(found)
