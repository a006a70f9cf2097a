-- An outbox as the first version of its schema wrote it: two events of five, and two pictures.
PRAGMA journal_mode=WAL;
CREATE TABLE outbox (outbox_id TEXT NOT NULL);
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    payload BLOB NOT NULL
);
CREATE TABLE pictures (
    sha256 TEXT PRIMARY KEY,
    jpeg BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'ready'))
);
CREATE TABLE picture_references (
    seq INTEGER NOT NULL,
    sha256 TEXT NOT NULL REFERENCES pictures (sha256),
    PRIMARY KEY (seq, sha256)
) WITHOUT ROWID;
CREATE INDEX references_by_picture ON picture_references (sha256);
CREATE TABLE known_ids (number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE);
INSERT INTO outbox VALUES ('0123456789abcdef0123456789abcdef');
INSERT INTO entries VALUES (2, 'passage', 'two', '{"event":2}'), (4, 'traffic', 'four', '{"event":4}');
INSERT INTO entries VALUES (5, 'passage', 'five', '{"event":5}');
UPDATE entries SET payload = CAST(payload AS BLOB);
DELETE FROM entries WHERE seq = 5;
INSERT INTO known_ids (message_id) VALUES ('one'), ('two'), ('three'), ('four'), ('five');
-- SHA-256 of "a picture" and of "another"
INSERT INTO pictures VALUES
    ('92b2fa58028958317e408bd84ecfa70f5ee35b121991dbc232c49d166353708b', CAST('a picture' AS BLOB), 'waiting'),
    ('ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5', CAST('another' AS BLOB), 'ready');
INSERT INTO picture_references VALUES (2, '92b2fa58028958317e408bd84ecfa70f5ee35b121991dbc232c49d166353708b'), (3, 'ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5');
PRAGMA user_version = 1;
