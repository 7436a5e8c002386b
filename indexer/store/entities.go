package store

import (
	"context"
	"encoding/json"

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

// putDerived stores which stories an article was found to have, and by which
// names it names its entities. The caller has dropped those it had before.
func putDerived(ctx context.Context, tx *tx, a *dateline.Article, seq int64) error {
	if err := putArticleStories(ctx, tx, a); err != nil {
		return err
	}
	return tx.putNames(ctx, a, seq)
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
