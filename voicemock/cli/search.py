"""``voicemock search``: where in everything you ever said some words were said."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from voicemock.cli.options import DataDir, Day, parse_pillar
from voicemock.cli.output import print_all
from voicemock.errors import UnknownNameError
from voicemock.feedback import clock
from voicemock.report.passages import printable
from voicemock.settings import load_settings
from voicemock.store import Filters, SearchResult, Store


def search(
    words: Annotated[
        list[str], typer.Argument(help="Words, or a phrase: '\"late vendor\"'; migrat* finds what begins so.")
    ],
    since: Day = None,
    until: Day = None,
    pillar: Annotated[
        str | None, typer.Option(help="program-sense, system-design or behavioral.", metavar="PILLAR")
    ] = None,
    company: Annotated[str | None, typer.Option(help="Questions a company is known for.", metavar="NAME")] = None,
    loop: Annotated[str | None, typer.Option(help="Interviews of this loop.", metavar="NAME")] = None,
    story: Annotated[str | None, typer.Option(help="Takes of this story.", metavar="NAME")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many answers.")] = 20,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="One answer a line.")] = False,
) -> None:
    """Search everything that was ever said.

    Example: voicemock search kafka rollback --since 2026-11-01

    All the words have to be there, in any order; endings do not matter.
    """
    with Store(load_settings(data_dir=data_dir).data_dir) as store:
        filters = Filters(
            since=since.astimezone() if since else None,
            until=(until + timedelta(days=1)).astimezone() if until else None,
            pillar=parse_pillar(pillar),
            company=company,
            loop=loop,
            story_slug=_slug(store, story),
        )
        found = store.overviews.search(" ".join(words), filters, limit)
    nothing = "Nobody said that. Fewer words find more, and kaf* finds what begins so."
    print_all(found, _show, as_json=as_json, nothing=nothing)


def _slug(store: Store, name: str | None) -> str | None:
    """Return what a story is kept by.

    Raises:
        UnknownNameError: There is none of that name.
    """
    if name is None:
        return None
    story = store.stories.find(name)
    if story is None:
        raise UnknownNameError(f"No story {name!r} is kept. See: voicemock time")
    return story.slug


def _show(console: Console, found: tuple[SearchResult, ...]) -> None:
    """Show where each answer is, and the words with a mark on what was found that needs no color."""
    colored = console.color_system is not None and not console.no_color
    for result in found:
        moment = f", at {clock(result.start_s)}" if result.start_s is not None else ""
        subject = printable(result.story or result.question or "")
        where = Text(f"{result.session}/{result.position}", style="cyan")
        console.print(where.append(f"  {result.recorded_at.astimezone():%d %b %Y}  {subject}{moment}", style="dim"))
        excerpt = Text()
        for piece in result.excerpt:
            text = printable(piece.text)
            excerpt.append(f"*{text}*" if piece.is_match and not colored else text, "bold" if piece.is_match else "")
        console.print(Padding(excerpt, (0, 0, 0, 4)))
