"""``python -m voicemock`` is the ``voicemock`` command."""

from voicemock.cli import main

main()
