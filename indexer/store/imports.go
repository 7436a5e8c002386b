package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Progress is how far the import of a file has come.
type Progress struct {
	File   string
	Hash   string
	Size   int64
	Offset int64
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

func putProgress(ctx context.Context, tx *tx, p *Progress) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO imports(file,hash,size,offset,updated) VALUES(?,?,?,?,?)
		ON CONFLICT(file) DO UPDATE SET hash=excluded.hash,size=excluded.size,offset=excluded.offset,updated=excluded.updated`,
		p.File, p.Hash, p.Size, p.Offset, time.Now().Unix())
	return err
}
