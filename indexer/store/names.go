package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"

	"dateline"
)

// By which names entities are named is a table that grows with the articles:
// names has each entity with each text that was found to mean it, and
// article_names how often an article has it, in its title, and in its lead.
// Two views read it: article_entities, how much an article is about an entity,
// and entity_names, which has each name by story and day (UTC; an article
// without a date has none). They are sums over the articles that are there,
// so they are right whatever was edited or deleted, and whatever came first.
//
// All is as the recogniser saw it in one article: what other articles and an
// admin say (see Change) is laid over it when it is read.

// leadBytes bounds the lead of an article, which ends with the first paragraph
// that ends behind minLead: a place and a date alone are no lead.
const (
	minLead   = 120
	leadBytes = 600
)

// LeadEnd gives where the lead of a body ends: a byte offset.
func LeadEnd(body string) int {
	if len(body) <= minLead {
		return len(body)
	}
	end := min(len(body), leadBytes)
	if i := strings.Index(body[minLead:end], "\n"); i >= 0 {
		end = minLead + i
	}
	return end
}

// Salience is how much an article is about an entity: mentions in all, and how
// many of them are in its title and in its lead.
type Salience struct{ Count, Title, Lead int }

// EntityKey names an entity: people, organizations and places may share ids.
type EntityKey struct {
	Type dateline.EntityType
	ID   string
}

// entityName is an entity by one of its names.
type entityName struct {
	EntityKey
	name string
}

// namesOf gives by which names an article names its entities. An entity that
// came with the article and is not found in its text is named by its name.
func namesOf(a *dateline.Article) map[entityName]Salience {
	out := make(map[entityName]Salience, len(a.Entities))
	there := make(map[EntityKey]bool, len(a.Entities))
	for _, e := range a.Entities {
		there[EntityKey{e.Type, e.ID}] = true
	}
	lead := LeadEnd(a.Body)
	named := make(map[EntityKey]bool, len(a.Entities))
	for _, m := range a.Mentions {
		e := EntityKey{m.Type, m.EntityID}
		if !there[e] || m.Text == "" {
			continue
		}
		named[e] = true
		k := entityName{e, spaced(m.Text)}
		s := out[k]
		s.Count++
		switch {
		case m.InTitle:
			s.Title++
		case m.Start < lead:
			s.Lead++
		}
		out[k] = s
	}
	for _, e := range a.Entities {
		if k := (EntityKey{e.Type, e.ID}); !named[k] {
			out[entityName{k, spaced(e.Name)}] = Salience{Count: e.Count}
		}
	}
	return out
}

// spaced gives a text with single spaces, as a name may stand in two lines.
func spaced(s string) string {
	if !strings.ContainsAny(s, "\n\t") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// articleName is a row of article_names.
type articleName struct {
	article, name int64
	Salience
}

// maxNames bounds how many names are remembered by their numbers.
const maxNames = 1 << 18

// nameNumbers remembers the numbers of names, as looking each of them up was
// most of the cost of storing an article.
type nameNumbers map[entityName]int64

// putNames notes the names of an article; they are written by flushNames.
func (t *tx) putNames(ctx context.Context, a *dateline.Article, seq int64) error {
	for k, s := range namesOf(a) {
		n, err := t.nameNumber(ctx, k, a)
		if err != nil {
			return err
		}
		t.rows = append(t.rows, articleName{seq, n, s})
	}
	return nil
}

// nameNumber gives the number of a name, and takes one that is new.
func (t *tx) nameNumber(ctx context.Context, k entityName, a *dateline.Article) (int64, error) {
	if n, ok := t.known[k]; ok {
		return n, nil
	}
	if n, ok := t.fresh[k]; ok {
		return n, nil
	}
	var n int64
	err := t.QueryRowContext(ctx, "SELECT id FROM names WHERE entity_id=? AND type=? AND name=?", k.ID, string(k.Type), k.name).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.QueryRowContext(ctx, "INSERT INTO names(entity_id,type,name,key) VALUES(?,?,?,?) RETURNING id", k.ID, string(k.Type), k.name, NameKey(k.name)).Scan(&n)
		if i := slices.IndexFunc(a.Entities, func(e dateline.EntityCount) bool { return e.ID == k.ID }); err == nil && i >= 0 {
			_, err = t.ExecContext(ctx, "INSERT INTO entities(id,name,type) VALUES(?,?,?) ON CONFLICT(id) DO NOTHING", k.ID, a.Entities[i].Name, string(k.Type))
		}
	}
	if err == nil {
		t.fresh[k] = n
	}
	return n, err
}

// NameKey is by what a name is looked up: its letters and digits in lower case.
func NameKey(name string) string { return dateline.Slug(name) }

// dropNames takes out the names of a change of an article, written or not.
func (t *tx) dropNames(ctx context.Context, seq int64) error {
	t.rows = slices.DeleteFunc(t.rows, func(r articleName) bool { return r.article == seq })
	_, err := t.ExecContext(ctx, "DELETE FROM article_names WHERE article=?", seq)
	return err
}

// rowsAtOnce rows are written by one statement: a call costs more than a row.
const rowsAtOnce = 64

var (
	insertName  = "INSERT INTO article_names(article,name,count,title,lead) VALUES(?,?,?,?,?)"
	insertNames = insertName + strings.Repeat(",(?,?,?,?,?)", rowsAtOnce-1)
)

// flushNames writes the rows, in the order of the table, as that is where most
// come to its end.
func (t *tx) flushNames(ctx context.Context) error {
	slices.SortFunc(t.rows, func(a, b articleName) int {
		if a.article != b.article {
			return int(a.article - b.article)
		}
		return int(a.name - b.name)
	})
	args := make([]any, 0, 5*rowsAtOnce)
	for part := range slices.Chunk(t.rows, rowsAtOnce) {
		args = args[:0]
		for _, r := range part {
			args = append(args, r.article, r.name, r.Count, r.Title, r.Lead)
		}
		if len(part) == rowsAtOnce {
			if _, err := t.ExecContext(ctx, insertNames, args...); err != nil {
				return err
			}
			continue
		}
		for i := range part {
			if _, err := t.ExecContext(ctx, insertName, args[5*i:5*i+5]...); err != nil {
				return err
			}
		}
	}
	t.rows = nil
	return nil
}

// commit writes the names and commits. What it learnt of their numbers is kept
// for the next transaction.
func (s *Store) commit(ctx context.Context, t *tx) error {
	if err := t.flushNames(ctx); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.numbers)+len(t.fresh) > maxNames {
		s.numbers = nil
	}
	if s.numbers == nil {
		s.numbers = nameNumbers{}
	}
	maps.Copy(s.numbers, t.fresh)
	return nil
}

// fillNames derives the names of all articles of a store that had none.
func fillNames(ctx context.Context, t *tx) error {
	for after := int64(0); ; {
		l, err := scanAll(t.QueryContext(ctx, "SELECT "+columns+" FROM articles WHERE seq>? ORDER BY seq LIMIT 200", after))
		if err != nil || len(l) == 0 {
			return err
		}
		for _, st := range l {
			if err := t.putNames(ctx, st.Article, st.Seq); err != nil {
				return err
			}
			after = st.Seq
		}
		if err := t.flushNames(ctx); err != nil {
			return err
		}
	}
}

// Tidy forgets names that no article has any more.
func (s *Store) Tidy(ctx context.Context) error {
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, q := range []string{
		"DELETE FROM names WHERE id NOT IN (SELECT name FROM article_names)",
		"DELETE FROM entities WHERE aliases IN ('[]','null') AND wikidata='' AND id NOT IN (SELECT entity_id FROM names)",
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	if err := s.commit(ctx, tx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numbers = nil
	return nil
}

// NameCount is a name with the articles that have it for an entity, and how
// often all of them do.
type NameCount struct {
	EntityKey
	Name               string
	Articles, Mentions int
}

// Names lists by which names an entity is named, as recognised, most used
// first, then by name.
func (s *Store) Names(ctx context.Context, k EntityKey) ([]NameCount, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT n.name, count(*) c, sum(m.count) FROM names n JOIN article_names m ON m.name=n.id
		WHERE n.entity_id=? AND n.type=? GROUP BY n.id ORDER BY c DESC, n.name`, k.ID, string(k.Type))
	if err != nil {
		return nil, err
	}
	return scanNames(rows, k)
}

// NamedIn is Names of some articles only: those whose last changes are seqs.
func (s *Store) NamedIn(ctx context.Context, k EntityKey, seqs []int64) ([]NameCount, error) {
	at := map[string]int{}
	var out []NameCount
	for part := range slices.Chunk(seqs, 500) {
		args := []any{k.ID, string(k.Type)}
		for _, q := range part {
			args = append(args, q)
		}
		rows, err := s.r.QueryContext(ctx, `SELECT n.name, count(*), sum(m.count) FROM names n JOIN article_names m ON m.name=n.id
			WHERE n.entity_id=? AND n.type=? AND m.article IN (?`+strings.Repeat(",?", len(part)-1)+`) GROUP BY n.id ORDER BY n.name`, args...)
		if err != nil {
			return nil, err
		}
		l, err := scanNames(rows, k)
		if err != nil {
			return nil, err
		}
		for _, c := range l {
			i, ok := at[c.Name]
			if !ok {
				i = len(out)
				at[c.Name] = i
				out = append(out, NameCount{EntityKey: k, Name: c.Name})
			}
			out[i].Articles += c.Articles
			out[i].Mentions += c.Mentions
		}
	}
	return out, nil
}

func scanNames(rows *sql.Rows, k EntityKey) ([]NameCount, error) {
	defer rows.Close()
	var out []NameCount
	for rows.Next() {
		c := NameCount{EntityKey: k}
		if err := rows.Scan(&c.Name, &c.Articles, &c.Mentions); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// NamedBy lists the entities that articles name by a name, as recognised, at
// most so many, those first that most do; case and punctuation do not matter.
func (s *Store) NamedBy(ctx context.Context, name string, most int) ([]EntityKey, error) {
	key := NameKey(name)
	if key == "" {
		return nil, nil
	}
	rows, err := s.r.QueryContext(ctx, `SELECT n.type, n.entity_id FROM names n JOIN article_names m ON m.name=n.id WHERE n.key=?
		GROUP BY n.entity_id, n.type ORDER BY count(*) DESC, n.entity_id, n.type LIMIT ?`, key, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []EntityKey
	for rows.Next() {
		var k EntityKey
		if err := rows.Scan(&k.Type, &k.ID); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, rows.Err()
}
