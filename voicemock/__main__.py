"""``python -m voicemock`` is the ``voicemock`` command."""

from __future__ import annotations

from voicemock.cli import main

main()
