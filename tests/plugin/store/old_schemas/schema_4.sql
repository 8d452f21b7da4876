PRAGMA journal_mode = WAL;
BEGIN TRANSACTION;
CREATE TABLE analysis (
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
        );
INSERT INTO "analysis" VALUES(1,'scene',1,'One',1,'oshash-a-10','key','whole','lite','v1','q1',4.0,60.0,15,'cpu','keyframes','[["truncated", "it ends early"]]','p1',1700000000.0);
CREATE TABLE catalogue_column (
          name TEXT PRIMARY KEY,
          data BLOB NOT NULL
        );
CREATE TABLE catalogue_posting (
          term INTEGER PRIMARY KEY,
          count INTEGER NOT NULL,
          ordinals BLOB NOT NULL,
          weights BLOB NOT NULL,
          seconds BLOB NOT NULL
        );
CREATE TABLE catalogue_scene (
          scene_id INTEGER PRIMARY KEY,
          ordinal INTEGER NOT NULL UNIQUE,
          seen TEXT NOT NULL,
          terms BLOB NOT NULL
        );
CREATE TABLE drain (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          state TEXT NOT NULL CHECK (state IN ('idle', 'running', 'paused')),
          stash_job_id INTEGER,
          sentence TEXT NOT NULL,
          share REAL NOT NULL,
          detail TEXT NOT NULL,
          heartbeat_s REAL NOT NULL
        );
INSERT INTO "drain" VALUES(1,'idle',NULL,'',0.0,'{}',0.0);
CREATE TABLE face_analysis (
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
        );
CREATE TABLE face_bootstrap (
          content_key TEXT NOT NULL,
          track_id TEXT NOT NULL,
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          key TEXT NOT NULL,
          at_s REAL NOT NULL,
          PRIMARY KEY (content_key, track_id)
        ) WITHOUT ROWID;
CREATE TABLE face_reference (
          key TEXT PRIMARY KEY,
          source TEXT NOT NULL,
          images TEXT NOT NULL,
          synced_s REAL NOT NULL
        ) WITHOUT ROWID;
CREATE TABLE failure (
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          name TEXT NOT NULL,
          run_id INTEGER NOT NULL REFERENCES run,
          content TEXT NOT NULL,
          code TEXT NOT NULL,
          message TEXT NOT NULL,
          failed_s REAL NOT NULL,
          PRIMARY KEY (kind, media_id)
        ) WITHOUT ROWID;
CREATE TABLE hook_event (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          at_s REAL NOT NULL,
          kind TEXT NOT NULL,
          media_id INTEGER NOT NULL,
          wish TEXT NOT NULL
        );
INSERT INTO "hook_event" VALUES(1,0.0,'scene',2,'new');
CREATE TABLE job (
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
        );
INSERT INTO "job" VALUES(1,NULL,1,'batch',NULL,NULL,'Analyse new',10,'running','','',0,0.0,0,'{"selected": true}',1700000000.0,1700000000.0,NULL,0);
INSERT INTO "job" VALUES(2,1,1,'analyse','scene',2,'',10,'pending','','',0,0.0,0,'{}',1700000000.0,NULL,NULL,0);
CREATE TABLE "journal" (
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
        );
INSERT INTO "journal" VALUES(1,1,1,NULL,'suggestion','add_tag','scene',1,7,'cat',NULL,'',NULL,NULL,'done','',1700000000.0,1700000000.0,NULL,'');
CREATE TABLE "label" (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL COLLATE NOCASE,
          category TEXT NOT NULL DEFAULT '',
          person_key TEXT NOT NULL DEFAULT ''
        );
INSERT INTO "label" VALUES(1,'cat','things','');
CREATE TABLE library_name (
          kind TEXT NOT NULL CHECK (kind IN ('tag', 'performer', 'studio')),
          id INTEGER NOT NULL,
          name TEXT NOT NULL,
          favorite INTEGER NOT NULL,
          detail TEXT NOT NULL DEFAULT '{}',
          PRIMARY KEY (kind, id)
        ) WITHOUT ROWID;
CREATE TABLE library_scene (
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
        );
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('settings','{"interval_s": 2.0}');
CREATE TABLE neighbour (
          generation INTEGER NOT NULL REFERENCES taste ON DELETE CASCADE,
          scene_id INTEGER NOT NULL,
          scenes BLOB NOT NULL,
          scores BLOB NOT NULL,
          PRIMARY KEY (generation, scene_id)
        );
CREATE TABLE person_verdict (
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
        ) WITHOUT ROWID;
CREATE TABLE policy (
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
        ) WITHOUT ROWID;
INSERT INTO "policy" VALUES('cat','auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0.0);
CREATE TABLE ranking (
          id TEXT PRIMARY KEY,
          made_s REAL NOT NULL,
          request TEXT NOT NULL,
          scenes BLOB NOT NULL,
          scores BLOB NOT NULL,
          detail TEXT NOT NULL
        );
CREATE TABLE recommend_evaluation (
          context TEXT NOT NULL,
          recommender TEXT NOT NULL,
          metrics TEXT NOT NULL,
          weight REAL NOT NULL,
          at_s REAL NOT NULL,
          PRIMARY KEY (context, recommender)
        ) WITHOUT ROWID;
CREATE TABLE recommend_feedback (
          scene_id INTEGER PRIMARY KEY,
          verdict TEXT NOT NULL CHECK (verdict IN ('more', 'less', 'hide')),
          at_s REAL NOT NULL
        );
INSERT INTO "recommend_feedback" VALUES(1,'more',1700000000.0);
CREATE TABLE recommend_preference (
          context TEXT NOT NULL,
          recommender TEXT NOT NULL,
          config TEXT NOT NULL,
          chosen INTEGER NOT NULL,
          at_s REAL NOT NULL,
          PRIMARY KEY (context, recommender)
        ) WITHOUT ROWID;
INSERT INTO "recommend_preference" VALUES('global_feed','fresh','{"diversity": 0.5}',1,1700000000.0);
CREATE TABLE "refusal" (
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
        );
INSERT INTO "refusal" VALUES(1,'scene',1,'marker',1,5.0,15.0,'rejected by the owner',1700000000.0,'[]');
CREATE TABLE run (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          title TEXT NOT NULL,
          origin TEXT NOT NULL,
          started_s REAL NOT NULL,
          ended_s REAL,
          undone_s REAL
        );
INSERT INTO "run" VALUES(1,'Analyse new','task',1700000000.0,NULL,NULL);
CREATE TABLE scene_watch (
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
        );
INSERT INTO "scene_watch" VALUES(1,'watch-001','session-1','tab-00001',1,1699999000.0,1699999030.0,30.0,30.0,30.0,30.0,60.0,0,'{"watch":"watch-001","session":"session-1","tab":"tab-00001","scene_id":1,"started_s":1699999000.0,"ended_s":1699999030.0,"seq":2,"has_state":true,"at_s":1699999030.0,"position_s":30.0,"rate":1.0,"playing":false,"top_s":30.0,"lost":false,"closed":false,"duration_s":60.0,"completed":false,"run":[0.0,30.0,1699999000.0,1.0,30.0]}',0);
CREATE TABLE service (
          name TEXT PRIMARY KEY,
          ok INTEGER NOT NULL,
          message TEXT NOT NULL,
          detail TEXT NOT NULL,
          checked_s REAL NOT NULL,
          failures INTEGER NOT NULL,
          not_before_s REAL NOT NULL
        ) WITHOUT ROWID;
INSERT INTO "service" VALUES('sidecar',1,'lite on cpu','{"model": "lite"}',1700000000.0,0,0.0);
CREATE TABLE span (
          analysis_id INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
          label_id INTEGER NOT NULL REFERENCES label,
          start_s REAL NOT NULL,
          end_s REAL NOT NULL,
          score REAL NOT NULL,
          peak_s REAL NOT NULL,
          peak_score REAL NOT NULL,
          start_uncertainty_s REAL NOT NULL,
          end_uncertainty_s REAL NOT NULL
        );
INSERT INTO "span" VALUES(1,1,5.0,15.0,3.0,10.0,4.0,0.0,0.0);
CREATE TABLE "suggestion" (
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
        );
INSERT INTO "suggestion" VALUES(1,1,'scene',1,'tag',1,0.0,0.0,0.0,3.0,'{}','applied','owner',0,0,1700000000.0,1700000000.0,NULL,'[]');
INSERT INTO "suggestion" VALUES(2,1,'scene',1,'marker',1,5.0,15.0,10.0,3.0,'{}','rejected','owner',0,0,1700000000.0,1700000000.0,NULL,'[]');
CREATE TABLE tag_total (
          analysis_id INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,
          label_id INTEGER NOT NULL REFERENCES label,
          seconds REAL NOT NULL,
          share REAL NOT NULL,
          score REAL NOT NULL,
          PRIMARY KEY (analysis_id, label_id)
        ) WITHOUT ROWID;
INSERT INTO "tag_total" VALUES(1,1,10.0,0.2,3.0);
CREATE TABLE taste (
          generation INTEGER PRIMARY KEY AUTOINCREMENT,
          begun_s REAL NOT NULL,
          done_s REAL,
          summary TEXT NOT NULL DEFAULT '{}'
        );
CREATE TABLE taste_centre (
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
        );
CREATE TABLE term (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          tag_id INTEGER UNIQUE,
          label TEXT UNIQUE COLLATE NOCASE,
          name TEXT NOT NULL
        );
CREATE TABLE track (
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
        );
CREATE TABLE watch_event (
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
        );
INSERT INTO "watch_event" VALUES(1,'event-0001','scene_watch_start','session-1','tab-00001',1,'watch-001','scene',1,1699999000.0,0.0,'{"position_s":0.0,"rate":1.0,"duration_s":60.0,"visible":true,"playing":true}');
INSERT INTO "watch_event" VALUES(2,'event-0002','scene_watch_pause','session-1','tab-00001',2,'watch-001','scene',1,1699999030.0,30.0,'{"position_s":30.0,"rate":1.0,"duration_s":60.0,"visible":true,"playing":false}');
CREATE TABLE watch_segment (
          watch_id INTEGER NOT NULL REFERENCES scene_watch ON DELETE CASCADE,
          number INTEGER NOT NULL,
          start_s REAL NOT NULL,
          end_s REAL NOT NULL,
          at_s REAL NOT NULL,
          rate REAL NOT NULL,
          PRIMARY KEY (watch_id, number)
        ) WITHOUT ROWID;
INSERT INTO "watch_segment" VALUES(1,0,0.0,30.0,1699999000.0,1.0);
CREATE TABLE watch_session (
          id TEXT PRIMARY KEY,
          started_s REAL NOT NULL,
          ended_s REAL NOT NULL,
          events INTEGER NOT NULL
        ) WITHOUT ROWID;
INSERT INTO "watch_session" VALUES('session-1',1699999000.0,1699999030.0,2);
CREATE TABLE watched_scene (
          scene_id INTEGER PRIMARY KEY,
          last_s REAL NOT NULL,
          played_s REAL NOT NULL,
          covered_s REAL NOT NULL,
          visits BLOB NOT NULL,
          terms BLOB NOT NULL
        );
CREATE TABLE watched_stale (scene_id INTEGER PRIMARY KEY);
INSERT INTO "watched_stale" VALUES(1);
CREATE UNIQUE INDEX job_pending_once ON job (kind, media_id, action)
          WHERE state = 'pending' AND media_id IS NOT NULL;
CREATE INDEX job_next ON job (priority, id) WHERE state = 'pending';
CREATE INDEX job_of_parent ON job (parent_id, state);
CREATE INDEX job_of_medium ON job (kind, media_id);
CREATE INDEX job_by_state ON job (state, ended_s);
CREATE INDEX analysis_by_content ON analysis (content_key);
CREATE INDEX span_of_analysis ON span (analysis_id);
CREATE INDEX span_of_label ON span (label_id, analysis_id);
CREATE INDEX tag_total_of_label ON tag_total (label_id);
CREATE UNIQUE INDEX label_of_tag ON label (name) WHERE person_key = '';
CREATE UNIQUE INDEX label_of_person ON label (person_key) WHERE person_key != '';
CREATE INDEX suggestion_of_medium ON suggestion (kind, media_id, state);
CREATE INDEX suggestion_of_run ON suggestion (run_id);
CREATE INDEX suggestion_by_label ON suggestion
          (state, label_id, score, type, kind, media_id, run_id, decided_by);
CREATE INDEX suggestion_by_score ON suggestion (state, score);
CREATE INDEX suggestion_by_medium ON suggestion (state, kind, media_id, start_s);
CREATE INDEX suggestion_of_performers ON suggestion (state, id) WHERE type = 'performer';
CREATE INDEX refusal_of_medium ON refusal (kind, media_id);
CREATE INDEX journal_open ON journal (kind, media_id) WHERE state = 'intent';
CREATE INDEX journal_of_medium ON journal (kind, media_id, state);
CREATE INDEX journal_of_run ON journal (run_id);
CREATE INDEX journal_of_suggestion ON journal (suggestion_id);
CREATE INDEX face_analysis_by_content ON face_analysis (content_key);
CREATE INDEX face_analysis_by_version ON face_analysis (gallery_version);
CREATE INDEX track_by_id ON track (id);
CREATE INDEX track_of_group ON track (group_id) WHERE group_id != '';
CREATE INDEX person_verdict_unsent ON person_verdict (at_s) WHERE sent != version;
CREATE INDEX person_verdict_of_medium ON person_verdict (kind, media_id);
CREATE INDEX face_bootstrap_of_person ON face_bootstrap (key);
CREATE INDEX watch_event_of_watch ON watch_event (watch, tab, seq) WHERE watch != '';
CREATE INDEX watch_event_of_session ON watch_event (session, at_s);
CREATE INDEX watch_event_by_time ON watch_event (at_s);
CREATE INDEX watch_event_of_medium ON watch_event (kind, media_id, at_s);
CREATE INDEX scene_watch_of_scene ON scene_watch (scene_id, started_s);
CREATE INDEX scene_watch_by_time ON scene_watch (started_s);
CREATE INDEX scene_watch_of_session ON scene_watch (session);
CREATE INDEX library_scene_played ON library_scene (last_played_s) WHERE last_played_s IS NOT NULL;
CREATE INDEX watched_scene_by_time ON watched_scene (last_s);
CREATE TRIGGER scene_watch_made AFTER INSERT ON scene_watch BEGIN
          INSERT OR IGNORE INTO watched_stale VALUES (NEW.scene_id);
        END;
CREATE TRIGGER scene_watch_changed AFTER UPDATE ON scene_watch BEGIN
          INSERT OR IGNORE INTO watched_stale VALUES (NEW.scene_id);
        END;
CREATE TRIGGER scene_watch_gone AFTER DELETE ON scene_watch BEGIN
          DELETE FROM watched_scene WHERE scene_id = OLD.scene_id;
          INSERT OR IGNORE INTO watched_stale VALUES (OLD.scene_id);
        END;
COMMIT;
PRAGMA application_id = 1397968433;
PRAGMA user_version = 4;
