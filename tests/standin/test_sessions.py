"""Who may ask: credentials, cookies that expire, keys."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.standin import Standin
from tests.standin.samples import manifest, program
from tests.standin.sessions import Session, Sessions

QUERY = json.dumps({"query": "{ version { version } }"})


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Standin]:
    """One with credentials and a key."""
    with Standin(tmp_path / "c", tmp_path / "l", username="me", password="secret", api_key="key") as running:
        yield running


def send(
    stash: Standin, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", stash.port, timeout=10)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer


def ask(stash: Standin, path: str = "/graphql", **headers: str) -> int:
    return send(stash, "POST", path, QUERY, Content_Type="application/json", **headers)[0]


def cookie_of(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def log_in(stash: Standin, password: str = "secret") -> tuple[int, str]:
    form = urlencode({"username": "me", "password": password})
    status, answer = send(stash, "POST", "/login", form, Content_Type="application/x-www-form-urlencoded")
    return status, cookie_of(answer)


def test_without_credentials_everything_is_open_but_a_wrong_key(stash: Standin) -> None:
    assert ask(stash) == 200
    assert ask(stash, ApiKey="x") == 401


def test_with_credentials_a_login_or_the_key_is_needed(locked: Standin) -> None:
    assert ask(locked) == 401
    assert log_in(locked, "wrong") == (401, "")
    status, cookie = log_in(locked)
    assert status == 200
    assert ask(locked, Cookie=cookie) == 200
    assert ask(locked, ApiKey="key") == 200
    assert ask(locked, "/graphql?apikey=key") == 200
    assert ask(locked, Cookie="session=forged") == 401


def test_a_key_wins_over_the_cookie(locked: Standin) -> None:
    _, cookie = log_in(locked)
    assert ask(locked, Cookie=cookie, ApiKey="wrong") == 401
    locked.clock.advance(4000)
    assert ask(locked, Cookie=cookie, ApiKey="key") == 200


def test_cookies_expire_and_are_stamped_anew_with_every_answer(locked: Standin) -> None:
    _, first = log_in(locked)
    locked.clock.advance(3000)
    status, answer = send(locked, "POST", "/graphql", QUERY, Content_Type="application/json", Cookie=first)
    second = cookie_of(answer)
    assert status == 200
    assert "Max-Age=3600" in (answer.getheader("Set-Cookie") or "")
    locked.clock.advance(1000)
    assert ask(locked, Cookie=first) == 401
    assert ask(locked, Cookie=second) == 200


def test_a_plugins_cookie_dies_after_an_hour_too(locked: Standin) -> None:
    locked.add_plugin("p", manifest(), {"main.py": program("answer(connection['SessionCookie']['Value'])")})
    cookie = "session=" + locked.run_operation("p")
    assert ask(locked, Cookie=cookie) == 200
    locked.clock.advance(3601)
    assert ask(locked, Cookie=cookie) == 401
    assert ask(locked, Cookie=cookie, ApiKey="key") == 200
    assert locked.requests.all()[-1].from_plugin, "the log knows a plugin by its cookie, however old"


def test_pages_lead_to_the_login_files_do_not(locked: Standin) -> None:
    status, answer = send(locked, "GET", "/scenes?x=1")
    assert (status, answer.getheader("Location")) == (302, "/login?returnURL=%2Fscenes%3Fx%3D1")
    assert send(locked, "GET", "/scene/1_sprite.jpg")[0] == 401
    assert send(locked, "GET", "/login")[0] == 200
    assert send(locked, "GET", "/plugin/p/assets/x.js")[0] == 401


def test_a_session_carries_its_visits_and_no_other_key_can_sign_one() -> None:
    sessions = Sessions(lambda: 1000.0)
    session = Session("me", (("p", "Scene.Update.Post"),))
    value = sessions.value_of(session)
    assert sessions.read(value, 10) == session
    assert Sessions(lambda: 1000.0).read(value, 10) is None
    assert sessions.read(value[:-1], 10) is None
    assert sessions.read(None, 10) is None
