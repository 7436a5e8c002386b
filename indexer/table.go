package indexer

// table is a hash table of numbers whose keys are elsewhere: in the doc log,
// or in what a number stands for. It takes five bytes a slot where a map from
// strings takes some sixty. Of a key it keeps eight bits of the hash, so who
// looks up compares keys with what is found. Numbers are never taken out; what
// is outdated is told by the sets of live articles.
//
// Slots are probed in a row (linear probing), of five at most four are used.
type table struct {
	slots []uint32 // number + 1; 0 is free
	tags  []uint8
	n     int
}

func (t *table) full() bool { return 5*(t.n+1) > 4*len(t.slots) }

// grow makes the table half as large again, and empty: the caller adds what
// was in it.
func (t *table) grow() {
	n := max(64, len(t.slots)+len(t.slots)/2)
	*t = table{slots: make([]uint32, n), tags: make([]uint8, n)}
}

// each calls fn with the place and the number of what may have this hash,
// until fn says that it is enough, and gives the free place that follows.
func (t *table) each(hash uint64, fn func(at int, number uint32) bool) (free int) {
	if len(t.slots) == 0 {
		return -1
	}
	// The upper half of the hash, spread over the slots, and bits that it has not.
	at, tag := int(hash>>32*uint64(len(t.slots))>>32), uint8(hash)
	for ; t.slots[at] != 0; at++ {
		if t.tags[at] == tag && fn(at, t.slots[at]-1) {
			return at
		}
		if at == len(t.slots)-1 {
			at = -1
		}
	}
	return at
}

// add puts a number in, beside what has the same hash. There is room.
func (t *table) add(hash uint64, number uint32) {
	at := t.each(hash, func(int, uint32) bool { return false })
	t.slots[at], t.tags[at] = number+1, uint8(hash)
	t.n++
}
