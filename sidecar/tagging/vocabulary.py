"""Tags, their phrasings, and the plain file in which an owner keeps them."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CUSTOM_CATEGORY = "custom"
MAX_TAGS = 20_000
MAX_NAME_CHARS = 200
MAX_PHRASING_CHARS = 500
MAX_PHRASINGS = 64
MAX_FILE_BYTES = 8_000_000
_BACKGROUND, _TEMPLATES = "background", "templates"
_PLAIN_TEMPLATES = ("{}",)


class VocabularyError(ValueError):
    """A vocabulary or tag list that cannot be used; the message says where and how to mend it."""


@dataclass(frozen=True, slots=True)
class TagDefinition:
    """A tag and the phrasings that stand for it in front of a model. Build it with `define_tag`, which checks it."""

    name: str
    category: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tags in file order; background: phrasings that tags are compared with; templates: hold "{}" for the phrasing.

    version: 12 hex digits that name the text it was read from.
    """

    tags: tuple[TagDefinition, ...]
    background: tuple[str, ...]
    templates: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True)
class Prompts:
    """Texts for a model's text side; texts[p] speaks for group tag_of[p] (see scoring.ensemble)."""

    texts: tuple[str, ...]
    tag_of: tuple[int, ...]


def shipped_vocabulary() -> Vocabulary:
    """The vocabulary beside this file. Reads one file."""
    return vocabulary_from_file(Path(__file__).with_name("vocabulary.txt"))


def vocabulary_from_file(path: Path) -> Vocabulary:
    """Read a vocabulary; raises VocabularyError naming file and line, or saying why it cannot be read."""
    return parse_vocabulary(_read(path), str(path))


def tags_from_file(path: Path) -> tuple[TagDefinition, ...]:
    """Tags from a file with one tag a line, or in the syntax of the vocabulary, or both; at least one.

    A line without a colon is a tag that is its own phrasing. Tags outside of a [Category] are "custom". Sections
    [background] and [templates] are checked, then left aside: they belong to the vocabulary, not to a list of tags.
    """
    tags = _parse(_read(path), str(path), plain_lines=True).tags
    if not tags:
        raise VocabularyError(f"{path} holds no tag; write one tag a line.")
    return tags


def tags_from_argument(text: str) -> tuple[TagDefinition, ...]:
    """Tags from "a, b, c", in order, each its own phrasing; the same tag twice counts once. At least one."""
    names: dict[str, str] = {}
    for part in text.split(","):
        if part.strip():
            names.setdefault(same_name(part), part)
    if not names:
        raise VocabularyError(f"{text[:80]!r} holds no tag; write tags with commas between them, such as 'cat, beach'.")
    if len(names) > MAX_TAGS:
        raise VocabularyError(f"{len(names)} tags were given; at most {MAX_TAGS} are allowed.")
    return tuple(define_tag(name, CUSTOM_CATEGORY) for name in names.values())


def parse_vocabulary(text: str, name: str) -> Vocabulary:
    """Parse the syntax that vocabulary.txt explains; `name` stands for the file in errors.

    Forgives a byte-order mark, CRLF, blank lines and `#` lines. Raises VocabularyError with file and line for anything
    else that does not fit, including a tag that appears twice (letter case and spacing aside).
    """
    return _parse(text, name, plain_lines=False)


def define_tag(name: str, category: str, phrasings: Sequence[str] = ()) -> TagDefinition:
    """A checked tag; without phrasings its name is its phrasing.

    Raises VocabularyError for empty, too long or unprintable texts and for more than 64 phrasings.
    """
    texts = tuple(_clean(phrasing, "phrasing", MAX_PHRASING_CHARS) for phrasing in phrasings)
    clean_name = _clean(name, "tag name", MAX_NAME_CHARS)
    if len(texts) > MAX_PHRASINGS:
        raise VocabularyError(f"tag {clean_name!r} has {len(texts)} phrasings; at most {MAX_PHRASINGS} are allowed.")
    return TagDefinition(clean_name, _clean(category, "category", MAX_NAME_CHARS), texts or (clean_name,))


def prompts(groups: Sequence[Sequence[str]], templates: Sequence[str] = _PLAIN_TEMPLATES) -> Prompts:
    """Every phrasing of every group in every template; a group is a tag's phrasings or one background phrasing."""
    pairs = [
        (template.replace("{}", phrasing), index)
        for index, phrasings in enumerate(groups)
        for phrasing in phrasings
        for template in templates
    ]
    return Prompts(tuple(text for text, _ in pairs), tuple(index for _, index in pairs))


def split_by_knowledge(
    tags: Sequence[TagDefinition], knows: Callable[[Sequence[str]], NDArray[np.bool_]]
) -> tuple[tuple[TagDefinition, ...], tuple[TagDefinition, ...]]:
    """Tags that a model can judge, reduced to the phrasings it knows, and those it cannot.

    knows: for texts, bool (len(texts),). A tag is judged if the model knows at least half of its phrasings: one lucky
    word must not make "vintage look" a tag that the model answers for.
    """
    plain = prompts([tag.phrasings for tag in tags])
    known_texts: list[list[str]] = [[] for _ in tags]
    known = knows(plain.texts) if plain.texts else np.zeros(0, dtype=np.bool_)
    for text, index, is_known in zip(plain.texts, plain.tag_of, known.tolist(), strict=True):
        if is_known:
            known_texts[index].append(text)
    judged, left_out = [], []
    for tag, texts in zip(tags, known_texts, strict=True):
        if 2 * len(texts) >= len(tag.phrasings):
            judged.append(TagDefinition(tag.name, tag.category, tuple(texts)))
        else:
            left_out.append(tag)
    return tuple(judged), tuple(left_out)


def _parse(text: str, name: str, *, plain_lines: bool) -> Vocabulary:
    reader = _Reader(plain_lines)
    number = 0
    try:
        for number, line in _lines(text):
            reader.take(number, line)
    except VocabularyError as error:
        raise VocabularyError(f"{name}, line {number}: {error}") from None
    return Vocabulary(
        tuple(reader.tags.values()),
        tuple(reader.background),
        tuple(reader.templates) or _PLAIN_TEMPLATES,
        _version(text),
    )


def _version(text: str) -> str:
    """Names what the text says: line ends, blank lines and comments do not count."""
    said = "\n".join(line for _, line in _lines(text))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class _Reader:
    """What has been read of one file so far."""

    def __init__(self, plain_lines: bool) -> None:
        self.tags: dict[str, TagDefinition] = {}
        self.background: list[str] = []
        self.templates: list[str] = []
        self._plain_lines = plain_lines
        self._section = CUSTOM_CATEGORY
        self._line_of: dict[str, int] = {}

    def take(self, number: int, line: str) -> None:
        if line.startswith("["):
            self._section = _section(line)
        elif self._section == _BACKGROUND:
            self.background.append(_phrasing(line))
        elif self._section == _TEMPLATES:
            self.templates.append(_template(line))
        else:
            self._take_tag(number, _tag(line, self._section, plain_lines=self._plain_lines))

    def _take_tag(self, number: int, tag: TagDefinition) -> None:
        key = same_name(tag.name)
        if key in self.tags:
            raise VocabularyError(f"tag {tag.name!r} is already on line {self._line_of[key]}; keep one of them.")
        if len(self.tags) == MAX_TAGS:
            raise VocabularyError(f"more than {MAX_TAGS} tags; split the file.")
        self.tags[key], self._line_of[key] = tag, number


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Line numbers as an editor counts them (str.splitlines would also split at form feeds), comments left out."""
    for number, line in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), start=1):
        stripped = line.strip(" \t\r")
        if stripped and not stripped.startswith("#"):
            yield number, stripped


def _section(line: str) -> str:
    if not line.endswith("]"):
        raise VocabularyError(f"{line[:80]!r} opens a section but does not end with ']'.")
    name = _clean(line[1:-1], "category", MAX_NAME_CHARS)
    return name.lower() if name.lower() in (_BACKGROUND, _TEMPLATES) else name


def _tag(line: str, category: str, *, plain_lines: bool) -> TagDefinition:
    name, colon, rest = line.partition(":")
    if colon:
        return define_tag(name, category, rest.split("|"))
    if plain_lines:
        return define_tag(line, category)
    raise VocabularyError(f"{line[:80]!r} has no colon; write 'tag name: phrasing | phrasing'.")


def _phrasing(line: str) -> str:
    return _clean(line, "phrasing", MAX_PHRASING_CHARS)


def _template(line: str) -> str:
    if line.count("{}") != 1:
        raise VocabularyError(f"template {line[:80]!r} must hold {{}} exactly once, where the phrasing goes.")
    return _phrasing(line)


def _clean(text: str, what: str, max_chars: int) -> str:
    """The text with its ends trimmed and in composed Unicode form, or VocabularyError."""
    clean = unicodedata.normalize("NFC", text.strip(" \t"))
    if not clean:
        raise VocabularyError(f"a {what} is empty; write something or remove its separator.")
    if len(clean) > max_chars:
        raise VocabularyError(f"{what} {clean[:40]!r}… has {len(clean)} characters; at most {max_chars} are allowed.")
    # Cc control, Cs lone surrogates, Zl/Zp line ends; bidirectional overrides would make a tag look like another one.
    bad = next((c for c in clean if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or _overrides(c)), None)
    if bad is not None:
        raise VocabularyError(f"{what} {clean[:40]!r} holds the control character U+{ord(bad):04X}; remove it.")
    return clean


def _overrides(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def same_name(name: str) -> str:
    """Names that this maps to one text are one tag: letter case and spacing do not count."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _read(path: Path) -> str:
    """The text of a regular file of a sane size, or VocabularyError."""
    try:
        if not path.is_file():
            raise VocabularyError(f"{path} is not a file; name a text file with tags.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise VocabularyError(f"{path} has {path.stat().st_size} bytes; at most {MAX_FILE_BYTES} are allowed.")
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise VocabularyError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
