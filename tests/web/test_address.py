"""Where the server may listen, and by which names it may be called."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from voicemock.errors import DeviceError, InputError
from voicemock.web.address import Address, encryption, is_loopback, listening_socket, refuse_exposed

PEM = Path("laptop.pem")


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("LocalHost", True),
        ("192.168.1.7", False),
        ("0.0.0.0", False),
        ("laptop.home", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_what_only_this_machine_can_call(host: str, inside: bool):
    assert is_loopback(host) is inside


@pytest.mark.parametrize(
    ("host", "cert", "key", "told"),
    [
        ("192.168.1.7", None, None, "every device on your network can open this page"),
        ("laptop.home", None, None, "--cert FILE --key FILE"),
        ("0.0.0.0", PEM, PEM, "every address of this machine"),
        ("::", PEM, PEM, "every address of this machine"),
        ("127.0.0.1", PEM, None, "go together"),
        ("laptop.home", None, PEM, "go together"),
    ],
)
def test_a_host_that_is_refused_says_why(host: str, cert: Path | None, key: Path | None, told: str):
    with pytest.raises(InputError, match=told):
        refuse_exposed(host, cert, key)


@pytest.mark.parametrize(("host", "cert"), [("127.0.0.1", None), ("::1", None), ("127.0.0.1", PEM), ("laptop", PEM)])
def test_a_host_that_may_be_listened_on(host: str, cert: Path | None):
    refuse_exposed(host, cert, cert)


@pytest.mark.parametrize(
    ("address", "origin", "hosts"),
    [
        (Address("127.0.0.1", 8420), "http://127.0.0.1:8420", {"127.0.0.1:8420", "localhost:8420", "[::1]:8420"}),
        (Address("127.0.0.1", 80), "http://127.0.0.1", {"127.0.0.1", "localhost", "[::1]"}),
        (Address("::1", 8420), "http://[::1]:8420", {"127.0.0.1:8420", "localhost:8420", "[::1]:8420"}),
        (Address("Laptop.home", 8420, is_encrypted=True), "https://Laptop.home:8420", {"laptop.home:8420"}),
        (Address("laptop.home", 443, is_encrypted=True), "https://laptop.home", {"laptop.home"}),
    ],
)
def test_names_of_an_address(address: Address, origin: str, hosts: set[str]):
    assert address.origin == origin
    assert address.hosts == hosts


def test_a_wrong_certificate_is_told(tmp_path: Path):
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    with pytest.raises(InputError, match=r"broken\.pem"):
        encryption(broken, broken)
    with pytest.raises(InputError, match=r"none\.pem is not there"):
        encryption(tmp_path / "none.pem", broken)


def test_a_taken_port_is_told_if_it_was_asked_for():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(DeviceError, match="cannot be used"):
            listening_socket("127.0.0.1", other.getsockname()[1])


def test_without_a_port_any_free_one_is_taken(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr("voicemock.web.address.USUAL_PORT", other.getsockname()[1])
        with listening_socket("127.0.0.1", None) as found:
            assert found.getsockname()[1] not in (0, other.getsockname()[1])
