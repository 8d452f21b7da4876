"""Every schema that store.db ever had, as the steps that lead from one to the next. Never edit a released step.

Times are Unix seconds (`_s` REAL) where they say when, media seconds where the table is about a timeline.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step. Its statements and the record of it commit together."""

    number: int
    name: str
    statements: tuple[str, ...]


APPLICATION_ID = 0x53534E31
"""`PRAGMA application_id` of our files: "SSN1"."""

FOUNDATION = Migration(
    1,
    "queue, analyses, suggestions, journal",
    (
        # JSON values by name: the richer settings, and what hooks must know without asking Stash.
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        # Append-only for hooks, which write it with nothing but sqlite3. wish: 'new', 'tag_me' or 'reprocess'.
        """CREATE TABLE hook_event (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          at_s REAL NOT NULL,
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          wish TEXT NOT NULL
        )""",
        # A run is what an owner thinks of as one thing done: a task, a click. It can be undone as a whole.
        """CREATE TABLE run (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          title TEXT NOT NULL,
          origin TEXT NOT NULL,
          started_s REAL NOT NULL,
          ended_s REAL,
          undone_s REAL
        )""",
        # A batch is the parent of its media; a gallery is the parent of its images.
        """CREATE TABLE job (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          parent_id INTEGER REFERENCES job ON DELETE CASCADE,
          run_id INTEGER NOT NULL REFERENCES run,
          action TEXT NOT NULL CHECK (action IN ('batch', 'analyse', 'retag', 'apply')),
          kind TEXT CHECK (kind IN ('scene', 'image', 'gallery')),
          media_id INTEGER,
          name TEXT NOT NULL DEFAULT '',
          priority INTEGER NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
          reason_code TEXT NOT NULL DEFAULT '',
          reason TEXT NOT NULL DEFAULT '',
          attempts INTEGER NOT NULL DEFAULT 0,
          not_before_s REAL NOT NULL DEFAULT 0,
          cancel_asked INTEGER NOT NULL DEFAULT 0,
          options TEXT NOT NULL DEFAULT '{}',
          created_s REAL NOT NULL,
          started_s REAL,
          ended_s REAL,
          deaths INTEGER NOT NULL DEFAULT 0
        )""",
        """CREATE UNIQUE INDEX job_pending_once ON job (kind, media_id, action)
          WHERE state = 'pending' AND media_id IS NOT NULL""",
        "CREATE INDEX job_next ON job (priority, id) WHERE state = 'pending'",
        "CREATE INDEX job_of_parent ON job (parent_id, state)",
        "CREATE INDEX job_of_medium ON job (kind, media_id)",
        "CREATE INDEX job_by_state ON job (state, ended_s)",
        # Names of tags as models know them.
        """CREATE TABLE label (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL UNIQUE COLLATE NOCASE,
          category TEXT NOT NULL DEFAULT ''
        )""",
        # The newest analysis of each medium. content: what Stash said of the file; content_key: the sidecar's name.
        """CREATE TABLE analysis (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          kind TEXT NOT NULL CHECK (kind IN ('scene', 'image', 'gallery')),
          media_id INTEGER NOT NULL,
          name TEXT NOT NULL,
          run_id INTEGER NOT NULL REFERENCES run,
          content TEXT NOT NULL,
          content_key TEXT NOT NULL,
          view TEXT NOT NULL,
          model TEXT NOT NULL,
          vocabulary TEXT NOT NULL,
          query TEXT NOT NULL,
          interval_s REAL NOT NULL,
          duration_s REAL NOT NULL,
          samples INTEGER NOT NULL,
          decoder TEXT NOT NULL,
          plan TEXT NOT NULL,
          warnings TEXT NOT NULL,
          policy TEXT NOT NULL,
          done_s REAL NOT NULL,
          UNIQUE (kind, media_id)
        )""",
        "CREATE INDEX analysis_by_content ON analysis (content_key)",
        """CREATE TABLE span (
          analysis_id INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
          label_id INTEGER NOT NULL REFERENCES label,
          start_s REAL NOT NULL,
          end_s REAL NOT NULL,
          score REAL NOT NULL,
          peak_s REAL NOT NULL,
          peak_score REAL NOT NULL,
          start_uncertainty_s REAL NOT NULL,
          end_uncertainty_s REAL NOT NULL
        )""",
        "CREATE INDEX span_of_analysis ON span (analysis_id)",
        "CREATE INDEX span_of_label ON span (label_id, analysis_id)",
        """CREATE TABLE tag_total (
          analysis_id INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
          label_id INTEGER NOT NULL REFERENCES label,
          seconds REAL NOT NULL,
          share REAL NOT NULL,
          score REAL NOT NULL,
          PRIMARY KEY (analysis_id, label_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX tag_total_of_label ON tag_total (label_id)",
        # Media whose last analysis failed. A success deletes the row.
        """CREATE TABLE failure (
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          name TEXT NOT NULL,
          run_id INTEGER NOT NULL REFERENCES run,
          content TEXT NOT NULL,
          code TEXT NOT NULL,
          message TEXT NOT NULL,
          failed_s REAL NOT NULL,
          PRIMARY KEY (kind, media_id)
        ) WITHOUT ROWID""",
        # What the owner said about a label; labels without a row follow the defaults.
        """CREATE TABLE policy (
          label TEXT PRIMARY KEY COLLATE NOCASE,
          mode TEXT CHECK (mode IN ('auto', 'suggest', 'off')),
          stash_tag TEXT,
          required_s REAL,
          required_share REAL,
          marker INTEGER,
          min_marker_s REAL,
          max_gap_s REAL,
          threshold REAL,
          scoring TEXT,
          phrasings TEXT,
          updated_s REAL NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE suggestion (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          run_id INTEGER NOT NULL REFERENCES run,
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          type TEXT NOT NULL CHECK (type IN ('tag', 'marker')),
          label_id INTEGER NOT NULL REFERENCES label,
          start_s REAL NOT NULL DEFAULT 0,
          end_s REAL NOT NULL DEFAULT 0,
          peak_s REAL NOT NULL DEFAULT 0,
          score REAL NOT NULL,
          reason TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'applied', 'rejected', 'withdrawn')),
          decided_by TEXT NOT NULL DEFAULT '' CHECK (decided_by IN ('', 'owner', 'policy', 'stash')),
          held INTEGER NOT NULL DEFAULT 0,
          edited INTEGER NOT NULL DEFAULT 0,
          created_s REAL NOT NULL,
          decided_s REAL
        )""",
        "CREATE INDEX suggestion_of_medium ON suggestion (kind, media_id, state)",
        "CREATE INDEX suggestion_by_state ON suggestion (state, label_id)",
        "CREATE INDEX suggestion_of_run ON suggestion (run_id)",
        # Every write to Stash: the intent is durable before the call. undoes: the entry that this one takes back.
        """CREATE TABLE journal (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          run_id INTEGER NOT NULL REFERENCES run,
          suggestion_id INTEGER REFERENCES suggestion ON DELETE SET NULL,
          undoes INTEGER REFERENCES journal,
          purpose TEXT NOT NULL CHECK (purpose IN ('suggestion', 'withdrawal', 'workflow', 'undo')),
          action TEXT NOT NULL CHECK (action IN ('add_tag', 'remove_tag', 'create_marker', 'destroy_marker',
            'create_tag', 'destroy_tag')),
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          tag_id INTEGER,
          tag_name TEXT NOT NULL DEFAULT '',
          marker_id INTEGER,
          title TEXT NOT NULL DEFAULT '',
          start_s REAL,
          end_s REAL,
          state TEXT NOT NULL CHECK (state IN ('intent', 'done', 'void', 'undone', 'theirs')),
          note TEXT NOT NULL DEFAULT '',
          intent_s REAL NOT NULL,
          settled_s REAL
        )""",
        "CREATE INDEX journal_open ON journal (kind, media_id) WHERE state = 'intent'",
        "CREATE INDEX journal_of_medium ON journal (kind, media_id, state)",
        "CREATE INDEX journal_of_run ON journal (run_id)",
        "CREATE INDEX journal_of_suggestion ON journal (suggestion_id)",
        # What must never be written again: rejected, or removed by the owner after we had written it.
        """CREATE TABLE refusal (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          type TEXT NOT NULL CHECK (type IN ('tag', 'marker')),
          label_id INTEGER NOT NULL REFERENCES label,
          start_s REAL NOT NULL DEFAULT 0,
          end_s REAL NOT NULL DEFAULT 0,
          why TEXT NOT NULL,
          at_s REAL NOT NULL
        )""",
        "CREATE INDEX refusal_of_medium ON refusal (kind, media_id)",
        # Stash and the sidecar as last seen: what is known is not asked again for a while.
        """CREATE TABLE service (
          name TEXT PRIMARY KEY,
          ok INTEGER NOT NULL,
          message TEXT NOT NULL,
          detail TEXT NOT NULL,
          checked_s REAL NOT NULL,
          failures INTEGER NOT NULL,
          not_before_s REAL NOT NULL
        ) WITHOUT ROWID""",
        # One row: the drain that works or worked last.
        """CREATE TABLE drain (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          state TEXT NOT NULL CHECK (state IN ('idle', 'running', 'paused')),
          stash_job_id INTEGER,
          sentence TEXT NOT NULL,
          share REAL NOT NULL,
          detail TEXT NOT NULL,
          heartbeat_s REAL NOT NULL
        )""",
        "INSERT INTO drain VALUES (1, 'idle', NULL, '', 0, '{}', 0)",
    ),
)

INBOX = Migration(
    2,
    "indices of a hundred thousand suggestions: counted and sorted without their rows",
    (
        "DROP INDEX suggestion_by_state",
        """CREATE INDEX suggestion_by_label ON suggestion
          (state, label_id, score, type, kind, media_id, run_id, decided_by)""",
        "CREATE INDEX suggestion_by_score ON suggestion (state, score)",
        "CREATE INDEX suggestion_by_medium ON suggestion (state, kind, media_id, start_s)",
    ),
)

PEOPLE = Migration(
    3,
    "people: who is seen in media, who they are, and what their owner said about that",
    (
        # A label is a tag's name, or a person's: then person_key tells namesakes apart.
        """CREATE TABLE new_label (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL COLLATE NOCASE,
          category TEXT NOT NULL DEFAULT '',
          person_key TEXT NOT NULL DEFAULT ''
        )""",
        "INSERT INTO new_label (id, name, category) SELECT id, name, category FROM label",
        "DROP TABLE label",
        "ALTER TABLE new_label RENAME TO label",
        "CREATE UNIQUE INDEX label_of_tag ON label (name) WHERE person_key = ''",
        "CREATE UNIQUE INDEX label_of_person ON label (person_key) WHERE person_key != ''",
        # person_keys: JSON list of every key of a performer's identity; performer_id: theirs in Stash, where known.
        """CREATE TABLE new_suggestion (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          run_id INTEGER NOT NULL REFERENCES run,
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          type TEXT NOT NULL CHECK (type IN ('tag', 'marker', 'performer')),
          label_id INTEGER NOT NULL REFERENCES label,
          start_s REAL NOT NULL DEFAULT 0,
          end_s REAL NOT NULL DEFAULT 0,
          peak_s REAL NOT NULL DEFAULT 0,
          score REAL NOT NULL,
          reason TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'applied', 'rejected', 'withdrawn')),
          decided_by TEXT NOT NULL DEFAULT '' CHECK (decided_by IN ('', 'owner', 'policy', 'stash')),
          held INTEGER NOT NULL DEFAULT 0,
          edited INTEGER NOT NULL DEFAULT 0,
          created_s REAL NOT NULL,
          decided_s REAL,
          performer_id INTEGER,
          person_keys TEXT NOT NULL DEFAULT '[]'
        )""",
        """INSERT INTO new_suggestion SELECT id, run_id, kind, media_id, type, label_id, start_s, end_s, peak_s, score,
          reason, state, decided_by, held, edited, created_s, decided_s, NULL, '[]' FROM suggestion""",
        "DROP TABLE suggestion",
        "ALTER TABLE new_suggestion RENAME TO suggestion",
        "CREATE INDEX suggestion_of_medium ON suggestion (kind, media_id, state)",
        "CREATE INDEX suggestion_of_run ON suggestion (run_id)",
        """CREATE INDEX suggestion_by_label ON suggestion
          (state, label_id, score, type, kind, media_id, run_id, decided_by)""",
        "CREATE INDEX suggestion_by_score ON suggestion (state, score)",
        "CREATE INDEX suggestion_by_medium ON suggestion (state, kind, media_id, start_s)",
        "CREATE INDEX suggestion_of_performers ON suggestion (state, id) WHERE type = 'performer'",
        """CREATE TABLE new_refusal (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          type TEXT NOT NULL CHECK (type IN ('tag', 'marker', 'performer')),
          label_id INTEGER NOT NULL REFERENCES label,
          start_s REAL NOT NULL DEFAULT 0,
          end_s REAL NOT NULL DEFAULT 0,
          why TEXT NOT NULL,
          at_s REAL NOT NULL,
          person_keys TEXT NOT NULL DEFAULT '[]'
        )""",
        """INSERT INTO new_refusal SELECT id, kind, media_id, type, label_id, start_s, end_s, why, at_s, '[]'
          FROM refusal""",
        "DROP TABLE refusal",
        "ALTER TABLE new_refusal RENAME TO refusal",
        "CREATE INDEX refusal_of_medium ON refusal (kind, media_id)",
        # Of a performer that is made: title is their name, person_key who they are in a stash-box ("" if nowhere).
        """CREATE TABLE new_journal (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          run_id INTEGER NOT NULL REFERENCES run,
          suggestion_id INTEGER REFERENCES suggestion ON DELETE SET NULL,
          undoes INTEGER REFERENCES journal,
          purpose TEXT NOT NULL CHECK (purpose IN ('suggestion', 'withdrawal', 'workflow', 'undo')),
          action TEXT NOT NULL CHECK (action IN ('add_tag', 'remove_tag', 'create_marker', 'destroy_marker',
            'create_tag', 'destroy_tag', 'add_performer', 'remove_performer', 'create_performer',
            'destroy_performer')),
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          tag_id INTEGER,
          tag_name TEXT NOT NULL DEFAULT '',
          marker_id INTEGER,
          title TEXT NOT NULL DEFAULT '',
          start_s REAL,
          end_s REAL,
          state TEXT NOT NULL CHECK (state IN ('intent', 'done', 'void', 'undone', 'theirs')),
          note TEXT NOT NULL DEFAULT '',
          intent_s REAL NOT NULL,
          settled_s REAL,
          performer_id INTEGER,
          person_key TEXT NOT NULL DEFAULT ''
        )""",
        """INSERT INTO new_journal SELECT id, run_id, suggestion_id, undoes, purpose, action, kind, media_id, tag_id,
          tag_name, marker_id, title, start_s, end_s, state, note, intent_s, settled_s, NULL, '' FROM journal""",
        "DROP TABLE journal",
        "ALTER TABLE new_journal RENAME TO journal",
        "CREATE INDEX journal_open ON journal (kind, media_id) WHERE state = 'intent'",
        "CREATE INDEX journal_of_medium ON journal (kind, media_id, state)",
        "CREATE INDEX journal_of_run ON journal (run_id)",
        "CREATE INDEX journal_of_suggestion ON journal (suggestion_id)",
        # The newest look at each medium's faces. rules: digest of what suggestions were decided by.
        """CREATE TABLE face_analysis (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          kind TEXT NOT NULL CHECK (kind IN ('scene', 'image', 'gallery')),
          media_id INTEGER NOT NULL,
          name TEXT NOT NULL,
          run_id INTEGER NOT NULL REFERENCES run,
          content TEXT NOT NULL,
          content_key TEXT NOT NULL,
          view TEXT NOT NULL,
          model TEXT NOT NULL,
          date TEXT NOT NULL,
          duration_s REAL NOT NULL,
          frames INTEGER NOT NULL,
          faces INTEGER NOT NULL,
          gallery_version TEXT NOT NULL,
          rules TEXT NOT NULL,
          done_s REAL NOT NULL,
          UNIQUE (kind, media_id)
        )""",
        "CREATE INDEX face_analysis_by_content ON face_analysis (content_key)",
        "CREATE INDEX face_analysis_by_version ON face_analysis (gallery_version)",
        # One person's appearances in one medium. marks: see plugin.store.marks. best, spans, candidates: JSON.
        """CREATE TABLE track (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          analysis_id INTEGER NOT NULL REFERENCES face_analysis ON DELETE CASCADE,
          id TEXT NOT NULL,
          spans TEXT NOT NULL,
          seconds REAL NOT NULL,
          faces INTEGER NOT NULL,
          views INTEGER NOT NULL,
          quality REAL NOT NULL,
          best TEXT NOT NULL,
          decision TEXT NOT NULL CHECK (decision IN ('unknown', 'maybe', 'match')),
          candidates TEXT NOT NULL,
          group_id TEXT NOT NULL,
          confirmed_key TEXT NOT NULL,
          marks BLOB NOT NULL,
          UNIQUE (analysis_id, id)
        )""",
        "CREATE INDEX track_by_id ON track (id)",
        "CREATE INDEX track_of_group ON track (group_id) WHERE group_id != ''",
        # What the owner said of tracks: the whole truth, handed on to the sidecar. version: changes with each change;
        # sent: the version that the sidecar was told.
        """CREATE TABLE person_verdict (
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          content_key TEXT NOT NULL,
          track_id TEXT NOT NULL,
          is_key TEXT NOT NULL DEFAULT '',
          is_name TEXT NOT NULL DEFAULT '',
          is_keys TEXT NOT NULL DEFAULT '[]',
          not_keys TEXT NOT NULL DEFAULT '[]',
          by TEXT NOT NULL CHECK (by IN ('owner', 'stash')),
          version INTEGER NOT NULL,
          sent INTEGER NOT NULL DEFAULT 0,
          at_s REAL NOT NULL,
          PRIMARY KEY (content_key, track_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX person_verdict_unsent ON person_verdict (at_s) WHERE sent != version",
        "CREATE INDEX person_verdict_of_medium ON person_verdict (kind, media_id)",
        # Persons whose pictures were handed to the sidecar. images: JSON, the source's own name of a picture -> its
        # image id, "" for one that cannot be taken in.
        """CREATE TABLE face_reference (
          key TEXT PRIMARY KEY,
          source TEXT NOT NULL,
          images TEXT NOT NULL,
          synced_s REAL NOT NULL
        ) WITHOUT ROWID""",
        # Tracks that were concluded to be the only person of a medium, as the sidecar was told.
        """CREATE TABLE face_bootstrap (
          content_key TEXT NOT NULL,
          track_id TEXT NOT NULL,
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          key TEXT NOT NULL,
          at_s REAL NOT NULL,
          PRIMARY KEY (content_key, track_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX face_bootstrap_of_person ON face_bootstrap (key)",
    ),
)

WATCHING = Migration(
    4,
    "what was watched, the library as recommendations see it, and what they remember",
    (
        # As the browser told it, append-only: what is derived below can be derived anew. session: a sitting; tab: one
        # load of one page, whose seq counts its events and whose mono_s is its own clock that never jumps; watch: one
        # stay with one scene in one tab ("" where none). at_s: by our clock. body: JSON of what a type has beside.
        """CREATE TABLE watch_event (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          type TEXT NOT NULL,
          session TEXT NOT NULL,
          tab TEXT NOT NULL,
          seq INTEGER NOT NULL,
          watch TEXT NOT NULL DEFAULT '',
          kind TEXT NOT NULL DEFAULT '',
          media_id INTEGER NOT NULL DEFAULT 0,
          at_s REAL NOT NULL,
          mono_s REAL NOT NULL,
          body TEXT NOT NULL DEFAULT '{}'
        )""",
        "CREATE INDEX watch_event_of_watch ON watch_event (watch, tab, seq) WHERE watch != ''",
        "CREATE INDEX watch_event_of_session ON watch_event (session, at_s)",
        "CREATE INDEX watch_event_by_time ON watch_event (at_s)",
        "CREATE INDEX watch_event_of_medium ON watch_event (kind, media_id, at_s)",
        """CREATE TABLE watch_session (
          id TEXT PRIMARY KEY,
          started_s REAL NOT NULL,
          ended_s REAL NOT NULL,
          events INTEGER NOT NULL
        ) WITHOUT ROWID""",
        # One stay with one scene. wall_s: time in which it played; played_s: media seconds, repeats included; unique_s:
        # of their union; last_s: where it was left; completed: reached its end. progress: JSON, how deriving goes on
        # with later events (plugin.telemetry.derive), "" where it must begin anew; done: segments that cannot change.
        """CREATE TABLE scene_watch (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          watch TEXT NOT NULL UNIQUE,
          session TEXT NOT NULL,
          tab TEXT NOT NULL,
          scene_id INTEGER NOT NULL,
          started_s REAL NOT NULL,
          ended_s REAL NOT NULL,
          wall_s REAL NOT NULL,
          played_s REAL NOT NULL,
          unique_s REAL NOT NULL,
          last_s REAL NOT NULL,
          duration_s REAL NOT NULL,
          completed INTEGER NOT NULL,
          progress TEXT NOT NULL,
          done INTEGER NOT NULL
        )""",
        "CREATE INDEX scene_watch_of_scene ON scene_watch (scene_id, started_s)",
        "CREATE INDEX scene_watch_by_time ON scene_watch (started_s)",
        "CREATE INDEX scene_watch_of_session ON scene_watch (session)",
        # Each uninterrupted stretch, media seconds [start_s, end_s), that began at at_s and was played at this rate.
        """CREATE TABLE watch_segment (
          watch_id INTEGER NOT NULL REFERENCES scene_watch ON DELETE CASCADE,
          number INTEGER NOT NULL,
          start_s REAL NOT NULL,
          end_s REAL NOT NULL,
          at_s REAL NOT NULL,
          rate REAL NOT NULL,
          PRIMARY KEY (watch_id, number)
        ) WITHOUT ROWID""",
        # Stash's scenes as last read. plays, o_times: JSON lists of Unix seconds; performers, tags: JSON lists of ids;
        # markers: JSON [[tag id, start_s, end_s or null], ...]. last_played_s: the newest of plays and o_times; where
        # there are none and yet it was played or rated, created_s. base_play_s: play_duration_s when our own tracking
        # of the scene began. version: another one whenever something changed that terms are made of.
        """CREATE TABLE library_scene (
          scene_id INTEGER PRIMARY KEY,
          title TEXT NOT NULL,
          duration_s REAL NOT NULL,
          size_bytes INTEGER NOT NULL,
          studio_id INTEGER,
          date TEXT NOT NULL,
          created_s REAL NOT NULL,
          updated_s REAL NOT NULL,
          rating100 INTEGER,
          organized INTEGER NOT NULL,
          o_count INTEGER NOT NULL,
          play_count INTEGER NOT NULL,
          play_duration_s REAL NOT NULL,
          resume_s REAL NOT NULL,
          last_played_s REAL,
          plays TEXT NOT NULL,
          o_times TEXT NOT NULL,
          performers TEXT NOT NULL,
          tags TEXT NOT NULL,
          markers TEXT NOT NULL,
          base_play_s REAL NOT NULL,
          version INTEGER NOT NULL
        )""",
        "CREATE INDEX library_scene_played ON library_scene (last_played_s) WHERE last_played_s IS NOT NULL",
        # Names of tags, performers and studios. detail: JSON: of a tag its "parents" (ids) and "aliases".
        """CREATE TABLE library_name (
          kind TEXT NOT NULL CHECK (kind IN ('tag', 'performer', 'studio')),
          id INTEGER NOT NULL,
          name TEXT NOT NULL,
          favorite INTEGER NOT NULL,
          detail TEXT NOT NULL DEFAULT '{}',
          PRIMARY KEY (kind, id)
        ) WITHOUT ROWID""",
        # What scenes are compared by: a tag of Stash, or a label that is none.
        """CREATE TABLE term (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          tag_id INTEGER UNIQUE,
          label TEXT UNIQUE COLLATE NOCASE,
          name TEXT NOT NULL
        )""",
        # The catalogue: a cache of the above, packed (plugin.library.catalogue), which may be deleted at any time.
        """CREATE TABLE catalogue_column (
          name TEXT PRIMARY KEY,
          data BLOB NOT NULL
        )""",
        """CREATE TABLE catalogue_posting (
          term INTEGER PRIMARY KEY,
          count INTEGER NOT NULL,
          ordinals BLOB NOT NULL,
          weights BLOB NOT NULL,
          seconds BLOB NOT NULL
        )""",
        # One scene's terms; seen: the library_scene.version, analysis and refusal that they were made of.
        """CREATE TABLE catalogue_scene (
          scene_id INTEGER PRIMARY KEY,
          ordinal INTEGER NOT NULL UNIQUE,
          seen TEXT NOT NULL,
          terms BLOB NOT NULL
        )""",
        # All watches of a scene in short: a cache, too. covered_s: of the union of all; visits: packed (started_s,
        # ended_s, unique_s), newest first; terms: packed (term, seconds) of what was seen in that union.
        """CREATE TABLE watched_scene (
          scene_id INTEGER PRIMARY KEY,
          last_s REAL NOT NULL,
          played_s REAL NOT NULL,
          covered_s REAL NOT NULL,
          visits BLOB NOT NULL,
          terms BLOB NOT NULL
        )""",
        "CREATE INDEX watched_scene_by_time ON watched_scene (last_s)",
        # Scenes whose row above is not as their watches are. Kept by triggers, so that nobody can forget to; and what
        # was erased stands nowhere any more.
        "CREATE TABLE watched_stale (scene_id INTEGER PRIMARY KEY)",
        """CREATE TRIGGER scene_watch_made AFTER INSERT ON scene_watch BEGIN
          INSERT OR IGNORE INTO watched_stale VALUES (NEW.scene_id);
        END""",
        """CREATE TRIGGER scene_watch_changed AFTER UPDATE ON scene_watch BEGIN
          INSERT OR IGNORE INTO watched_stale VALUES (NEW.scene_id);
        END""",
        """CREATE TRIGGER scene_watch_gone AFTER DELETE ON scene_watch BEGIN
          DELETE FROM watched_scene WHERE scene_id = OLD.scene_id;
          INSERT OR IGNORE INTO watched_stale VALUES (OLD.scene_id);
        END""",
        # A recommender's configuration in a context; chosen: the one that the context opens with.
        """CREATE TABLE recommend_preference (
          context TEXT NOT NULL,
          recommender TEXT NOT NULL,
          config TEXT NOT NULL,
          chosen INTEGER NOT NULL,
          at_s REAL NOT NULL,
          PRIMARY KEY (context, recommender)
        ) WITHOUT ROWID""",
        """CREATE TABLE recommend_feedback (
          scene_id INTEGER PRIMARY KEY,
          verdict TEXT NOT NULL CHECK (verdict IN ('more', 'less', 'hide')),
          at_s REAL NOT NULL
        )""",
        # Rankings as they were first shown: later pages come from them, whatever was watched meanwhile.
        """CREATE TABLE ranking (
          id TEXT PRIMARY KEY,
          made_s REAL NOT NULL,
          request TEXT NOT NULL,
          scenes BLOB NOT NULL,
          scores BLOB NOT NULL,
          detail TEXT NOT NULL
        )""",
        # What the sidecar computed from vectors, as generations: the newest with a done_s counts, and one that was cut
        # off never does. summary: JSON, see plugin.store.tastes.
        """CREATE TABLE taste (
          generation INTEGER PRIMARY KEY AUTOINCREMENT,
          begun_s REAL NOT NULL,
          done_s REAL,
          summary TEXT NOT NULL DEFAULT '{}'
        )""",
        # Packed, a place per scene: ids, ascending; scores; ids of the watched scenes that are most like them, and how
        # much. best: places, the best first. because: ids.
        """CREATE TABLE taste_centre (
          generation INTEGER NOT NULL REFERENCES taste ON DELETE CASCADE,
          number INTEGER NOT NULL,
          share REAL NOT NULL,
          because BLOB NOT NULL,
          scenes BLOB NOT NULL,
          best BLOB NOT NULL,
          scores BLOB NOT NULL,
          nearest BLOB NOT NULL,
          likeness BLOB NOT NULL,
          PRIMARY KEY (generation, number)
        )""",
        # The scenes that look most like one, best first: packed ids and cosines.
        """CREATE TABLE neighbour (
          generation INTEGER NOT NULL REFERENCES taste ON DELETE CASCADE,
          scene_id INTEGER NOT NULL,
          scenes BLOB NOT NULL,
          scores BLOB NOT NULL,
          PRIMARY KEY (generation, scene_id)
        )""",
        # How well each recommender foretold this owner's own history, and what it weighs in the blend.
        """CREATE TABLE recommend_evaluation (
          context TEXT NOT NULL,
          recommender TEXT NOT NULL,
          metrics TEXT NOT NULL,
          weight REAL NOT NULL,
          at_s REAL NOT NULL,
          PRIMARY KEY (context, recommender)
        ) WITHOUT ROWID""",
    ),
)

MIGRATIONS: tuple[Migration, ...] = (FOUNDATION, INBOX, PEOPLE, WATCHING)
