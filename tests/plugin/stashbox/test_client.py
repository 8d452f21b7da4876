"""Questions to a stash-box over real HTTP: what comes back, what goes wrong, and how politely."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import time
import uuid
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from plugin.stashbox.client import StashBoxClient
from plugin.stashbox.errors import StashBoxError, StashBoxRefused, StashBoxUnavailable
from plugin.stashbox.values import BoxImage
from tests.standin.samples import picture
from tests.standin.stashbox import Reply, StashBox, keys_sent


def client(box: StashBox, **options: Any) -> StashBoxClient:
    return StashBoxClient(box.endpoint, box.api_key, "A box", **{"per_minute": 6000, **options})


def unanswered() -> StashBoxClient:
    return StashBoxClient("http://127.0.0.1:9/graphql", "key", "A box")


def test_a_performer_with_all_that_is_known_of_them(box: StashBox) -> None:
    ada = box.add_performer(
        "Ada", [picture(1), picture(2)], aliases=("A.", "Countess"), gender="FEMALE", birth_date="1815-12"
    )
    (found,) = client(box).find([ada.id]).values()
    assert (found.id, found.name, found.aliases, found.gender) == (ada.id, "Ada", ("A.", "Countess"), "FEMALE")
    assert found.birthdate == "1815-12" and not found.is_gone
    first = ada.images[0]
    assert found.images[0] == BoxImage(first.id, first.url, 8, 6) and len(found.images) == 2


def test_many_are_asked_for_ten_at_a_time_and_each_may_be_missing(box: StashBox) -> None:
    performers = [box.add_performer(f"P{number}") for number in range(23)]
    gone = box.add_performer("Gone", deleted=True, merged_into_id=performers[0].id)
    ids = [*(performer.id for performer in performers), str(uuid.uuid4()), gone.id, "no id", gone.id]
    found = client(box).find(ids)
    assert [one.name for one in found.values()] == [*(f"P{number}" for number in range(23)), "Gone"]
    assert found[gone.id].is_gone and found[gone.id].merged_into == performers[0].id
    assert box.questions() == ["SenseFind"] * 3


def test_an_error_of_one_performer_hides_no_other(box: StashBox) -> None:
    row = {"id": "x", "name": "Ada"}
    errors = [{"message": "no rows in result set", "path": ["p1"]}]
    box.failures.append(Reply(json.dumps({"data": {"p0": row, "p1": None}, "errors": errors}).encode()))
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    assert {key: one.name for key, one in client(box).find([first, second]).items()} == {first: "Ada"}


def test_search_and_pages(box: StashBox) -> None:
    names = [box.add_performer(f"Ada {number}").name for number in range(5)]
    asked = client(box)
    assert [one.name for one in asked.search("ada", 3)] == names[:3]
    assert ([one.name for one in asked.page(1, 2)[0]], asked.page(1, 2)[1]) == (names[:2], 5)
    assert [one.name for one in asked.page(3, 2)[0]] == names[4:]


def test_one_odd_row_hides_no_other(box: StashBox) -> None:
    rows: list[Any] = [{"id": "1", "name": "Ada"}, {"id": "2"}, None, {"id": "3", "name": "B", "images": [{"id": 1}]}]
    rows.append({"id": "4", "name": "C", "images": [{"id": "i", "url": "u", "width": 1e400, "height": 1}]})
    box.failures.append(Reply(json.dumps({"data": {"queryPerformers": {"count": 5, "performers": rows}}}).encode()))
    assert [one.name for one in client(box).page(1)[0]] == ["Ada"]


def test_a_box_that_is_overloaded_is_asked_again_later(box: StashBox) -> None:
    slept: list[float] = []
    box.add_performer("Ada")
    box.failures.extend([Reply(status=500), Reply(status=502), Reply(b'{"data": {"searchPerf', 200)])
    found = client(box, patience_s=10, sleep=slept.append).search("ada")
    assert [one.name for one in found] == ["Ada"]
    assert slept == [1, 2, 4]


@pytest.mark.parametrize("as_date", [False, True])
def test_it_is_left_alone_as_long_as_it_wants(box: StashBox, as_date: bool) -> None:
    slept: list[float] = []
    box.add_performer("Ada")
    told = formatdate(time.time() + 30, usegmt=True) if as_date else "30"
    box.failures.append(Reply(status=429, headers={"Retry-After": told}))
    assert client(box, patience_s=40, sleep=slept.append).search("ada")
    (waited,) = slept
    assert 20 <= waited <= 30


def test_whoever_has_no_time_is_told_how_long_it_wants_to_be_left_alone(box: StashBox) -> None:
    box.failures.append(Reply(status=429, headers={"Retry-After": "600"}))
    with pytest.raises(StashBoxUnavailable, match="A box answered HTTP 429") as told:
        client(box, patience_s=10, sleep=lambda _: pytest.fail("nobody waits")).search("ada")
    assert told.value.retry_after_s == 600 and told.value.passes


def test_it_gives_up_in_the_end(box: StashBox) -> None:
    box.failures.extend([Reply(status=503)] * 9)
    with pytest.raises(StashBoxUnavailable, match="HTTP 503"):
        client(box, patience_s=100, sleep=lambda _: None).search("ada")
    assert len(box.questions()) == 4


def test_its_own_limit_is_kept(box: StashBox) -> None:
    box.add_performer("Ada")
    asked = client(box, per_minute=1200)
    for _ in range(24):
        asked.search("ada")
    times = [one.at_s for one in box.asked]
    # Twenty at once after a rest, then one each 50 ms.
    assert times[-1] - times[0] >= 0.15


def test_a_wrong_key_is_said_with_what_to_do(box: StashBox) -> None:
    wrong = StashBoxClient(box.endpoint, "wrong", "A box")
    with pytest.raises(StashBoxRefused, match="Metadata Providers") as told:
        wrong.search("ada")
    assert not told.value.passes
    box.failures.append(Reply(json.dumps({"errors": [{"message": "not authorized"}], "data": None}).encode()))
    with pytest.raises(StashBoxRefused):
        client(box).search("ada")


def test_errors_are_told_without_the_key(box: StashBox) -> None:
    message = f"cannot find {box.api_key}\x1b[31m\n" + "x" * 1000
    box.failures.append(Reply(json.dumps({"errors": [{"message": message}], "data": None}).encode()))
    with pytest.raises(StashBoxError, match="A box answered: cannot find") as told:
        client(box).search("ada")
    assert box.api_key not in str(told.value) and "\x1b" not in str(told.value) and len(str(told.value)) < 400


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"<html>", b'{"data": null}', b'{"data": {"queryPerformers": 1}}']
)
def test_an_answer_that_makes_no_sense(box: StashBox, body: bytes) -> None:
    box.failures.append(Reply(body))
    with pytest.raises(StashBoxUnavailable):
        client(box).page(1)


def test_nesting_that_is_too_deep(box: StashBox) -> None:
    box.failures.append(Reply(b'{"data": ' + b"[" * 200_000))
    with pytest.raises(StashBoxUnavailable):
        client(box).page(1)


def test_nobody_there() -> None:
    with pytest.raises(StashBoxUnavailable, match="A box: it cannot be reached"):
        unanswered().search("ada")


def test_an_answer_that_drips_ends_in_time(box: StashBox) -> None:
    box.failures.append(Reply(b'{"data": {}}' * 100, pause_s=0.05))
    began = time.monotonic()
    with pytest.raises(StashBoxUnavailable, match="did not answer within"):
        client(box, timeout_s=0.4).search("ada")
    assert time.monotonic() - began < 2


def test_a_question_is_not_carried_elsewhere(box: StashBox, elsewhere: StashBox, cdn: StashBox) -> None:
    for place in (f"{elsewhere.url}/graphql", f"{cdn.url}/graphql", f"{box.url}/other"):
        box.failures.append(Reply(status=307, headers={"Location": place}))
        with pytest.raises(StashBoxUnavailable, match="correct its endpoint"):
            client(box).search("ada")
    assert keys_sent([elsewhere, cdn], box.api_key) == [] and len(box.asked) == 3


@pytest.mark.parametrize("endpoint", ["ftp://box.example/graphql", "no url", "", "http://", "file:///etc/passwd"])
def test_an_endpoint_that_is_none(endpoint: str) -> None:
    with pytest.raises(StashBoxRefused, match="no http"):
        StashBoxClient(endpoint, "key", "A box").search("ada")


def test_a_key_that_no_header_can_hold_is_not_sent(box: StashBox) -> None:
    with pytest.raises(StashBoxRefused):
        StashBoxClient(box.endpoint, "two\r\nlines: x", "A box").search("ada")
    assert all("apikey" not in {name.lower() for name in asked.headers} for asked in box.asked)


def test_the_key_is_not_shown_by_accident(box: StashBox) -> None:
    assert box.api_key not in repr(client(box))


def test_over_tls_a_box_is_who_it_says_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = signed_for("box.example", tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with StashBox(tls=tls) as box:
        ada = box.add_performer("Ada", [picture(1)])
        image = BoxImage("i", ada.images[0].url.replace("127.0.0.1", "box.example"), 8, 6)

        def asked(host: str) -> StashBoxClient:
            endpoint = box.endpoint.replace("127.0.0.1", host)
            return StashBoxClient(endpoint, box.api_key, "A box", resolver=lambda host, port: ["127.0.0.1"])

        with pytest.raises(StashBoxUnavailable, match="cannot be reached"):
            asked("box.example").search("ada")  # nobody here knows who signed it
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert [one.name for one in asked("box.example").search("ada")] == ["Ada"]
        assert asked("box.example").picture(image) == picture(1)
        with pytest.raises(StashBoxUnavailable, match="cannot be reached"):
            asked("other.example").search("ada")
        assert keys_sent([box], box.api_key) == [one for one in box.asked if one.method == "POST"]


def signed_for(name: str, folder: Path) -> tuple[Path, Path]:
    if not shutil.which("openssl"):
        pytest.skip("no openssl here")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={name}"]
    names = ["-addext", f"subjectAltName=DNS:{name}"]
    subprocess.run([*command, *names, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key
