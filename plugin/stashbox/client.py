"""What is asked of a stash-box. It alone speaks to them, and holds the key, which goes to the endpoint alone."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from plugin.stashbox import documents, values
from plugin.stashbox.addresses import Reach, Resolve, origin, parse, resolve
from plugin.stashbox.errors import PictureRefused, StashBoxError, StashBoxRefused, StashBoxUnavailable
from plugin.stashbox.exchange import Answer, TooLarge, exchange
from plugin.stashbox.pace import PER_MINUTE, Pace, retry_after_s
from plugin.stashbox.values import BoxImage, BoxPerformer

TIMEOUT_S = 30.0
"""For one question, from the first byte to the last."""
PICTURE_TIMEOUT_S = 60.0
"""For one picture, redirects included."""
LARGEST_ANSWER_BYTES = 32 * 1024 * 1024
LARGEST_PICTURE_BYTES = 20 * 1024 * 1024
"""What the sidecar takes."""
MOST_REDIRECTS = 3
TRIES = 4
"""Of a question whose trouble may pass, 1, 2, 4 seconds apart unless the box says otherwise."""
PER_QUESTION = 10
"""Performers that are asked for by id in one request."""
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class StashBoxClient:
    """One stash-box. Every method raises StashBoxError. Not for threads.

    patience_s: how long it may sleep before it asks again because a box fails or wants to be left alone; where that is
    not enough, StashBoxUnavailable.
    """

    def __init__(
        self,
        endpoint: str,
        api_key: str,
        name: str = "",
        per_minute: int = PER_MINUTE,
        patience_s: float = 0.0,
        *,
        resolver: Resolve = resolve,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        timeout_s: float = TIMEOUT_S,
        picture_timeout_s: float = PICTURE_TIMEOUT_S,
    ) -> None:
        self.endpoint, self.name = endpoint, name or urlsplit(endpoint).hostname or endpoint
        self._api_key = api_key
        self._patience_s = patience_s
        self._sleep, self._clock = sleep, clock
        self._per_minute = per_minute if per_minute > 0 else PER_MINUTE
        self._paces: dict[str, Pace] = {}
        self._reach = Reach(endpoint, resolver)
        self._timeout_s, self._picture_timeout_s = timeout_s, picture_timeout_s

    def find(self, ids: Sequence[str]) -> dict[str, BoxPerformer]:
        """Those of these performers that the box has, by id; who was deleted or merged there is among them."""
        wanted = [box_id for box_id in dict.fromkeys(ids) if _ID.fullmatch(box_id)]
        found: dict[str, BoxPerformer] = {}
        for start in range(0, len(wanted), PER_QUESTION):
            page = wanted[start : start + PER_QUESTION]
            aliases = documents.aliases(len(page))
            data = self._ask(documents.find(len(page)), dict(zip(aliases, page, strict=True)), may_lack=aliases)
            for box_id, alias in zip(page, aliases, strict=True):
                performer = _performer(data.get(alias))
                if performer is not None:
                    found[box_id] = performer
        return found

    def search(self, words: str, limit: int = 10) -> list[BoxPerformer]:
        """Performers by words, as the box ranks them."""
        rows = self._ask(documents.SEARCH, {"words": words, "limit": limit}).get("searchPerformer")
        return self._performers(rows)[:limit]

    def page(self, number: int, per_page: int = 40) -> tuple[list[BoxPerformer], int]:
        """Performers of a page (from 1), oldest first, so that new ones shift nothing; and how many there are in all.
        What cannot be read as a performer is left out.
        """
        chosen = {"page": number, "per_page": per_page, "sort": "CREATED_AT", "direction": "ASC"}
        found = self._ask(documents.PAGE, {"input": chosen}).get("queryPerformers")
        if not isinstance(found, dict) or not isinstance(found.get("count"), int):
            raise StashBoxUnavailable(f"{self.name} answered something else than performers")
        return self._performers(found.get("performers")), found["count"]

    def picture(self, image: BoxImage) -> bytes:
        """A picture's bytes. The key is not sent with it. Raises PictureRefused where it is none, is too large, or lies
        where nothing may be fetched from; StashBoxUnavailable where trying again may help.
        """
        ends_at = time.monotonic() + self._picture_timeout_s
        url = image.url
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._fetch_picture(url, ends_at - time.monotonic())
            if answer.status not in (301, 302, 303, 307, 308):
                return self._checked_picture(answer)
            url = _led_to(url, answer.headers.get("location", ""))
        raise PictureRefused(f"it leads from address to address more than {MOST_REDIRECTS} times")

    def _fetch_picture(self, url: str, left_s: float) -> Answer:
        parts = parse(url)
        if left_s <= 0:
            raise StashBoxUnavailable(f"a picture did not come within {self._picture_timeout_s:g} s")
        self._pace(origin(url)).wait()
        try:
            return exchange(
                "GET",
                parts,
                self._reach.addresses(url),
                {"Accept": "image/*"},
                None,
                largest_bytes=LARGEST_PICTURE_BYTES,
                deadline_s=left_s,
                wants_body=lambda status, headers: status == 200 and _is_image(headers),
            )
        except TooLarge:
            raise PictureRefused(f"it is larger than {LARGEST_PICTURE_BYTES // 1024 // 1024} MiB") from None

    def _checked_picture(self, answer: Answer) -> bytes:
        if answer.status == 429 or answer.status >= 500:
            after_s = retry_after_s(answer.headers.get("retry-after", ""), time.time())
            raise StashBoxUnavailable(f"a picture's server answered HTTP {answer.status}", after_s or 0.0)
        if answer.status != 200:
            raise PictureRefused(f"its server answered HTTP {answer.status}")
        if not _is_image(answer.headers):
            shown = answer.headers.get("content-type", "nothing")[:50]
            raise PictureRefused(f"it is no picture but {shown!r}")
        if not answer.body:
            raise PictureRefused("it is empty")
        return answer.body

    def _ask(self, document: str, variables: Mapping[str, Any], may_lack: Sequence[str] = ()) -> dict[str, Any]:
        """The data of the answer. may_lack: fields of which each may fail for itself."""
        for attempt in range(TRIES):
            wait_s = float(2**attempt)
            try:
                answer = self._post(document, variables)
                if answer.status != 429 and answer.status < 500:
                    return self._data(answer, may_lack)
                told_s = retry_after_s(answer.headers.get("retry-after", ""), time.time())
                wait_s = wait_s if told_s is None else told_s
                problem = StashBoxUnavailable(f"{self.name} answered HTTP {answer.status}", told_s or 0.0)
            except StashBoxUnavailable as error:
                problem = error
            if attempt == TRIES - 1 or wait_s > self._patience_s:
                raise problem
            self._sleep(wait_s)
        raise AssertionError("unreachable")

    def _post(self, document: str, variables: Mapping[str, Any]) -> Answer:
        try:
            parts = parse(self.endpoint)
        except PictureRefused:
            raise StashBoxRefused(f"the endpoint of {self.name} is no http(s) URL; correct it in Stash") from None
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._api_key.isascii() and self._api_key.isprintable():
            headers["ApiKey"] = self._api_key
        self._pace(origin(self.endpoint)).wait()
        try:
            return exchange(
                "POST",
                parts,
                self._reach.own(),
                headers,
                body,
                largest_bytes=LARGEST_ANSWER_BYTES,
                deadline_s=self._timeout_s,
            )
        except StashBoxUnavailable as error:
            raise StashBoxUnavailable(f"{self.name}: {error}") from error
        except TooLarge:
            raise StashBoxUnavailable(f"{self.name} answered more than can be read") from None

    def _data(self, answer: Answer, may_lack: Sequence[str]) -> dict[str, Any]:
        if answer.status in (401, 403):
            raise self._refused()
        if 300 <= answer.status < 400:
            # The key goes nowhere but to the address that the owner configured.
            raise StashBoxUnavailable(f"{self.name} says that it is elsewhere now; correct its endpoint in Stash")
        try:
            document = json.loads(answer.body)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise StashBoxUnavailable(f"{self.name} answered HTTP {answer.status} with something that is no JSON")
        errors, data = document.get("errors"), document.get("data")
        if errors:
            self._judge(errors if isinstance(errors, list) else [errors], data, may_lack)
        if not isinstance(data, dict):
            raise StashBoxUnavailable(f"{self.name} answered HTTP {answer.status} without data")
        return data

    def _judge(self, errors: Sequence[Any], data: object, may_lack: Sequence[str]) -> None:
        """Raise what errors mean; errors of single performers mean only that those are not there."""
        messages = [str(error.get("message", "")) if isinstance(error, dict) else str(error) for error in errors]
        if any("authorized" in message.lower() for message in messages):
            raise self._refused()
        paths = [error.get("path") if isinstance(error, dict) else None for error in errors]
        if isinstance(data, dict) and all(isinstance(path, list) and path and path[0] in may_lack for path in paths):
            return
        raise StashBoxError(f"{self.name} answered: " + "; ".join(map(self._clean, messages[:3])))

    def _refused(self) -> StashBoxRefused:
        return StashBoxRefused(
            f"{self.name} does not accept the API key that Stash has for it; correct it in Stash's settings under "
            "Metadata Providers"
        )

    def _performers(self, rows: object) -> list[BoxPerformer]:
        if not isinstance(rows, list):
            raise StashBoxUnavailable(f"{self.name} answered something else than performers")
        return [performer for performer in map(_performer, rows) if performer is not None]

    def _pace(self, of: str) -> Pace:
        """Each server has its own: a box and whoever serves its pictures."""
        if of not in self._paces:
            self._paces[of] = Pace(self._per_minute, self._clock, self._sleep)
        return self._paces[of]

    def _clean(self, text: str) -> str:
        """What a server said, fit for a log: it may say our own key back to us."""
        shown = text.replace(self._api_key, "...") if self._api_key else text
        return "".join(letter if letter.isprintable() else " " for letter in shown)[:300]


def _led_to(url: str, location: str) -> str:
    try:
        next_url = urljoin(url, location)
        same_scheme = urlsplit(next_url).scheme == urlsplit(url).scheme
    except ValueError:
        raise PictureRefused("it leads to what is no URL") from None
    if not same_scheme:
        raise PictureRefused("it leads to an address of another scheme")
    return next_url


def _performer(row: object) -> BoxPerformer | None:
    """None for what is none: one odd row must not be in the way of all others."""
    if not isinstance(row, dict):
        return None
    try:
        return values.performer(row)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def _is_image(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").strip().lower().startswith("image/")
