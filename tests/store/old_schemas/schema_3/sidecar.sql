BEGIN TRANSACTION;
CREATE TABLE chunk (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          feature_set_id INTEGER NOT NULL REFERENCES feature_set ON DELETE CASCADE,
          first_row INTEGER NOT NULL,
          n_rows INTEGER NOT NULL CHECK (n_rows >= 0),
          crc32 INTEGER NOT NULL
        );
INSERT INTO "chunk" VALUES(1,1,0,3,2023789842);
INSERT INTO "chunk" VALUES(2,1,3,1,4045238281);
CREATE TABLE content (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          algorithm TEXT NOT NULL,
          digest TEXT NOT NULL,
          size_bytes INTEGER NOT NULL,
          UNIQUE (algorithm, digest, size_bytes)
        );
INSERT INTO "content" VALUES(1,'oshash','0000000000000001',1001);
CREATE TABLE coverage (
          chunk_id INTEGER NOT NULL REFERENCES chunk ON DELETE CASCADE,
          start_s REAL NOT NULL,
          end_s REAL NOT NULL,
          max_gap_s REAL NOT NULL
        );
INSERT INTO "coverage" VALUES(1,0.0,8.0,4.0);
INSERT INTO "coverage" VALUES(2,0.0,0.5,0.5);
CREATE TABLE doomed_file (name TEXT PRIMARY KEY);
CREATE TABLE feature_set (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          content_id INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
          model_id INTEGER NOT NULL REFERENCES model,
          dim INTEGER NOT NULL CHECK (dim > 0),
          UNIQUE (content_id, model_id)
        );
INSERT INTO "feature_set" VALUES(1,1,1,24);
CREATE TABLE media (
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
        );
INSERT INTO "media" VALUES(1,'video',X'2F766964656F732F6F6E652E6D7034',9.5,64,48,'mp4','h264',1000.0,1000.0);
CREATE TABLE model (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          model_key TEXT NOT NULL UNIQUE
        );
INSERT INTO "model" VALUES(1,'lite@1/squash-224');
CREATE TABLE pass_state (
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
        );
INSERT INTO "pass_state" VALUES(1,1,1,4.0,'budget',0.5,9.5,40,12,'pyav-cpu');
CREATE TABLE pass_warning (
          pass_state_id INTEGER NOT NULL REFERENCES pass_state ON DELETE CASCADE,
          position INTEGER NOT NULL,
          code TEXT NOT NULL,
          message BLOB NOT NULL,
          PRIMARY KEY (pass_state_id, position)
        ) WITHOUT ROWID;
INSERT INTO "pass_warning" VALUES(1,0,'truncated',X'54686520656E64206F66207468652066696C65206973206D697373696E672E');
CREATE TABLE prompt (
          model_id INTEGER NOT NULL REFERENCES model,
          text_sha256 TEXT NOT NULL,
          vector BLOB NOT NULL,
          PRIMARY KEY (model_id, text_sha256)
        );
INSERT INTO "prompt" VALUES(1,'51e467415607798220a3776f6ae1a2a09ddc7e5dcdc955d685477b4cf05ade22',X'0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F');
CREATE TABLE scheduled_job (
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
        );
CREATE TABLE schema_migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at_s REAL NOT NULL
);
INSERT INTO "schema_migration" VALUES(1,'features',1.79536558463928961758e+09);
INSERT INTO "schema_migration" VALUES(2,'passes and prompts',1.79557698942569422722e+09);
INSERT INTO "schema_migration" VALUES(3,'schedule',1795999999.5);
CREATE TABLE wake_header (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE wake_target (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          url BLOB NOT NULL,
          content_type TEXT NOT NULL
        );
CREATE INDEX feature_set_of_model ON feature_set (model_id);
CREATE INDEX chunk_of_set ON chunk (feature_set_id, id);
CREATE INDEX coverage_of_chunk ON coverage (chunk_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('content',4);
INSERT INTO "sqlite_sequence" VALUES('model',4);
INSERT INTO "sqlite_sequence" VALUES('feature_set',2);
INSERT INTO "sqlite_sequence" VALUES('chunk',2);
INSERT INTO "sqlite_sequence" VALUES('pass_state',1);
COMMIT;
