"""The guard: only the browser with the printed address, on the page's own name and from its own pages, is let in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voicemock.web.address import Address
from voicemock.web.guard import Access, Knock, Verdict, security_headers, verdict_on

HERE = Access(Address("127.0.0.1", 8420), token="the-token", pass_="the-pass")
OWN = "http://127.0.0.1:8420"
GET = Knock("GET", host="127.0.0.1:8420", passed="the-pass")
POST = replace(GET, method="POST", origin=OWN, site="same-origin")
SOCKET = replace(POST, method="WEBSOCKET")
FIRST = Knock("GET", host="127.0.0.1:8420", site="none", token="the-token")


@pytest.mark.parametrize(
    ("knock", "verdict"),
    [
        (GET, Verdict.LET_IN),
        (replace(GET, host="localhost:8420"), Verdict.LET_IN),
        (replace(GET, host="LOCALHOST:8420"), Verdict.LET_IN),
        (replace(GET, host="[::1]:8420"), Verdict.LET_IN),
        (POST, Verdict.LET_IN),
        (SOCKET, Verdict.LET_IN),
        (FIRST, Verdict.INVITED),
        (replace(FIRST, site="cross-site"), Verdict.INVITED),  # the address was clicked in a mail
        # another name leads here: DNS rebinding
        (replace(GET, host="evil.example"), Verdict.WRONG_HOST),
        (replace(GET, host="evil.example:8420"), Verdict.WRONG_HOST),
        (replace(GET, host="127.0.0.1"), Verdict.WRONG_HOST),
        (replace(GET, host="127.0.0.1:8421"), Verdict.WRONG_HOST),
        (replace(GET, host="127.0.0.1:8420.evil.example"), Verdict.WRONG_HOST),
        (replace(GET, host=None), Verdict.WRONG_HOST),
        (replace(FIRST, host="evil.example:8420"), Verdict.WRONG_HOST),
        (replace(SOCKET, host="evil.example:8420", origin="http://evil.example:8420"), Verdict.WRONG_HOST),
        # another page calls
        (replace(SOCKET, origin="http://evil.example"), Verdict.WRONG_ORIGIN),
        (replace(SOCKET, origin="http://127.0.0.1:3000"), Verdict.WRONG_ORIGIN),
        (replace(SOCKET, origin="https://127.0.0.1:8420"), Verdict.WRONG_ORIGIN),
        (replace(SOCKET, origin="null"), Verdict.WRONG_ORIGIN),
        (replace(SOCKET, origin=None), Verdict.WRONG_ORIGIN),
        (replace(POST, origin=None), Verdict.WRONG_ORIGIN),
        (replace(POST, origin="http://evil.example"), Verdict.WRONG_ORIGIN),
        (replace(GET, origin="http://127.0.0.1:3000"), Verdict.WRONG_ORIGIN),
        (replace(GET, site="cross-site"), Verdict.WRONG_ORIGIN),
        (replace(GET, site="same-site"), Verdict.WRONG_ORIGIN),  # another port of this machine
        # another browser
        (replace(GET, passed=None), Verdict.UNKNOWN),
        (replace(GET, passed=""), Verdict.UNKNOWN),
        (replace(GET, passed="the-token"), Verdict.UNKNOWN),
        (replace(GET, passed="the-p\xe4ss"), Verdict.UNKNOWN),
        (replace(SOCKET, passed=None), Verdict.UNKNOWN),
        (replace(SOCKET, passed=None, token="the-token"), Verdict.UNKNOWN),  # a token opens the first page only
        (replace(POST, passed=None, token="the-token"), Verdict.UNKNOWN),
        (replace(FIRST, token="the-tokem"), Verdict.UNKNOWN),
        (replace(FIRST, token=""), Verdict.UNKNOWN),
    ],
)
def test_who_is_let_in(knock: Knock, verdict: Verdict):
    assert verdict_on(knock, HERE) is verdict


def test_over_tls_only_the_given_name_counts():
    access = Access(Address("laptop.home", 443, is_encrypted=True), token="the-token", pass_="the-pass")
    knock = Knock("GET", host="laptop.home", origin="https://laptop.home", passed="the-pass")
    assert verdict_on(knock, access) is Verdict.LET_IN
    assert verdict_on(replace(knock, host="localhost"), access) is Verdict.WRONG_HOST
    assert verdict_on(replace(knock, origin="http://laptop.home"), access) is Verdict.WRONG_ORIGIN


def test_what_is_said_about_a_request():
    def scope(*headers: tuple[bytes, bytes], query: bytes = b"") -> dict[str, object]:
        return {"type": "http", "method": "GET", "headers": list(headers), "query_string": query}

    knock = Knock.of(
        scope((b"host", b"h"), (b"cookie", b"a=1; voicemock-8420=the-pass; b=2"), query=b"token=t&loop=amazon"),
        "voicemock-8420",
    )
    assert knock == Knock("GET", host="h", token="t", passed="the-pass")
    twice = scope((b"host", b"127.0.0.1:8420"), (b"host", b"evil.example"), query=b"token=a&token=b")
    assert Knock.of(twice, "voicemock-8420") == Knock("GET")


def test_secrets_are_new_each_time_and_shown_nowhere():
    address = Address("127.0.0.1", 8420)
    one, other = Access(address), Access(address)
    assert len({one.token, one.pass_, other.token, other.pass_}) == 4
    assert one.token not in repr(one)
    assert one.pass_ not in repr(one)
    assert one.url == f"http://127.0.0.1:8420/?token={one.token}"


def test_the_policy_lets_no_inline_script_and_no_other_host_in():
    policy = security_headers("127.0.0.1:8420", is_encrypted=False)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "default-src 'none'" in policy
    assert "connect-src 'self' ws://127.0.0.1:8420;" in policy
    assert "connect-src 'self' wss://h;" in security_headers("h", is_encrypted=True)["Content-Security-Policy"]
