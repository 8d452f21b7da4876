"""What the sidecar found in each medium: the newest analysis, its spans and totals; and what failed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from plugin.store.database import ANY_OF, Database, Row, any_of


@dataclass(frozen=True, slots=True)
class Span:
    """A range [start_s, end_s) in which a tag was seen; scores in the model's own unit."""

    label: str
    category: str
    start_s: float
    end_s: float
    score: float
    peak_s: float
    peak_score: float
    start_uncertainty_s: float = 0.0
    end_uncertainty_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Total:
    """A tag over a whole medium. share: of the duration, or of a gallery's images; 1 for an image that shows it."""

    label: str
    category: str
    seconds: float
    share: float
    score: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """One medium's newest analysis.

    content: MediaFile.content when it was analysed. content_key: the sidecar's name for the same. vocabulary, query,
    policy: digests of what was asked and decided by; another one means that it is stale.
    """

    kind: str
    media_id: int
    name: str
    run_id: int
    content: str
    content_key: str
    view: str
    model: str
    vocabulary: str
    query: str
    interval_s: float
    duration_s: float
    samples: int
    decoder: str
    plan: str
    warnings: tuple[tuple[str, str], ...]
    policy: str
    done_s: float = 0.0
    spans: tuple[Span, ...] = ()
    totals: tuple[Total, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a medium has no newer analysis. content: MediaFile.content of the file that failed, "" if unknown."""

    kind: str
    media_id: int
    name: str
    run_id: int
    content: str
    code: str
    message: str
    failed_s: float = field(default=0.0)


@dataclass(frozen=True, slots=True)
class Showing:
    """A medium that shows one label, and how; policy: what it was decided by."""

    kind: str
    media_id: int
    model: str
    duration_s: float
    policy: str
    total: Total
    spans: tuple[Span, ...] = ()


_COLUMNS = (
    "kind, media_id, name, run_id, content, content_key, view, model, vocabulary, query, interval_s, duration_s,"
    " samples, decoder, plan, warnings, policy, done_s"
)


class Analyses:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def save(self, analysis: Analysis) -> int:
        """Replace the medium's analysis and clear its failure. Returns the analysis' id."""
        with self._db.transaction():
            self._db.run("DELETE FROM analysis WHERE kind = ? AND media_id = ?", analysis.kind, analysis.media_id)
            analysis_id = self._db.run(
                f"INSERT INTO analysis ({_COLUMNS}) VALUES ({', '.join('?' * 18)})",
                analysis.kind,
                analysis.media_id,
                analysis.name,
                analysis.run_id,
                analysis.content,
                analysis.content_key,
                analysis.view,
                analysis.model,
                analysis.vocabulary,
                analysis.query,
                analysis.interval_s,
                analysis.duration_s,
                analysis.samples,
                analysis.decoder,
                analysis.plan,
                json.dumps(analysis.warnings),
                analysis.policy,
                self._clock(),
            )
            self._save_findings(analysis_id, analysis.spans, analysis.totals)
            self.clear_failure(analysis.kind, analysis.media_id)
        return analysis_id

    def decided_by(self, kind: str, media_id: int, policy: str) -> None:
        """Remember the digest of the policies that the medium's suggestions were decided by."""
        self._db.run("UPDATE analysis SET policy = ? WHERE kind = ? AND media_id = ?", policy, kind, media_id)

    def get(self, kind: str, media_id: int) -> Analysis | None:
        """With spans and totals."""
        row = self._db.row(f"SELECT {_COLUMNS}, id FROM analysis WHERE kind = ? AND media_id = ?", kind, media_id)
        if row is None:
            return None
        analysis_id = int(row[18])
        spans = self._db.rows(
            "SELECT name, category, start_s, end_s, score, peak_s, peak_score, start_uncertainty_s, end_uncertainty_s"
            " FROM span JOIN label ON label.id = label_id WHERE analysis_id = ? ORDER BY name, start_s",
            analysis_id,
        )
        totals = self._db.rows(
            "SELECT name, category, seconds, share, score FROM tag_total JOIN label ON label.id = label_id"
            " WHERE analysis_id = ? ORDER BY seconds DESC, score DESC",
            analysis_id,
        )
        return _analysis(row, tuple(Span(*span) for span in spans), tuple(Total(*total) for total in totals))

    def known(self, kind: str, ids: Sequence[int]) -> dict[int, Analysis]:
        """Those of the media that were analysed, without spans and totals."""
        sql = f"SELECT {_COLUMNS}, id FROM analysis WHERE kind = ? AND media_id {ANY_OF}"
        rows = self._db.rows(sql, kind, any_of(ids))
        return {row[1]: _analysis(row) for row in rows}

    def names(self, media: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """Those of the media (kind, id) that were analysed or failed, by their names at that time."""
        found: dict[tuple[str, int], str] = {}
        by_kind: dict[str, set[int]] = {}
        for kind, media_id in media:
            by_kind.setdefault(kind, set()).add(media_id)
        for kind, ids in by_kind.items():
            for table in ("failure", "face_analysis", "analysis"):
                sql = f"SELECT media_id, name FROM {table} WHERE kind = ? AND media_id {ANY_OF} AND name != ''"
                found.update({(kind, media_id): name for media_id, name in self._db.rows(sql, kind, any_of(ids))})
        return found

    def page(self, kind: str, after_id: int, limit: int) -> list[Analysis]:
        """Analysed media by ascending id, without spans and totals."""
        sql = f"SELECT {_COLUMNS}, id FROM analysis WHERE kind = ? AND media_id > ? ORDER BY media_id LIMIT ?"
        return [_analysis(row) for row in self._db.rows(sql, kind, after_id, limit)]

    def totals_of(self, kind: str, ids: Sequence[int]) -> dict[int, list[Total]]:
        """Totals of many media, by id: what a gallery is made of."""
        found: dict[int, list[Total]] = {}
        rows = self._db.rows(
            "SELECT media_id, label.name, category, seconds, share, tag_total.score FROM analysis"
            " JOIN tag_total ON analysis_id = analysis.id JOIN label ON label.id = label_id"
            f" WHERE kind = ? AND media_id {ANY_OF}",
            kind,
            any_of(ids),
        )
        for media_id, *total in rows:
            found.setdefault(media_id, []).append(Total(*total))
        return found

    def showing(self, label: str) -> list[Showing]:
        """Every medium that shows a label. Of 20 000 scenes it takes a third of a second."""
        spans: dict[int, list[Span]] = {}
        for analysis_id, *span in self._db.rows(
            "SELECT analysis_id, label.name, category, start_s, end_s, score, peak_s, peak_score, start_uncertainty_s,"
            " end_uncertainty_s FROM span JOIN label ON label.id = label_id WHERE label.name = ? AND person_key = ''",
            label,
        ):
            spans.setdefault(analysis_id, []).append(Span(*span))
        rows = self._db.rows(
            "SELECT analysis.id, kind, media_id, model, duration_s, policy, label.name, category, seconds, share,"
            " tag_total.score FROM tag_total JOIN label ON label.id = label_id JOIN analysis ON analysis.id ="
            " analysis_id WHERE label.name = ? AND person_key = ''",
            label,
        )
        return [
            Showing(kind, media_id, model, duration_s, policy, Total(*total), tuple(spans.get(analysis_id, ())))
            for analysis_id, kind, media_id, model, duration_s, policy, *total in rows
        ]

    def forget(self, kind: str, media_id: int) -> None:
        """The medium is gone from Stash, or its owner wants nothing kept of it."""
        with self._db.transaction():
            for table in ("analysis", "face_analysis", "failure", "refusal"):
                self._db.run(f"DELETE FROM {table} WHERE kind = ? AND media_id = ?", kind, media_id)
            self._db.run(
                "DELETE FROM suggestion WHERE kind = ? AND media_id = ? AND state != 'applied'", kind, media_id
            )

    def counts(self) -> dict[str, int]:
        """Media kind -> how many were analysed."""
        return dict(self._db.rows("SELECT kind, count(*) FROM analysis GROUP BY kind"))

    def save_failure(self, failure: Failure) -> None:
        self._db.run(
            "INSERT OR REPLACE INTO failure (kind, media_id, name, run_id, content, code, message, failed_s)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            failure.kind,
            failure.media_id,
            failure.name,
            failure.run_id,
            failure.content,
            failure.code,
            failure.message,
            self._clock(),
        )

    def clear_failure(self, kind: str, media_id: int) -> None:
        self._db.run("DELETE FROM failure WHERE kind = ? AND media_id = ?", kind, media_id)

    def failures(self, kind: str, ids: Iterable[int]) -> dict[int, Failure]:
        rows = self._db.rows(
            "SELECT kind, media_id, name, run_id, content, code, message, failed_s FROM failure"
            f" WHERE kind = ? AND media_id {ANY_OF}",
            kind,
            any_of(ids),
        )
        return {row[1]: Failure(*row) for row in rows}

    def failure_count(self) -> int:
        return self._db.number("SELECT count(*) FROM failure")

    def label_ids(self, labels: Mapping[str, str]) -> dict[str, int]:
        """Ids of labels of tags (name -> category), made where new; another category is taken over, "" is not.
        Keys of the answer are the names asked for.
        """
        for name, category in labels.items():
            self._db.run(
                "INSERT INTO label (name, category) VALUES (?, ?) ON CONFLICT (name) WHERE person_key = '' DO UPDATE"
                " SET category = excluded.category WHERE excluded.category NOT IN ('', label.category)",
                name,
                category,
            )
        sql = "SELECT id FROM label WHERE name = ? AND person_key = ''"
        return {name: self._db.number(sql, name) for name in labels}

    def labels(self) -> list[tuple[str, str, int]]:
        """(label, category, media that show it) of tags, most media first."""
        return self._db.rows(
            "SELECT name, category, count(tag_total.analysis_id) FROM label LEFT JOIN tag_total ON label_id = label.id"
            " WHERE person_key = '' GROUP BY label.id ORDER BY 3 DESC, name"
        )

    def _save_findings(self, analysis_id: int, spans: Sequence[Span], totals: Sequence[Total]) -> None:
        named = {span.label: span.category for span in spans} | {total.label: total.category for total in totals}
        ids = self.label_ids(named)
        self._db.run_many(
            "INSERT INTO span VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    analysis_id,
                    ids[span.label],
                    span.start_s,
                    span.end_s,
                    span.score,
                    span.peak_s,
                    span.peak_score,
                    span.start_uncertainty_s,
                    span.end_uncertainty_s,
                )
                for span in spans
            ],
        )
        self._db.run_many(
            "INSERT OR REPLACE INTO tag_total VALUES (?, ?, ?, ?, ?)",
            [(analysis_id, ids[total.label], total.seconds, total.share, total.score) for total in totals],
        )


def _analysis(row: Row, spans: tuple[Span, ...] = (), totals: tuple[Total, ...] = ()) -> Analysis:
    values = list(row[:18])
    values[15] = tuple((str(code), str(message)) for code, message in json.loads(values[15]))
    return replace(Analysis(*values), spans=spans, totals=totals, id=int(row[18]))
