// Package store keeps articles, their versions and entities in one SQLite
// file: the source of truth from which the search index is made.
package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"dateline"

	_ "modernc.org/sqlite" // the database driver
)

// migrations bring a database from version i to i+1; never edit one that was released.
var migrations = []string{`
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
`}

// Store is an open articles.db. It is safe for use by several goroutines.
type Store struct {
	w *sql.DB // one connection: writers wait for each other here, not in SQLite
	r *sql.DB
}

// Open opens the database file, making or migrating it as needed.
func Open(path string) (*Store, error) {
	pragmas := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}, "_txlock": {"immediate"}}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()
	w, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	s := &Store{w: w}
	if err := s.migrate(); err != nil {
		w.Close()
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	pragmas.Set("_txlock", "deferred")
	pragmas.Add("_pragma", "query_only(1)")
	s.r, err = sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+pragmas.Encode())
	if err != nil {
		w.Close()
		return nil, err
	}
	s.r.SetMaxOpenConns(8)
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error { return errors.Join(s.r.Close(), s.w.Close()) }

func (s *Store) migrate() error {
	var v int
	if err := s.w.QueryRow("PRAGMA user_version").Scan(&v); err != nil {
		return err
	}
	if v > len(migrations) {
		return fmt.Errorf("made by a newer version (schema %d, this program knows %d)", v, len(migrations))
	}
	for ; v < len(migrations); v++ {
		tx, err := s.w.Begin()
		if err != nil {
			return err
		}
		if _, err = tx.Exec(migrations[v]); err == nil {
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
	return nil
}

// Status is what Put did with an article.
type Status string

// What Put may do.
const (
	Added     Status = "added"
	Changed   Status = "changed"   // known article, other text: a new version
	Unchanged Status = "unchanged" // known article, same text
)

// Result tells what became of one article of a batch.
type Result struct {
	ID      string
	Status  Status
	Version int
}

// Progress is how far the import of a file has come.
type Progress struct {
	File   string
	Hash   string
	Size   int64
	Offset int64
}

// Version is one observed text of an article.
type Version struct {
	Version  int
	Observed time.Time
	Title    string
	Body     string
	Hash     string
}

// Hash is the content hash by which texts are told apart.
func Hash(title, body string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d:%s%s", len(title), title, body)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

type storedMention struct {
	dateline.Mention
	T bool `json:"t,omitempty"`
}

type row struct{ meta, body, mentions string }

func encode(a *dateline.Article) (row, error) {
	ms := make([]storedMention, len(a.Mentions))
	for i, m := range a.Mentions {
		ms[i] = storedMention{m, m.InTitle}
	}
	mj, err := json.Marshal(ms)
	if err != nil {
		return row{}, err
	}
	c := *a
	c.Body, c.Mentions, c.Versions = "", nil, 0
	j, err := json.Marshal(&c)
	return row{string(j), a.Body, string(mj)}, err
}

func unix(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// Put stores a batch in one transaction. Putting the same text again only
// moves last_seen; another text under a known id becomes a new version.
func (s *Store) Put(ctx context.Context, batch []*dateline.Article) ([]Result, error) {
	return s.PutProgress(ctx, batch, nil)
}

// PutProgress is Put that also notes, in the same transaction, how far an import has come.
func (s *Store) PutProgress(ctx context.Context, batch []*dateline.Article, p *Progress) ([]Result, error) {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	seq, err := maxSeq(ctx, tx)
	if err != nil {
		return nil, err
	}
	out := make([]Result, 0, len(batch))
	for _, a := range batch {
		r, err := put(ctx, tx, a, &seq)
		if err != nil {
			return nil, fmt.Errorf("article %s: %w", a.ID, err)
		}
		out = append(out, r)
	}
	if err := setSeq(ctx, tx, seq); err != nil {
		return nil, err
	}
	if p != nil {
		_, err := tx.ExecContext(ctx, `INSERT INTO imports(file,hash,size,offset,updated) VALUES(?,?,?,?,?)
			ON CONFLICT(file) DO UPDATE SET hash=excluded.hash,size=excluded.size,offset=excluded.offset,updated=excluded.updated`,
			p.File, p.Hash, p.Size, p.Offset, time.Now().Unix())
		if err != nil {
			return nil, err
		}
	}
	return out, tx.Commit()
}

func maxSeq(ctx context.Context, tx *sql.Tx) (int64, error) {
	var seq int64
	err := tx.QueryRowContext(ctx, "SELECT CAST(value AS INTEGER) FROM meta WHERE key='seq'").Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return seq, err
}

func setSeq(ctx context.Context, tx *sql.Tx, seq int64) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO meta(key,value) VALUES('seq',?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", fmt.Sprint(seq))
	return err
}

func put(ctx context.Context, tx *sql.Tx, a *dateline.Article, seq *int64) (Result, error) {
	if a.ID == "" {
		return Result{}, errors.New("no id")
	}
	hash := Hash(a.Title, a.Body)
	seen := a.LastSeen
	if seen.IsZero() {
		seen = time.Now().UTC().Truncate(time.Second)
	}
	var oldHash string
	var first sql.NullInt64
	var versions int
	err := tx.QueryRowContext(ctx, "SELECT hash, first_seen, versions FROM articles WHERE id=?", a.ID).Scan(&oldHash, &first, &versions)
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Result{}, err
	}
	if known && oldHash == hash {
		_, err := tx.ExecContext(ctx, "UPDATE articles SET last_seen=max(ifnull(last_seen,0),?) WHERE id=?", seen.Unix(), a.ID)
		return Result{a.ID, Unchanged, versions}, err
	}
	if a.FirstSeen.IsZero() {
		if !first.Valid {
			first = sql.NullInt64{Int64: seen.Unix(), Valid: true}
		}
	} else if !first.Valid || a.FirstSeen.Unix() < first.Int64 {
		first = sql.NullInt64{Int64: a.FirstSeen.Unix(), Valid: true}
	}
	versions++
	*seq++
	e, err := encode(a)
	if err != nil {
		return Result{}, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO articles(id,seq,indexed,url,outlet_id,published,first_seen,last_seen,hash,versions,meta,body,mentions)
		VALUES(?,?,0,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET seq=excluded.seq,indexed=0,url=excluded.url,outlet_id=excluded.outlet_id,
		published=excluded.published,first_seen=excluded.first_seen,last_seen=max(ifnull(last_seen,0),excluded.last_seen),hash=excluded.hash,
		versions=excluded.versions,meta=excluded.meta,body=excluded.body,mentions=excluded.mentions`,
		a.ID, *seq, a.URL, a.Outlet.ID, unix(a.Published), first, seen.Unix(), hash, versions, e.meta, e.body, e.mentions)
	if err != nil {
		return Result{}, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO versions(article_id,version,observed,title,body,hash) VALUES(?,?,?,?,?,?)",
		a.ID, versions, seen.Unix(), a.Title, a.Body, hash)
	if err != nil {
		return Result{}, err
	}
	if _, err = tx.ExecContext(ctx, "DELETE FROM tombstones WHERE id=?", a.ID); err != nil {
		return Result{}, err
	}
	if a.Outlet.ID != "" {
		_, err = tx.ExecContext(ctx, `INSERT INTO outlets(id,name,country,language) VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET
			name=CASE WHEN excluded.name='' THEN name ELSE excluded.name END`, a.Outlet.ID, a.Outlet.Name, a.Outlet.Country, a.Outlet.Language)
		if err != nil {
			return Result{}, err
		}
	}
	if err := putEntities(ctx, tx, a); err != nil {
		return Result{}, err
	}
	st := Added
	if known {
		st = Changed
	}
	return Result{a.ID, st, versions}, nil
}

func putEntities(ctx context.Context, tx *sql.Tx, a *dateline.Article) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM article_entities WHERE article_id=?", a.ID); err != nil {
		return err
	}
	for _, e := range a.Entities {
		if _, err := tx.ExecContext(ctx, "INSERT INTO entities(id,name,type) VALUES(?,?,?) ON CONFLICT(id) DO NOTHING", e.ID, e.Name, string(e.Type)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO article_entities(entity_id,article_id,count) VALUES(?,?,?) ON CONFLICT DO UPDATE SET count=excluded.count", e.ID, a.ID, e.Count); err != nil {
			return err
		}
	}
	return nil
}

// PutEntities stores what is known of entities beside their names.
func (s *Store) PutEntities(ctx context.Context, es []dateline.Entity) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, e := range es {
		al, err := json.Marshal(e.Aliases)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO entities(id,name,type,wikidata,aliases) VALUES(?,?,?,?,?)
			ON CONFLICT(id) DO UPDATE SET name=excluded.name,type=excluded.type,wikidata=excluded.wikidata,aliases=excluded.aliases`,
			e.ID, e.Name, string(e.Type), e.Wikidata, string(al)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Update replaces what was derived from articles (mentions, entities,
// stories) without making a version.
func (s *Store) Update(ctx context.Context, batch []*dateline.Article) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, a := range batch {
		e, err := encode(a)
		if err != nil {
			return err
		}
		// Only the text that was read: an edit stored meanwhile stays.
		res, err := tx.ExecContext(ctx, "UPDATE articles SET meta=?,mentions=? WHERE id=? AND hash=?", e.meta, e.mentions, a.ID, Hash(a.Title, a.Body))
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			continue
		}
		if err := putEntities(ctx, tx, a); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Stored is an article with the sequence number of its last change.
type Stored struct {
	Article *dateline.Article
	Seq     int64
}

const columns = "seq, versions, first_seen, last_seen, meta, body, mentions"
const lightColumns = "seq, versions, first_seen, last_seen, meta, '', ''"

func scan(rows *sql.Rows) (Stored, error) {
	var st Stored
	var versions int
	var first, last sql.NullInt64
	var r row
	if err := rows.Scan(&st.Seq, &versions, &first, &last, &r.meta, &r.body, &r.mentions); err != nil {
		return st, err
	}
	a := &dateline.Article{}
	if err := json.Unmarshal([]byte(r.meta), a); err != nil {
		return st, err
	}
	a.Body, a.Versions = r.body, versions
	if r.mentions != "" {
		var ms []storedMention
		if err := json.Unmarshal([]byte(r.mentions), &ms); err != nil {
			return st, err
		}
		for _, m := range ms {
			m.Mention.InTitle = m.T
			a.Mentions = append(a.Mentions, m.Mention)
		}
	}
	if first.Valid {
		a.FirstSeen = time.Unix(first.Int64, 0).UTC()
	}
	if last.Valid {
		a.LastSeen = time.Unix(last.Int64, 0).UTC()
	}
	st.Article = a
	return st, nil
}

func (s *Store) query(ctx context.Context, q string, args ...any) ([]Stored, error) {
	rows, err := s.r.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Stored
	for rows.Next() {
		st, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, rows.Err()
}

// Pending gives articles that are stored and not yet indexed, oldest change first.
func (s *Store) Pending(ctx context.Context, limit int) ([]Stored, error) {
	return s.query(ctx, "SELECT "+columns+" FROM articles WHERE indexed=0 ORDER BY seq LIMIT ?", limit)
}

// MarkIndexed notes that these changes are in the index.
func (s *Store) MarkIndexed(ctx context.Context, seqs []int64) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, q := range seqs {
		if _, err := tx.ExecContext(ctx, "UPDATE articles SET indexed=1 WHERE seq=?", q); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Get gives one article, or a *dateline.NotFoundError.
func (s *Store) Get(ctx context.Context, id string) (*dateline.Article, error) {
	l, err := s.query(ctx, "SELECT "+columns+" FROM articles WHERE id=?", id)
	if err != nil {
		return nil, err
	}
	if len(l) == 0 {
		return nil, &dateline.NotFoundError{Kind: "article", ID: id}
	}
	return l[0].Article, nil
}

// GetMany gives the articles among ids that exist, by id.
func (s *Store) GetMany(ctx context.Context, ids []string) (map[string]*dateline.Article, error) {
	out := make(map[string]*dateline.Article, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		args := make([]any, n)
		for i := range n {
			args[i] = ids[i]
		}
		l, err := s.query(ctx, "SELECT "+columns+" FROM articles WHERE id IN (?"+strings.Repeat(",?", n-1)+")", args...)
		if err != nil {
			return nil, err
		}
		for _, st := range l {
			out[st.Article.ID] = st.Article
		}
		ids = ids[n:]
	}
	return out, nil
}

// Each calls fn with pages of all articles in the order of their ids. Without
// text, bodies and mentions are left out.
func (s *Store) Each(ctx context.Context, text bool, fn func([]Stored) error) error {
	cols := columns
	if !text {
		cols = lightColumns
	}
	after := ""
	for {
		l, err := s.query(ctx, "SELECT "+cols+" FROM articles WHERE id>? ORDER BY id LIMIT 200", after)
		if err != nil {
			return err
		}
		if len(l) == 0 {
			return nil
		}
		if err := fn(l); err != nil {
			return err
		}
		after = l[len(l)-1].Article.ID
	}
}

// Delete removes an article and its versions and leaves a tombstone until
// the index has forgotten it too.
func (s *Store) Delete(ctx context.Context, id string) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	res, err := tx.ExecContext(ctx, "DELETE FROM articles WHERE id=?", id)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return &dateline.NotFoundError{Kind: "article", ID: id}
	}
	for _, q := range []string{"DELETE FROM versions WHERE article_id=?", "DELETE FROM article_entities WHERE article_id=?", "INSERT OR IGNORE INTO tombstones(id) VALUES(?)"} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Tombstones lists the deleted articles that the index may still hold.
func (s *Store) Tombstones(ctx context.Context) ([]string, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT id FROM tombstones")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// Bury removes tombstones.
func (s *Store) Bury(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if _, err := s.w.ExecContext(ctx, "DELETE FROM tombstones WHERE id=?", id); err != nil {
			return err
		}
	}
	return nil
}

// Versions lists the texts of an article, oldest first.
func (s *Store) Versions(ctx context.Context, id string) ([]Version, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT version,observed,title,body,hash FROM versions WHERE article_id=? ORDER BY version", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Version
	for rows.Next() {
		var v Version
		var t int64
		if err := rows.Scan(&v.Version, &t, &v.Title, &v.Body, &v.Hash); err != nil {
			return nil, err
		}
		v.Observed = time.Unix(t, 0).UTC()
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if out == nil {
		return nil, &dateline.NotFoundError{Kind: "article", ID: id}
	}
	return out, nil
}

// Entities lists entities whose name or an alias contains q (all if empty),
// with the number of articles that name them, most named first.
func (s *Store) Entities(ctx context.Context, q string, typ dateline.EntityType, limit int) ([]dateline.EntityCount, error) {
	esc := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q)
	rows, err := s.r.QueryContext(ctx, `SELECT e.id,e.name,e.type,count(*) n FROM entities e JOIN article_entities a ON a.entity_id=e.id
		WHERE (?1='' OR e.type=?1) AND (?2='' OR e.name LIKE '%'||?2||'%' ESCAPE '\' OR e.aliases LIKE '%'||?2||'%' ESCAPE '\')
		GROUP BY e.id ORDER BY n DESC, e.id LIMIT ?3`, string(typ), esc, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []dateline.EntityCount
	for rows.Next() {
		var e dateline.EntityCount
		if err := rows.Scan(&e.ID, &e.Name, &e.Type, &e.Count); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// AllEntities lists every entity that was ever stored.
func (s *Store) AllEntities(ctx context.Context) ([]dateline.Entity, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT id,name,type,wikidata,aliases FROM entities ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []dateline.Entity
	for rows.Next() {
		var e dateline.Entity
		var al string
		if err := rows.Scan(&e.ID, &e.Name, &e.Type, &e.Wikidata, &al); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(al), &e.Aliases); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// Outlets lists the outlets with the number of their articles, most first.
func (s *Store) Outlets(ctx context.Context) ([]dateline.FacetValue, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT a.outlet_id, ifnull(o.name,a.outlet_id), count(*) n FROM articles a LEFT JOIN outlets o ON o.id=a.outlet_id
		GROUP BY a.outlet_id ORDER BY n DESC, a.outlet_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []dateline.FacetValue
	for rows.Next() {
		var f dateline.FacetValue
		if err := rows.Scan(&f.ID, &f.Name, &f.Count); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// Counts are the sizes of the store.
type Counts struct {
	Articles, Pending, Undated, Versions, Entities, Outlets int
}

// Counts counts what is stored.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	err := s.r.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM articles),(SELECT count(*) FROM articles WHERE indexed=0),
		(SELECT count(*) FROM articles WHERE published IS NULL),(SELECT count(*) FROM versions),
		(SELECT count(DISTINCT entity_id) FROM article_entities),(SELECT count(DISTINCT outlet_id) FROM articles)`).
		Scan(&c.Articles, &c.Pending, &c.Undated, &c.Versions, &c.Entities, &c.Outlets)
	return c, err
}

// Progress tells how far the import of a file has come; ok is false if it never began.
func (s *Store) Progress(ctx context.Context, file string) (p Progress, ok bool, err error) {
	p.File = file
	err = s.r.QueryRowContext(ctx, "SELECT hash,size,offset FROM imports WHERE file=?", file).Scan(&p.Hash, &p.Size, &p.Offset)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}
