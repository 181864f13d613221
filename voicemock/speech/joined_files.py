"""Finds the sound of WAV files whose sizes lie, and of files that were joined end to end.

libav believes the size of a WAV file's data and stops there: at the second header of two that were joined, or at the
size that a recorder wrote before it crashed. It stops at the second of two joined MP4 files as well.
"""

from __future__ import annotations

import io
import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voicemock.files import refuse_special

_RIFF: Final = (b"RIFF", b"RF64", b"BW64")
_UNKNOWN_FROM: Final = 0x7FFF_0000
"""Bytes. A recorder that does not know the length yet writes this or more, or 0."""
_MOST_PIECES: Final = 1000
_FMT_BYTES: Final = range(14, 4096)
_CHUNK: Final = struct.Struct("<4sI")
_BOX: Final = struct.Struct(">I4s")
_BOXES: Final = frozenset(
    {b"moov", b"mdat", b"moof", b"free", b"skip", b"wide", b"uuid", b"styp", b"sidx", b"mfra", b"meta"}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file that is a file of its own.

    Attributes:
        start: First byte.
        end: The byte after its last.
        header: What is to be read before it.
        claimed_s: Seconds that its header claims; None where that is unknown.
    """

    start: int
    end: int
    header: bytes = b""
    claimed_s: float | None = None


def pieces_of(path: Path) -> tuple[Piece, ...]:
    """Return the pieces of a file, in order; none where it can be read as it is.

    Raises:
        OSError: It cannot be read.
    """
    refuse_special(path)
    with path.open("rb") as file:
        begin = file.read(12)
        is_wav, is_mp4 = begin[:4] in _RIFF and begin[8:] == b"WAVE", begin[4:8] == b"ftyp"
        if not (is_wav or is_mp4):
            return ()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _wav_pieces(data) if is_wav else _mp4_pieces(data)


class PieceFile(io.RawIOBase):
    """A piece of a file, read as if it were one of its own."""

    def __init__(self, path: Path, piece: Piece) -> None:
        self._file = path.open("rb")
        self._piece = piece
        self._at = 0

    @property
    def _size(self) -> int:
        return len(self._piece.header) + self._piece.end - self._piece.start

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes: first of the header, then of the file."""
        left = max(0, self._size - self._at)
        size = left if size is None or size < 0 else min(size, left)
        header = self._piece.header[self._at : self._at + size]
        self._file.seek(self._piece.start + max(0, self._at - len(self._piece.header)))
        data = header + self._file.read(size - len(header))
        self._at += len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


# --- WAV -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wav:
    """One WAV file among those that were joined, or the only one."""

    fmt: bytes
    start: int
    claimed: int
    """Bytes of sound by its header."""
    end: int
    """Where the next one begins, or the file ends."""


def _wav_pieces(data: mmap.mmap) -> tuple[Piece, ...]:
    starts = list(_wav_starts(data))
    found = [wav for at, end in zip(starts, (*starts[1:], len(data)), strict=True) if (wav := _wav(data, at, end))]
    if not found:
        return ()
    if len(found) == 1 and _end(data, found[0]) == found[0].start + found[0].claimed:
        return ()
    return tuple(_wav_piece(data, wav) for wav in found)


def _wav_starts(data: mmap.mmap) -> Iterator[int]:
    """Yield where a WAV file begins: "RIFF", four bytes of size, "WAVE", and a chunk right behind it."""
    at, count = data.find(b"WAVE"), 0
    while at >= 0 and count < _MOST_PIECES:
        name = data[at + 4 : at + 8]
        if at >= 8 and data[at - 8 : at - 4] in _RIFF and name.isascii() and name.strip().isalnum():
            yield at - 8
            count += 1
        at = data.find(b"WAVE", at + 4)


def _wav(data: mmap.mmap, at: int, end: int) -> _Wav | None:
    """Walk over the chunks of a WAV file to its sound; None where there is none."""
    fmt, long, position = b"", 0, at + 12
    while position + _CHUNK.size <= end:
        name, size = _CHUNK.unpack_from(data, position)
        body = position + _CHUNK.size
        if name == b"data":
            claimed = long if long and size == 0xFFFF_FFFF else size
            return _Wav(fmt, body, claimed, end) if fmt else None
        if name == b"fmt " and size in _FMT_BYTES:
            fmt = data[body : body + size]
        elif name == b"ds64" and body + 16 <= end:
            long = int(struct.unpack_from("<Q", data, body + 8)[0])
        position = body + size + size % 2
    return None


def _end(data: mmap.mmap, wav: _Wav) -> int:
    """Return where the sound ends: where its size says, if nothing or only chunks follow there, else at the end."""
    claimed_end = wav.start + wav.claimed
    if wav.claimed < _UNKNOWN_FROM and claimed_end <= wav.end and _are_chunks(data, claimed_end, wav.end):
        return claimed_end
    return wav.end


def _are_chunks(data: mmap.mmap, at: int, end: int) -> bool:
    """Return whether a stretch is made of chunks, or of a few bytes of padding."""
    while at + _CHUNK.size <= end:
        for offset in (0, 1):  # some writers leave out the padding byte after an odd size, some count it
            name, size = _CHUNK.unpack_from(data, at + offset) if at + offset + _CHUNK.size <= end else (b"", 0)
            if name.isascii() and name.strip(b" \0").isalnum() and at + offset + _CHUNK.size + size <= end + 1:
                at += offset + _CHUNK.size + size
                break
        else:
            return False
    return True


def _wav_piece(data: mmap.mmap, wav: _Wav) -> Piece:
    end = _end(data, wav)
    fmt = wav.fmt + b"\0" * (len(wav.fmt) % 2)
    header = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<I", len(wav.fmt)) + fmt + b"data" + struct.pack("<I", 0)
    bytes_a_second = int(struct.unpack_from("<I", wav.fmt, 8)[0])
    is_known = 0 < wav.claimed < _UNKNOWN_FROM and wav.claimed > end - wav.start
    return Piece(wav.start, end, header, wav.claimed / bytes_a_second if is_known and bytes_a_second else None)


# --- MP4 -----------------------------------------------------------------------------------------------


def _mp4_pieces(data: mmap.mmap) -> tuple[Piece, ...]:
    """Return the files of which a file is made, if those are several: each begins with a box "ftyp"."""
    starts, at = [0], 0
    while at + _BOX.size <= len(data) and len(starts) < _MOST_PIECES:
        size, name = _BOX.unpack_from(data, at)
        if name == b"ftyp" and at:
            starts.append(at)
        elif at and name not in _BOXES:
            break
        if size == 1 and at + 16 <= len(data):
            size = int(struct.unpack_from(">Q", data, at + 8)[0])
        if size < _BOX.size:
            break
        at += size
    if len(starts) == 1:
        return ()
    return tuple(Piece(start, end) for start, end in zip(starts, (*starts[1:], len(data)), strict=True))
