package store

import (
	"context"
	"encoding/json"
	"strings"

	"dateline"
)

// putEntity stores what is known of an entity beside its name.
func putEntity(ctx context.Context, tx *tx, e dateline.Entity) error {
	al, err := json.Marshal(e.Aliases)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO entities(id,name,type,wikidata,aliases) VALUES(?,?,?,?,?)
		ON CONFLICT(id) DO UPDATE SET name=excluded.name,type=excluded.type,wikidata=excluded.wikidata,aliases=excluded.aliases`,
		e.ID, e.Name, string(e.Type), e.Wikidata, string(al))
	return err
}

// putDerived stores which entities and stories an article was found to have.
func putDerived(ctx context.Context, tx *tx, a *dateline.Article) error {
	if err := putArticleStories(ctx, tx, a); err != nil {
		return err
	}
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

// Described lists the entities of which more is known than a name and a type:
// other names, or a Wikidata item.
func (s *Store) Described(ctx context.Context) ([]dateline.Entity, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT id,name,type,wikidata,aliases FROM entities WHERE aliases NOT IN ('[]','null') OR wikidata<>'' ORDER BY id")
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
