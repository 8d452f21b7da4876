"""Every schema that sidecar.db ever had, as the steps that lead from one to the next. Never edit a released step."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step. Its statements and the record of it commit together."""

    number: int
    name: str
    statements: tuple[str, ...]


RECORD_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at_s REAL NOT NULL
)
"""

# Paths and other people's texts are BLOBs of UTF-8 with surrogates let through: a file name need not be valid text.
FEATURES = Migration(
    1,
    "features",
    (
        """CREATE TABLE content (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          algorithm TEXT NOT NULL,
          digest TEXT NOT NULL,
          size_bytes INTEGER NOT NULL,
          UNIQUE (algorithm, digest, size_bytes)
        )""",
        """CREATE TABLE media (
          content_id INTEGER PRIMARY KEY REFERENCES content ON DELETE CASCADE,
          kind TEXT NOT NULL CHECK (kind IN ('video', 'image')),
          path BLOB NOT NULL,
          duration_s REAL,
          width_px INTEGER,
          height_px INTEGER,
          container TEXT NOT NULL,
          codec TEXT NOT NULL,
          first_seen_s REAL NOT NULL,
          last_seen_s REAL NOT NULL
        )""",
        """CREATE TABLE model (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          model_key TEXT NOT NULL UNIQUE
        )""",
        # AUTOINCREMENT: an id is never used again, so what is remembered about a set in memory cannot meet another.
        """CREATE TABLE feature_set (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          content_id INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
          model_id INTEGER NOT NULL REFERENCES model,
          dim INTEGER NOT NULL CHECK (dim > 0),
          UNIQUE (content_id, model_id)
        )""",
        "CREATE INDEX feature_set_of_model ON feature_set (model_id)",
        """CREATE TABLE chunk (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          feature_set_id INTEGER NOT NULL REFERENCES feature_set ON DELETE CASCADE,
          first_row INTEGER NOT NULL,
          n_rows INTEGER NOT NULL CHECK (n_rows >= 0),
          crc32 INTEGER NOT NULL
        )""",
        "CREATE INDEX chunk_of_set ON chunk (feature_set_id, id)",
        """CREATE TABLE coverage (
          chunk_id INTEGER NOT NULL REFERENCES chunk ON DELETE CASCADE,
          start_s REAL NOT NULL,
          end_s REAL NOT NULL,
          max_gap_s REAL NOT NULL
        )""",
        "CREATE INDEX coverage_of_chunk ON coverage (chunk_id)",
        # Vector files whose rows are forgotten and which are still to be deleted.
        "CREATE TABLE doomed_file (name TEXT PRIMARY KEY)",
    ),
)

PASSES_AND_PROMPTS = Migration(
    2,
    "passes and prompts",
    (
        """CREATE TABLE pass_state (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          content_id INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
          model_id INTEGER NOT NULL REFERENCES model,
          coarse_interval_s REAL,
          refine_level TEXT NOT NULL CHECK (refine_level IN ('none', 'budget', 'full')),
          refine_s REAL,
          seen_duration_s REAL,
          frames_decoded INTEGER NOT NULL,
          frames_embedded INTEGER NOT NULL,
          decoder TEXT NOT NULL,
          UNIQUE (content_id, model_id)
        )""",
        """CREATE TABLE pass_warning (
          pass_state_id INTEGER NOT NULL REFERENCES pass_state ON DELETE CASCADE,
          position INTEGER NOT NULL,
          code TEXT NOT NULL,
          message BLOB NOT NULL,
          PRIMARY KEY (pass_state_id, position)
        ) WITHOUT ROWID""",
        """CREATE TABLE prompt (
          model_id INTEGER NOT NULL REFERENCES model,
          text_sha256 TEXT NOT NULL,
          vector BLOB NOT NULL,
          PRIMARY KEY (model_id, text_sha256)
        )""",
    ),
)

SCHEDULE = Migration(
    3,
    "schedule",
    (
        """CREATE TABLE wake_target (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          url BLOB NOT NULL,
          content_type TEXT NOT NULL
        )""",
        "CREATE TABLE wake_header (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
        """CREATE TABLE scheduled_job (
          id TEXT PRIMARY KEY,
          position INTEGER NOT NULL,
          cron TEXT NOT NULL,
          timezone TEXT NOT NULL,
          body BLOB NOT NULL,
          enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
          jitter_s INTEGER NOT NULL,
          grace_s INTEGER NOT NULL,
          next_run_s REAL,
          last_run_s REAL,
          last_ok INTEGER,
          last_http_status INTEGER,
          last_message TEXT,
          failed_tries INTEGER NOT NULL,
          retry_at_s REAL
        )""",
    ),
)

MIGRATIONS: tuple[Migration, ...] = (FEATURES, PASSES_AND_PROMPTS, SCHEDULE)
