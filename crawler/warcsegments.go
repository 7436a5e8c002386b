package crawler

import "strconv"

// segments joins records that a writer has parted: the first, and its
// continuations, each right after the one before.
type segments struct {
	fn     func(Record) error
	parted *Record // nil if no record waits for its next segment
	number int     // of its last segment
}

// join hands a record on, or keeps it until its last segment is there.
func (s *segments) join(rec Record) error {
	n, err := strconv.Atoi(rec.Header.Get("Warc-Segment-Number"))
	if err != nil {
		if err := s.endSegments(); err != nil {
			return err
		}
		return s.fn(rec)
	}
	if p := s.parted; p != nil && n == s.number+1 && rec.Type == "continuation" && rec.Header.Get("Warc-Segment-Origin-Id") == p.Header.Get("Warc-Record-Id") {
		s.number = n
		p.Cut = p.Cut || rec.Cut || len(p.Body)+len(rec.Body) > maxKept
		if !p.Cut {
			p.Body = append(p.Body, rec.Body...)
		}
		if rec.Header.Get("Warc-Segment-Total-Length") == "" {
			return nil
		}
		p.Header.Del("Warc-Segment-Number") // it is whole
		return s.endSegments()
	}
	if err := s.endSegments(); err != nil {
		return err
	}
	if n != 1 || rec.Type == "continuation" {
		rec.Cut = true // its beginning is in another file
		return s.fn(rec)
	}
	s.parted, s.number = &rec, n
	return nil
}

// endSegments hands on the record that waits. Without its last segment it is
// cut.
func (s *segments) endSegments() error {
	rec := s.parted
	if rec == nil {
		return nil
	}
	s.parted = nil
	parted := rec.Header.Get("Warc-Segment-Number")
	rec.Header.Del("Warc-Segment-Number")
	rec.message()
	if parted != "" {
		rec.Header.Set("Warc-Segment-Number", parted)
		rec.shortened()
	}
	return s.fn(*rec)
}
