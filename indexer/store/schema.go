package store

import (
	"context"
	"fmt"
)

// migrations bring a database from version i to i+1; never edit one that was released.
var migrations = []string{
	`
CREATE TABLE articles (
	id TEXT PRIMARY KEY,
	seq INTEGER NOT NULL UNIQUE,
	indexed INTEGER NOT NULL DEFAULT 0,
	url TEXT NOT NULL,
	outlet_id TEXT NOT NULL,
	published INTEGER,
	first_seen INTEGER,
	last_seen INTEGER,
	hash TEXT NOT NULL,
	versions INTEGER NOT NULL DEFAULT 1,
	meta TEXT NOT NULL,
	body TEXT NOT NULL,
	mentions TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX articles_pending ON articles(seq) WHERE indexed = 0;
CREATE INDEX articles_outlet ON articles(outlet_id);
CREATE TABLE versions (
	article_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	observed INTEGER NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (article_id, version)
) WITHOUT ROWID;
CREATE TABLE entities (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	wikidata TEXT NOT NULL DEFAULT '',
	aliases TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID;
CREATE TABLE article_entities (
	entity_id TEXT NOT NULL,
	article_id TEXT NOT NULL,
	count INTEGER NOT NULL,
	PRIMARY KEY (entity_id, article_id)
) WITHOUT ROWID;
CREATE INDEX article_entities_article ON article_entities(article_id);
CREATE TABLE outlets (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	country TEXT NOT NULL DEFAULT '',
	language TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE imports (
	file TEXT PRIMARY KEY,
	hash TEXT NOT NULL,
	size INTEGER NOT NULL,
	offset INTEGER NOT NULL,
	updated INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE tombstones (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`,
	// The text of the newest version was kept twice: it is in articles too.
	// Title and body are NULL where they are the article's own.
	`
ALTER TABLE versions RENAME TO versions_1;
CREATE TABLE versions (
	article_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	observed INTEGER NOT NULL,
	title TEXT,
	body TEXT,
	hash TEXT NOT NULL,
	PRIMARY KEY (article_id, version)
) WITHOUT ROWID;
INSERT INTO versions(article_id,version,observed,title,body,hash)
	SELECT v.article_id, v.version, v.observed, iif(v.version=a.versions,NULL,v.title), iif(v.version=a.versions,NULL,v.body), v.hash
	FROM versions_1 v JOIN articles a ON a.id=v.article_id;
DROP TABLE versions_1;
`,
	// A mark in the article's row made SQLite write the whole text again when
	// the article was indexed.
	`
CREATE TABLE pending (seq INTEGER PRIMARY KEY);
INSERT INTO pending(seq) SELECT seq FROM articles WHERE indexed=0;
DROP INDEX articles_pending;
ALTER TABLE articles DROP COLUMN indexed;
`,
	// Stories, so that the file tells by itself which articles are about what.
	`
CREATE TABLE stories (
	id TEXT PRIMARY KEY,
	title TEXT NOT NULL,
	about TEXT NOT NULL,
	from_time INTEGER,
	to_time INTEGER
) WITHOUT ROWID;
CREATE TABLE article_stories (
	story_id TEXT NOT NULL,
	article_id TEXT NOT NULL,
	PRIMARY KEY (story_id, article_id)
) WITHOUT ROWID;
CREATE INDEX article_stories_article ON article_stories(article_id);
INSERT INTO article_stories(story_id, article_id)
	SELECT j.value, a.id FROM articles a, json_each(a.meta, '$.stories') j;
`,
	// By id, articles were a tree whose every step compared whole texts. By seq
	// they are found through numbers alone, and new ones come at the end.
	`
CREATE TABLE articles_4 (
	seq INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	url TEXT NOT NULL,
	outlet_id TEXT NOT NULL,
	published INTEGER,
	first_seen INTEGER,
	last_seen INTEGER,
	hash TEXT NOT NULL,
	versions INTEGER NOT NULL DEFAULT 1,
	meta TEXT NOT NULL,
	body TEXT NOT NULL,
	mentions TEXT NOT NULL
);
INSERT INTO articles_4(seq,id,url,outlet_id,published,first_seen,last_seen,hash,versions,meta,body,mentions)
	SELECT seq,id,url,outlet_id,published,first_seen,last_seen,hash,versions,meta,body,mentions FROM articles ORDER BY seq;
DROP TABLE articles;
ALTER TABLE articles_4 RENAME TO articles;
CREATE INDEX articles_outlet ON articles(outlet_id);
`,
	// By which names an article names an entity, how often, and where: see
	// names.go. What was known of that, counts by two trees of texts, is a view.
	`
DROP TABLE article_entities;
CREATE TABLE names (
	id INTEGER PRIMARY KEY,
	entity_id TEXT NOT NULL,
	type TEXT NOT NULL,
	name TEXT NOT NULL,
	key TEXT NOT NULL
);
CREATE UNIQUE INDEX names_entity ON names(entity_id, type, name);
CREATE INDEX names_key ON names(key);
CREATE TABLE article_names (
	article INTEGER NOT NULL,
	name INTEGER NOT NULL,
	count INTEGER NOT NULL,
	title INTEGER NOT NULL,
	lead INTEGER NOT NULL,
	PRIMARY KEY (article, name)
) WITHOUT ROWID;
CREATE INDEX article_names_name ON article_names(name, count);
CREATE VIEW article_entities AS
	SELECT n.entity_id, n.type, a.id AS article_id, sum(m.count) AS count, sum(m.title) AS title, sum(m.lead) AS lead
	FROM article_names m JOIN names n ON n.id=m.name JOIN articles a ON a.seq=m.article
	GROUP BY m.article, n.entity_id, n.type;
CREATE VIEW entity_names AS
	SELECT n.entity_id, n.type, n.name, ifnull(s.story_id,'') AS story_id, date(a.published,'unixepoch') AS day,
		count(*) AS articles, sum(m.count) AS mentions, sum(m.title) AS title, sum(m.lead) AS lead
	FROM article_names m JOIN names n ON n.id=m.name JOIN articles a ON a.seq=m.article
		LEFT JOIN article_stories s ON s.article_id=a.id
	GROUP BY n.id, s.story_id, day;
`,
	// What admins said about entities: see changes.go. No row is ever removed.
	`
CREATE TABLE entity_changes (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	action TEXT NOT NULL,
	type TEXT NOT NULL,
	entity_id TEXT NOT NULL,
	into_type TEXT NOT NULL DEFAULT '',
	into_id TEXT NOT NULL DEFAULT '',
	name TEXT NOT NULL DEFAULT '',
	alias TEXT NOT NULL DEFAULT '',
	undone INTEGER
);
`,
}

// fills derive what a migration cannot say in SQL, in its transaction.
var fills = map[int]func(context.Context, *tx) error{6: fillNames}

// SchemaError is a database file that another version of the program made.
type SchemaError struct{ Have, Want int }

func (e *SchemaError) Error() string {
	if e.Have < e.Want {
		return fmt.Sprintf("made by an older version (schema %d, want %d)", e.Have, e.Want)
	}
	return fmt.Sprintf("made by a newer version (schema %d, this program knows %d): use that version, or another data folder", e.Have, e.Want)
}

// migrate brings the file to the newest schema. It has no context, as a
// migration is not to be left half done.
//
//nolint:contextcheck // see above
func (s *Store) migrate() error {
	var v int
	if err := s.w.QueryRow("PRAGMA user_version").Scan(&v); err != nil {
		return err
	}
	if v > len(migrations) {
		return &SchemaError{Have: v, Want: len(migrations)}
	}
	shrinks := v > 0 && v < 6 // what migrations 2, 5 and 6 free
	for ; v < len(migrations); v++ {
		ctx := context.Background()
		tx, err := s.begin(ctx)
		if err != nil {
			return err
		}
		_, err = tx.Exec(migrations[v])
		if fill := fills[v+1]; err == nil && fill != nil {
			err = fill(ctx, tx)
		}
		if err == nil {
			_, err = tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", v+1))
		}
		if err != nil {
			tx.Rollback()
			return fmt.Errorf("migration %d: %w", v+1, err)
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	if shrinks {
		// Without the room for a copy the file stays as long as it was, and its
		// free pages are filled by what comes.
		_, _ = s.w.Exec("VACUUM")
	}
	return nil
}
