"""Sessions on disk: one SQLite file, and a folder of recordings for each session.

    <data folder>/                    made with mode 0700 where it is missing
        voicemock.db                  0600; answers as JSON beside the columns they are searched by
        voicemock.db.version-1.bak    what the file was before it was brought to a newer layout
        sessions/<session id>/        0700; answer-01.flac and so on
        jobs/<name>.json              0600; jobs that are prepared for, in a folder of mode 0700
        unfinished/                   0700; a mark for each answer that is being given, a lock for each session

Recordings are written by the recorder; the store only says where. Every change is one transaction, so a process
killed at any moment leaves the last complete state.

`Store` is the one door. It gives out its parts, each a class over a `Database`: sessions, takes, stories, overviews and
unfinished answers.
"""

from voicemock.store.deletion import JOBS_FOLDER, PROGRESS_PAGE, REVIEW_PAGE, delete_everything
from voicemock.store.measurements import MeasuredTake
from voicemock.store.overviews import Excerpt, Filters, SearchResult, SessionOverview, StoryOverview
from voicemock.store.store import Store
from voicemock.store.takes import Take
from voicemock.store.unfinished import UnfinishedAnswer

__all__ = [
    "JOBS_FOLDER",
    "PROGRESS_PAGE",
    "REVIEW_PAGE",
    "Excerpt",
    "Filters",
    "MeasuredTake",
    "SearchResult",
    "SessionOverview",
    "Store",
    "StoryOverview",
    "Take",
    "UnfinishedAnswer",
    "delete_everything",
]
