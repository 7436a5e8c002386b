package store

import (
	"context"

	"dateline"
)

// PutStories stores the stories that are followed. Those that are no longer
// configured stay, as articles name them.
func (s *Store) PutStories(ctx context.Context, stories []dateline.Story) error {
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, st := range stories {
		_, err := tx.ExecContext(ctx, `INSERT INTO stories(id,title,about,from_time,to_time) VALUES(?,?,?,?,?)
			ON CONFLICT(id) DO UPDATE SET title=excluded.title,about=excluded.about,from_time=excluded.from_time,to_time=excluded.to_time`,
			st.ID, st.Title, st.About, unix(st.From), unix(st.To))
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

func putArticleStories(ctx context.Context, tx *tx, a *dateline.Article) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM article_stories WHERE article_id=?", a.ID); err != nil {
		return err
	}
	for _, id := range a.Stories {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO article_stories(story_id,article_id) VALUES(?,?)", id, a.ID); err != nil {
			return err
		}
	}
	return nil
}
