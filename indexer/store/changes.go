package store

import (
	"context"
	"time"

	"dateline"
)

// PutChange stores what an admin said about an entity, durably, and gives it
// with its number and time.
func (s *Store) PutChange(ctx context.Context, c dateline.EntityChange) (dateline.EntityChange, error) {
	c.At = time.Now().UTC().Truncate(time.Second)
	r, err := s.w.ExecContext(ctx, "INSERT INTO entity_changes(at,action,type,entity_id,into_type,into_id,name,alias) VALUES(?,?,?,?,?,?,?,?)",
		c.At.Unix(), c.Action, string(c.Type), c.Entity, string(c.IntoType), c.Into, c.Name, c.Alias)
	if err != nil {
		return c, err
	}
	c.ID, err = r.LastInsertId()
	return c, err
}

// UndoChange notes that a change is taken back.
func (s *Store) UndoChange(ctx context.Context, id int64) error {
	_, err := s.w.ExecContext(ctx, "UPDATE entity_changes SET undone=? WHERE id=? AND undone IS NULL", time.Now().Unix(), id)
	return err
}

// Changes lists all changes in their order, those taken back too.
func (s *Store) Changes(ctx context.Context) ([]dateline.EntityChange, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT id,at,action,type,entity_id,into_type,into_id,name,alias,undone IS NOT NULL FROM entity_changes ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []dateline.EntityChange
	for rows.Next() {
		var c dateline.EntityChange
		var at int64
		if err := rows.Scan(&c.ID, &at, &c.Action, &c.Type, &c.Entity, &c.IntoType, &c.Into, &c.Name, &c.Alias, &c.Undone); err != nil {
			return nil, err
		}
		c.At = time.Unix(at, 0).UTC()
		out = append(out, c)
	}
	return out, rows.Err()
}
