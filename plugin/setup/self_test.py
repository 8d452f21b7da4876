"""The self-test that ends Set up: is everything there that analysis needs, and if not, what helps.

Pure orchestration: what is asked of Stash and of the sidecar is handed in. A check that raises is a check that failed;
the message of the exception is its sentence.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar

from plugin.setup import dependencies, file_system
from plugin.version import VERSION

Level: TypeAlias = Literal["ok", "warn", "fail"]
Facts = TypeVar("Facts")

OLDEST_STASH = (0, 28)
SAMPLES = 20
LITTLE_GB, TOO_LITTLE_GB = 2.0, 0.2
"""Free space in the data folder: an hour of video takes about 2 MB of vectors, a model up to some GB."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the self-test. remedy: what to do, "" where nothing needs to be done."""

    name: str
    level: Level
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class StashFacts:
    """version: as Stash says it, "" on builds that do not. has_login: credentials are configured."""

    version: str
    has_login: bool
    has_api_key: bool


@dataclass(frozen=True, slots=True)
class SidecarFacts:
    """model: the default model's id. state: "ready", or as protos/models.proto names it in lower case; reason: why it
    is not ready. embedded: it is the small one that needs no download.
    """

    address: str
    version: str
    model: str
    state: str
    reason: str = ""
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of the library. sidecar_path: after path mapping. has_url: Stash can serve it."""

    stash_path: str
    sidecar_path: str
    size_bytes: int
    has_url: bool = True


class PathAnswer(Protocol):
    """What the sidecar says of a path; code is "" where it can read it."""

    @property
    def path(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...


class Probes(Protocol):
    """What the self-test asks of the world. Any exception is taken as the answer's failure, with its message."""

    def stash(self) -> StashFacts: ...

    def sidecar(self) -> SidecarFacts: ...

    def samples(self, count: int) -> Sequence[Sample]:
        """At most `count` files, spread over the library's folders; not members of zips."""
        ...

    def check_paths(self, paths: Sequence[str]) -> tuple[Sequence[PathAnswer], Sequence[str]]:
        """An answer for each path, in order, and the sidecar's media roots."""
        ...

    def suggest_mapping(self, unseen: Sequence[Sample]) -> str:
        """A value for the setting Path mappings that would make these visible; "" if none was found."""
        ...


def run(data_dir: str, probes: Probes) -> list[Result]:
    """Every check, in the order in which their causes depend on each other. Never raises."""
    stash, sidecar = _Once(probes.stash), _Once(probes.sidecar)
    return [
        *_guarded("Python", _python, data_dir),
        *_guarded("Stash", _stash, stash),
        *_guarded("Data folder", _data_folder, data_dir),
        *_guarded("Disk space", _disk_space, data_dir),
        *_guarded("Sidecar", _sidecar, sidecar),
        *_guarded("Models", _models, sidecar),
        *_guarded("Media", _media, probes, stash, sidecar),
        *_guarded("Schedule", _schedule, stash),
    ]


def as_json(results: Sequence[Result]) -> list[dict[str, str]]:
    """The lines as values of JSON."""
    return [asdict(result) for result in results]


def summary(results: Sequence[Result]) -> str:
    """One sentence for people."""
    failed = [result.name for result in results if result.level == "fail"]
    warned = [result.name for result in results if result.level == "warn"]
    if failed:
        return f"Not everything is ready: {', '.join(failed)}. Each line above says what helps."
    if warned:
        return f"Ready. Worth a look: {', '.join(warned)}."
    return "Everything is ready."


class _Once(Generic[Facts]):
    """Facts that are asked for once; what failed once fails again without asking."""

    def __init__(self, ask: Callable[[], Facts]) -> None:
        self._ask = ask
        self._answer: Facts | Exception | None = None

    def __call__(self) -> Facts:
        if self._answer is None:
            try:
                self._answer = self._ask()
            except Exception as error:
                self._answer = error
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    @property
    def failed(self) -> bool:
        return isinstance(self._answer, Exception)


def _guarded(name: str, check: Callable[..., Iterator[Result]], *arguments: Any) -> Iterator[Result]:
    try:
        yield from check(*arguments)
    except Exception as error:
        yield Result(name, "fail", str(error) or type(error).__name__, _REMEDIES.get(name, ""))


_REMEDIES: Mapping[str, str] = {
    "Stash": "Run Set up from Stash's own Tasks page, once Stash has finished starting.",
    "Data folder": "Let Stash's user write to the folder of Stash's configuration file.",
    "Sidecar": "If it runs on another machine, check the setting Sidecar address; else its log is sidecar/logs/"
    "sidecar.log in the plugin's data folder.",
    "Media": "Media over Stash's stream URLs work without shared folders; see Path mappings in README.",
}


def _python(data_dir: str) -> Iterator[Result]:
    version = f"Python {'.'.join(map(str, sys.version_info[:3]))} ({dependencies.abi_tag()})"
    if not dependencies.is_installed(data_dir):
        yield Result("Python", "fail", f"{version} lacks packages.", dependencies.missing_instruction(data_dir))
    elif not dependencies.can_call_sidecar(data_dir):
        yield Result("Python", "warn", f"{version} has no grpcio.", dependencies.no_grpc_instruction())
    else:
        yield Result("Python", "ok", f"{version} has everything that the plugin needs.")


def _stash(stash: _Once[StashFacts]) -> Iterator[Result]:
    facts = stash()
    known = re.match(r"v?(\d+)\.(\d+)", facts.version)
    if known is None:
        said = facts.version or "nothing"
        yield Result("Stash", "ok", f"Stash answers; this build says {said} about its version (v0.28 is the oldest).")
    elif (int(known[1]), int(known[2])) < OLDEST_STASH:
        remedy = "Update Stash: ends of markers and the panel on the scene page came with v0.28."
        yield Result("Stash", "warn", f"Stash {facts.version} answers, but is older than v0.28.", remedy)
    else:
        yield Result("Stash", "ok", f"Stash {facts.version} answers.")


def _data_folder(data_dir: str) -> Iterator[Result]:
    os.makedirs(data_dir, exist_ok=True)
    verdict = file_system.judge(data_dir)
    kind = verdict.kind or "an unnamed file system"
    if verdict.journal_mode == "WAL":
        yield Result("Data folder", "ok", f"{data_dir} can be written, on {kind}.")
        return
    yield Result(
        "Data folder",
        "warn",
        f"{data_dir} can be written, but {verdict.why}: the store works there in its slower mode TRUNCATE.",
        "Nothing needs to be done. A folder on a local disk for Stash's configuration would be faster and safer.",
    )


def _disk_space(data_dir: str) -> Iterator[Result]:
    free_gb = shutil.disk_usage(data_dir).free / 1e9
    level: Level = "fail" if free_gb < TOO_LITTLE_GB else "warn" if free_gb < LITTLE_GB else "ok"
    remedy = "" if level == "ok" else f"Free some space: {LITTLE_GB:.0f} GB are comfortable without further models."
    yield Result("Disk space", level, f"{free_gb:.1f} GB are free in {data_dir}.", remedy)


def _sidecar(sidecar: _Once[SidecarFacts]) -> Iterator[Result]:
    facts = sidecar()
    if facts.version == VERSION:
        yield Result("Sidecar", "ok", f"The sidecar {facts.version} answers at {facts.address}.")
        return
    yield Result(
        "Sidecar",
        "warn",
        f"The sidecar at {facts.address} is version {facts.version or '(unknown)'}, the plugin {VERSION}.",
        "Update the older of the two; a sidecar that the plugin starts itself is replaced at its next start.",
    )


def _models(sidecar: _Once[SidecarFacts]) -> Iterator[Result]:
    if sidecar.failed:
        yield _skipped("Models", "Sidecar")
        return
    facts = sidecar()
    if facts.state in ("failed", "not_installed"):
        why = f": {facts.reason}" if facts.reason else ""
        remedy = "Choose another model on the page Sense > Settings > Models, or download this one there."
        yield Result("Models", "fail", f"The model {facts.model} is not ready{why}.", remedy)
    elif facts.state == "downloading":
        sentence = f"The model {facts.model} is still being downloaded; what needs it waits."
        yield Result("Models", "warn", sentence, "Nothing needs to be done but to wait.")
    elif facts.embedded:
        sentence = f"The embedded model {facts.model} is used: it knows concrete things, not light, mood or people."
        yield Result("Models", "ok", sentence, "For more, download a production model: page Sense > Settings > Models.")
    else:
        yield Result("Models", "ok", f"The model {facts.model} is there.")


def _media(probes: Probes, stash: _Once[StashFacts], sidecar: _Once[SidecarFacts]) -> Iterator[Result]:
    if stash.failed or sidecar.failed:
        yield _skipped("Media", "Stash" if stash.failed else "Sidecar")
        return
    samples = list(probes.samples(SAMPLES))
    if not samples:
        yield Result(
            "Media", "ok", "Stash's library has no files yet.", "Scan a folder in Stash, then run Set up again."
        )
        return
    answers, roots = probes.check_paths([sample.sidecar_path for sample in samples])
    pairs = list(zip(samples, answers, strict=True))
    unseen = [sample for sample, answer in pairs if answer.code]
    other = [sample for sample, answer in pairs if not answer.code and answer.size_bytes != sample.size_bytes]
    if other:
        yield Result(
            "Media",
            "warn",
            f"The sidecar finds files of other sizes at {len(other)} of {len(samples)} places that were tried, such as "
            f"{other[0].sidecar_path}.",
            "Check the setting Path mappings, or scan again in Stash if files were replaced.",
        )
    elif not unseen:
        yield Result("Media", "ok", f"The sidecar can read all {len(samples)} files that were tried.")
    if unseen:
        yield _unseen(probes, samples, unseen, next(a for s, a in pairs if s is unseen[0]), roots)


def _unseen(
    probes: Probes, samples: Sequence[Sample], unseen: Sequence[Sample], first: PathAnswer, roots: Sequence[str]
) -> Result:
    sentence = (
        f"The sidecar cannot read {len(unseen)} of {len(samples)} files that were tried, such as {first.path} "
        f"({first.code}: {first.message})."
    )
    mapping = probes.suggest_mapping(unseen)
    if mapping:
        return Result("Media", "warn", sentence, f"It would with the setting Path mappings: {mapping}")
    if all(sample.has_url for sample in unseen):
        return Result(
            "Media",
            "warn",
            f"{sentence} They will be analysed over Stash's stream URLs, which is slower.",
            (
                "To read them directly, give the sidecar their folder and set Path mappings; its media roots: "
                f"{', '.join(roots) or 'none'}."
            ),
        )
    return Result(
        "Media", "fail", sentence, f"Give the sidecar their folder; its media roots: {', '.join(roots) or 'none'}."
    )


def _schedule(stash: _Once[StashFacts]) -> Iterator[Result]:
    if stash.failed:
        yield _skipped("Schedule", "Stash")
        return
    facts = stash()
    if facts.has_login and not facts.has_api_key:
        yield Result(
            "Schedule",
            "warn",
            "Stash has a login but no API key: the sidecar cannot wake it at night, and tasks end with the session.",
            "Generate an API key in Stash under Settings > Security.",
        )
    else:
        how = "with its API key" if facts.has_api_key else "without a login"
        yield Result("Schedule", "ok", f"Stash can be woken {how}.")


def _skipped(name: str, cause: str) -> Result:
    return Result(name, "warn", "Not looked at yet.", f"See {cause}.")
