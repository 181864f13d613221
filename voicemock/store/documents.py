"""Documents: records in files of their own in the data folder, readable by their owner only."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from voicemock.errors import StorageError
from voicemock.files import read_own, unfinished_name, write_whole
from voicemock.store.database import make_data_folder, writing

Document = TypeVar("Document", bound=BaseModel)


def read_document(path: Path, kind: type[Document], cure: str) -> Document:
    """Return the record in a file; ``cure`` says what to do where there is none.

    Raises:
        StorageError: It cannot be read, or holds something else.
    """
    try:
        return kind.model_validate_json(read_own(path))
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValidationError as error:
        raise StorageError(f"{path} cannot be read ({error.error_count()} fields are wrong). {cure}") from error


def keep_document(path: Path, document: BaseModel) -> None:
    """Write or replace a record, whole or not at all; its folder and the data folder are made where they are missing.

    Raises:
        StorageError: It cannot be written.
    """
    make_data_folder(path.parent.parent)
    make_data_folder(path.parent)
    with writing(path):
        write_whole(path, document.model_dump_json().encode())


def remove_document(path: Path) -> None:
    """Delete a record for good.

    Raises:
        StorageError: It cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
        unfinished_name(path).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path} cannot be deleted: {error.strerror or error}.") from error
