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

# Times and boxes of faces are little-endian BLOBs: a medium has thousands of them, and they are only read together.
FACES = Migration(
    4,
    "faces",
    (
        # One content under one face model (and view). How far its passes came lies in pass_state, as for features.
        """CREATE TABLE face_medium (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          content_id INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
          model_id INTEGER NOT NULL REFERENCES model,
          dim INTEGER CHECK (dim > 0),
          coverage BLOB NOT NULL DEFAULT x'',
          looked_at_s REAL NOT NULL,
          UNIQUE (content_id, model_id)
        )""",
        "CREATE INDEX face_medium_of_model ON face_medium (model_id)",
        # Frames that one batch looked at, whether a face was there or not: pts_s, float64.
        """CREATE TABLE face_look (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          face_medium_id INTEGER NOT NULL REFERENCES face_medium ON DELETE CASCADE,
          pts_s BLOB NOT NULL
        )""",
        "CREATE INDEX face_look_of_medium ON face_look (face_medium_id, id)",
        # measures: 10 float32, see sidecar/store/faces/rows.py. vector: float16.
        """CREATE TABLE face (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          face_medium_id INTEGER NOT NULL REFERENCES face_medium ON DELETE CASCADE,
          pts_s REAL NOT NULL,
          good INTEGER NOT NULL CHECK (good IN (0, 1)),
          measures BLOB NOT NULL,
          sex TEXT NOT NULL,
          sex_confidence REAL NOT NULL,
          age_years REAL,
          vector BLOB NOT NULL
        )""",
        "CREATE INDEX face_of_medium ON face (face_medium_id, pts_s)",
        """CREATE TABLE face_picture (
          face_id INTEGER PRIMARY KEY REFERENCES face ON DELETE CASCADE,
          jpeg BLOB NOT NULL
        )""",
        # face_ids: int64. spans: float64 (N, 2). centroid: float16.
        """CREATE TABLE face_track (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          face_medium_id INTEGER NOT NULL REFERENCES face_medium ON DELETE CASCADE,
          track_id TEXT NOT NULL,
          position INTEGER NOT NULL,
          face_ids BLOB NOT NULL,
          spans BLOB NOT NULL,
          centroid BLOB NOT NULL,
          views INTEGER NOT NULL,
          seconds REAL NOT NULL,
          quality REAL NOT NULL,
          best_face_id INTEGER NOT NULL,
          found_at_s REAL NOT NULL,
          UNIQUE (face_medium_id, track_id)
        )""",
        "CREATE INDEX face_track_by_name ON face_track (track_id)",
        # Who may be known. file_key: what stands for a private key in database files, once one was written.
        """CREATE TABLE person (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          person_key TEXT NOT NULL UNIQUE,
          sex TEXT NOT NULL CHECK (sex IN ('', 'female', 'male')),
          birthdate TEXT NOT NULL,
          file_key TEXT UNIQUE,
          generation INTEGER NOT NULL
        )""",
        # Position 0 is the name, the others are aliases. folded: as it is searched; plain: as it is compared.
        """CREATE TABLE person_name (
          person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
          position INTEGER NOT NULL,
          name TEXT NOT NULL,
          folded TEXT NOT NULL,
          plain TEXT NOT NULL,
          PRIMARY KEY (person_id, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX person_by_plain_name ON person_name (plain)",
        "CREATE INDEX person_by_folded_name ON person_name (position, folded)",
        # The other need not be there (yet): it is a key, not a row.
        """CREATE TABLE person_same_as (
          person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
          other_key TEXT NOT NULL,
          PRIMARY KEY (person_id, other_key)
        ) WITHOUT ROWID""",
        "CREATE INDEX same_as_by_other ON person_same_as (other_key)",
        # Equal names and equal faces (similarity >= match) under one model; person_id < other_id.
        """CREATE TABLE person_alike (
          model_id INTEGER NOT NULL REFERENCES model,
          person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
          other_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
          similarity REAL NOT NULL,
          match REAL NOT NULL,
          PRIMARY KEY (model_id, person_id, other_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX alike_of_person ON person_alike (person_id)",
        "CREATE INDEX alike_of_other ON person_alike (other_id)",
        """CREATE TABLE face_import (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL,
          model_id INTEGER NOT NULL REFERENCES model,
          database_id TEXT NOT NULL,
          since_generation INTEGER NOT NULL,
          generation INTEGER NOT NULL,
          at_s REAL NOT NULL
        )""",
        # uid: the same wherever this reference is known. vector: float16.
        """CREATE TABLE face_reference (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
          model_id INTEGER NOT NULL REFERENCES model,
          source TEXT NOT NULL,
          image_id TEXT NOT NULL,
          content_id INTEGER REFERENCES content ON DELETE CASCADE,
          track_id TEXT NOT NULL,
          pts_s REAL NOT NULL,
          quality REAL NOT NULL,
          vector BLOB NOT NULL,
          uid TEXT NOT NULL,
          import_id INTEGER REFERENCES face_import,
          generation INTEGER NOT NULL
        )""",
        "CREATE INDEX reference_of_person ON face_reference (person_id, model_id)",
        "CREATE INDEX reference_by_generation ON face_reference (model_id, generation)",
        "CREATE INDEX reference_by_uid ON face_reference (uid)",
        "CREATE INDEX reference_of_content ON face_reference (content_id)",
        "CREATE INDEX reference_of_import ON face_reference (import_id)",
        """CREATE TABLE reference_picture (
          reference_id INTEGER PRIMARY KEY REFERENCES face_reference ON DELETE CASCADE,
          jpeg BLOB NOT NULL
        )""",
        # That there was a reference, for whoever holds a copy: nothing of the face is left.
        """CREATE TABLE gone_reference (
          reference_id INTEGER PRIMARY KEY,
          model_id INTEGER NOT NULL REFERENCES model,
          uid TEXT NOT NULL,
          generation INTEGER NOT NULL
        )""",
        "CREATE INDEX gone_by_generation ON gone_reference (model_id, generation)",
        # However a reference goes (with its person, its content, by itself), a row says that it went, and links by
        # face go with the last one.
        """CREATE TRIGGER reference_goes AFTER DELETE ON face_reference BEGIN
          UPDATE face_counter SET generation = generation + 1;
          INSERT OR REPLACE INTO gone_reference (reference_id, model_id, uid, generation)
            SELECT old.id, old.model_id, old.uid, generation FROM face_counter;
          DELETE FROM person_alike
            WHERE (person_id = old.person_id OR other_id = old.person_id) AND +model_id = old.model_id
            AND NOT EXISTS (SELECT 1 FROM face_reference
                            WHERE person_id = old.person_id AND model_id = old.model_id);
        END""",
        # generation grows with every change of persons and references. database_id names this set of references.
        """CREATE TABLE face_counter (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          generation INTEGER NOT NULL,
          database_id TEXT NOT NULL
        )""",
        "INSERT INTO face_counter (id, generation, database_id) VALUES (1, 0, lower(hex(randomblob(16))))",
        # What became of each picture of a person, so that it is looked at once.
        """CREATE TABLE looked_image (
          person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
          model_id INTEGER NOT NULL REFERENCES model,
          source TEXT NOT NULL,
          image_id TEXT NOT NULL,
          outcome TEXT NOT NULL,
          PRIMARY KEY (person_id, model_id, source, image_id)
        ) WITHOUT ROWID""",
        # Taken away by the owner. By key: it outlives the person.
        """CREATE TABLE refused_image (
          person_key TEXT NOT NULL,
          image_id TEXT NOT NULL,
          PRIMARY KEY (person_key, image_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX refused_by_image ON refused_image (image_id)",
        # What the client said of tracks. By the track's name: it outlives the track.
        """CREATE TABLE track_verdict (
          content_id INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
          track_id TEXT NOT NULL,
          is_key TEXT NOT NULL,
          bootstrap INTEGER NOT NULL CHECK (bootstrap IN (0, 1)),
          PRIMARY KEY (content_id, track_id)
        ) WITHOUT ROWID""",
        """CREATE TABLE track_refusal (
          content_id INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
          track_id TEXT NOT NULL,
          person_key TEXT NOT NULL,
          PRIMARY KEY (content_id, track_id, person_key)
        ) WITHOUT ROWID""",
        # Unknown people.
        """CREATE TABLE unknown_group (
          group_id TEXT PRIMARY KEY,
          model_id INTEGER NOT NULL REFERENCES model,
          ignored INTEGER NOT NULL CHECK (ignored IN (0, 1))
        ) WITHOUT ROWID""",
        """CREATE TABLE group_track (
          model_id INTEGER NOT NULL REFERENCES model,
          track_id TEXT NOT NULL,
          group_id TEXT NOT NULL REFERENCES unknown_group ON DELETE CASCADE,
          PRIMARY KEY (model_id, track_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX track_of_group ON group_track (group_id)",
        # What the owner did to groups, with all that takes it back: JSON, see sidecar/store/faces/groups.py.
        """CREATE TABLE group_change (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          change_id TEXT NOT NULL UNIQUE,
          model_id INTEGER NOT NULL REFERENCES model,
          kind TEXT NOT NULL CHECK (kind IN ('merge', 'split', 'naming')),
          body BLOB NOT NULL,
          at_s REAL NOT NULL
        )""",
        # What an import replaced, whole: JSON, see sidecar/store/faces/imports.py.
        """CREATE TABLE import_before (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          import_id INTEGER NOT NULL REFERENCES face_import ON DELETE CASCADE,
          person_key TEXT NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('person', 'new_person', 'reference')),
          body BLOB NOT NULL
        )""",
        "CREATE INDEX before_of_import ON import_before (import_id)",
        "CREATE INDEX before_of_person ON import_before (person_key)",
    ),
)

TASTE = Migration(
    5,
    "taste",
    (
        # The mean of a set's vectors, float16: a cache. last_chunk: the set's newest chunk when it was made.
        """CREATE TABLE pooled_vector (
          feature_set_id INTEGER PRIMARY KEY REFERENCES feature_set ON DELETE CASCADE,
          last_chunk INTEGER NOT NULL,
          vector BLOB NOT NULL
        )""",
    ),
)

MIGRATIONS: tuple[Migration, ...] = (FEATURES, PASSES_AND_PROMPTS, SCHEDULE, FACES, TASTE)
