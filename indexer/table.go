package indexer

// table is a hash table of numbers whose keys are elsewhere: in the doc log,
// or in what a number stands for. It takes five bytes a slot where a map from
// strings takes some sixty. Of a key it keeps eight bits of the hash, so who
// looks up compares keys with what is found. Numbers are never taken out; what
// is outdated is told by the sets of live articles.
//
// Slots are probed in a row (linear probing), of three at most two are used.
type table struct {
	slots []uint32
	tags  []uint8 // of what is in the slot; 0 is free
	n     int
}

func (t *table) full() bool { return 3*(t.n+1) > 2*len(t.slots) }

// grow makes the table half as large again, and empty: the caller adds what
// was in it.
func (t *table) grow() {
	n := max(64, len(t.slots)+len(t.slots)/2)
	*t = table{slots: make([]uint32, n), tags: make([]uint8, n)}
}

// tagOf takes the bits of a hash that its place has not.
func tagOf(hash uint64) uint8 { return max(1, uint8(hash)) }

// each calls fn with the place and the number of what may have this hash,
// until fn says that it is enough, and gives the free place that follows.
// Tags are looked at first, as they are small enough to be near.
func (t *table) each(hash uint64, fn func(at int, number uint32) bool) (free int) {
	if len(t.tags) == 0 {
		return -1
	}
	at, tag := int(hash>>32*uint64(len(t.tags))>>32), tagOf(hash)
	for ; t.tags[at] != 0; at++ {
		if t.tags[at] == tag && fn(at, t.slots[at]) {
			return at
		}
		if at == len(t.tags)-1 {
			at = -1
		}
	}
	return at
}

// add puts a number in, beside what has the same hash. There is room.
func (t *table) add(hash uint64, number uint32) {
	at := t.each(hash, func(int, uint32) bool { return false })
	t.slots[at], t.tags[at] = number, tagOf(hash)
	t.n++
}
