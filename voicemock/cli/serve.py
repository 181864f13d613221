"""``voicemock serve``: the page on this machine."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import Annotated, Final

import typer

from voicemock.cli.desktop import has_desktop
from voicemock.cli.options import DataDir, Model, Target, Voice, target_flags
from voicemock.cli.output import silence_libraries, tell
from voicemock.errors import InputError
from voicemock.packaged import PIP
from voicemock.settings import LOCALHOST, load_settings

NEEDED: Final = ("starlette", "uvicorn", "websockets")
"""Packages of the extra ``web``."""
WITHOUT_EXTRA: Final = "The page needs the web extra, which is not installed: {} install 'voicemock[web]'"


def serve(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port.", show_default="8420, or a free one")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address without opening it.")] = False,
    host: Annotated[
        str | None,
        typer.Option(
            help="Let other devices in under this machine name; needs --cert and --key.",
            metavar="NAME",
            show_default="this machine alone",
        ),
    ] = None,
    cert: Annotated[Path | None, typer.Option(help="Certificate for --host, as PEM.", metavar="FILE")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key, as PEM.", metavar="FILE")] = None,
    voice: Voice = None,
    target: Target = None,
    model: Model = None,
    data_dir: DataDir = None,
) -> None:
    """Practice in the browser, on a page served by this machine.

    Example: voicemock serve

    The first line is the address; it holds a token, and only someone who has it can get in. Nothing leaves the machine.
    Ctrl-C ends it, and what you said is saved.
    """
    try:
        from voicemock.web.server import serving
    except ModuleNotFoundError as error:
        if error.name not in NEEDED:
            raise
        raise InputError(WITHOUT_EXTRA.format(PIP)) from error
    settings = load_settings(voice=voice, model=model, data_dir=data_dir, **target_flags(target))
    with serving(settings, host=host or LOCALHOST, port=port, cert=cert, key=key) as (access, wait):
        silence_libraries()
        tell(access.url)
        sys.stdout.flush()
        opens = not no_open and has_desktop()
        tell(f"{'Opened' if opens else 'Open this address'} in your browser. To stop, press Ctrl-C here.", err=True)
        if opens:
            webbrowser.open(access.url)
        wait()
