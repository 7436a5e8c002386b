package crawler

import "hash/maphash"

// seenCache knows what was entered lately, so that a feed that names the same
// fifty articles at each poll costs no fifty writes. It forgets the older
// half when it is full; what it does not know is looked up in the frontier.
type seenCache struct {
	seed     maphash.Seed
	now, old map[uint64]struct{}
}

// seenMax is the number of entries of one half: some megabytes.
const seenMax = 1 << 16

func newSeenCache() *seenCache {
	s := &seenCache{seed: maphash.MakeSeed()}
	s.clear()
	return s
}

func (s *seenCache) clear() {
	s.now, s.old = map[uint64]struct{}{}, nil
}

func (s *seenCache) key(url, story string) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	_, _ = h.WriteString(url)
	_ = h.WriteByte(0)
	_, _ = h.WriteString(story)
	return h.Sum64()
}

func (s *seenCache) has(k uint64) bool {
	if _, ok := s.now[k]; ok {
		return true
	}
	_, ok := s.old[k]
	return ok
}

func (s *seenCache) add(k uint64) {
	if len(s.now) >= seenMax {
		s.now, s.old = map[uint64]struct{}{}, s.now
	}
	s.now[k] = struct{}{}
}
