package tagger

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Example is a text with its names marked; names do not overlap.
type Example struct {
	Text  string
	Names []Span
}

// Lists are what features ask beside the text.
type Lists struct {
	// Clusters gives words, in lower case, a coarse and a fine class, each
	// from 1 to 65535.
	Clusters map[string][2]uint16
	// Names gives listed names classes, as bits from 0 to 15.
	Names map[string]uint16
}

// Options say how to learn.
type Options struct {
	Epochs   int
	Runs     int     // how often to learn, in other orders; the model is their mean
	MinCount int     // features seen less often are left out
	Least    float32 // weights nearer to 0 are left out
	Seed     uint64
	Progress func(run, epoch, wrong, words int)
}

// unit is an island of a sentence with its features and its true tags.
type unit struct {
	feats [][]int32
	tags  []int
}

// Learn makes a model by the averaged structured perceptron: each sentence
// is tagged, and where the tags are wrong the weights move towards the true
// ones; the mean of all weights over time is the model. The same input gives
// the same model.
func Learn(data []Example, lists Lists, o Options) *Model {
	m := &Model{lex: lists.compile()}
	units, keys := m.units(data, o.MinCount)
	mean := newLearner(len(keys))
	for run := range max(o.Runs, 1) {
		l := newLearner(len(keys))
		rng := rand.New(rand.NewPCG(o.Seed, uint64(run)))
		for e := range o.Epochs {
			rng.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
			wrong, words := 0, 0
			for i := range units {
				wrong += l.step(&units[i])
				words += len(units[i].tags)
			}
			if o.Progress != nil {
				o.Progress(run+1, e+1, wrong, words)
			}
		}
		l.average()
		mean.add(l, 1/float32(max(o.Runs, 1)))
	}
	m.pack(mean, keys, o.Least)
	return m
}

func (ls Lists) compile() lexicons {
	var words, names []pair
	for w, c := range ls.Clusters {
		words = append(words, pair{hashLower(w), uint32(c[0])<<16 | uint32(c[1])})
	}
	longest := 1
	for n, bits := range ls.Names {
		ws, _ := tokenize(n, nil, nil)
		if len(ws) == 0 || len(ws) > maxName {
			continue
		}
		longest = max(longest, len(ws))
		h := seed
		for _, w := range ws {
			h = mix(h, w.low)
		}
		names = append(names, pair{finish(h), uint32(bits)})
	}
	return lexicons{words: newTable(merge(words)), names: newTable(merge(names)), longest: longest}
}

// merge sorts entries and makes one of those with the same key, so that the
// order of a map leaves no trace.
func merge(ps []pair) []pair {
	slices.SortFunc(ps, func(a, b pair) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.val, b.val)) })
	out := ps[:0]
	for _, p := range ps {
		if n := len(out); n > 0 && out[n-1].key == p.key {
			if out[n-1].val < 1<<16 && p.val < 1<<16 {
				out[n-1].val |= p.val // classes of names
			}
			continue
		}
		out = append(out, p)
	}
	return out
}

// units takes the examples apart, and gives the features that are seen often
// enough.
func (m *Model) units(data []Example, minCount int) (us []unit, keys []uint32) {
	ws := m.workspace()
	var all []unit
	var raw [][][]uint32
	seen := map[uint32]int32{}
	for _, x := range data {
		ws.a.reset()
		for _, st := range ws.a.add(x.Text) {
			ws.islands = ws.a.begin(st, ws.islands[:0])
			for _, is := range ws.islands {
				u := unit{tags: trueTags(ws.a.s[is.from:is.to], x.Names)}
				var fs [][]uint32
				for i := is.from; i < is.to; i++ {
					f := ws.a.features(x.Text, i, nil)
					for _, k := range f {
						seen[k]++
					}
					fs = append(fs, f)
				}
				all, raw = append(all, u), append(raw, fs)
			}
		}
	}
	for k, n := range seen {
		if int(n) >= minCount {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	index := make(map[uint32]int32, len(keys))
	for i, k := range keys {
		index[k] = int32(i)
	}
	for u := range all {
		for _, f := range raw[u] {
			ids := make([]int32, 0, len(f))
			for _, k := range f {
				if i, ok := index[k]; ok {
					ids = append(ids, i)
				}
			}
			all[u].feats = append(all[u].feats, ids)
		}
		raw[u] = nil
	}
	return all, keys
}

// trueTags gives the tags of words by the names that they are in. A name
// that a tag cannot hold, since it leaves the island, is cut.
func trueTags(ws []word, names []Span) []int {
	tags := make([]int, len(ws))
	for _, n := range names {
		from, to := -1, -1
		for i, w := range ws {
			if w.end > n.Start && w.start < n.End {
				if from < 0 {
					from = i
				}
				to = i
			}
		}
		switch {
		case from < 0:
		case from == to:
			tags[from] = tagOf(n.Type, atOnly)
		default:
			for i := from; i <= to; i++ {
				tags[i] = tagOf(n.Type, atMiddle)
			}
			tags[from], tags[to] = tagOf(n.Type, atFirst), tagOf(n.Type, atLast)
		}
	}
	// Names that overlap would leave tags that cannot follow each other.
	prev := 0
	for i, t := range tags {
		if !follows(prev, t) || i == len(tags)-1 && open(t) {
			return make([]int, len(ws))
		}
		prev = t
	}
	return tags
}

// learner holds weights, and their sums over the steps as corrections: the
// mean is w - sum/steps.
type learner struct {
	w, sum         []float32
	trans, transUp [numTags]scores
	steps          float32
	l              lattice
}

func newLearner(features int) *learner {
	return &learner{w: make([]float32, features*numTags), sum: make([]float32, features*numTags)}
}

// add adds a share of another learner's weights.
func (l *learner) add(x *learner, share float32) {
	for i, v := range x.w {
		l.w[i] += v * share
	}
	for a := range x.trans {
		for b, v := range x.trans[a] {
			l.trans[a][b] += v * share
		}
	}
}

// step tags a unit, mends the weights, and gives how many tags were wrong.
func (l *learner) step(u *unit) int {
	l.steps++
	l.l.size(len(u.tags))
	for i, f := range u.feats {
		e := &l.l.emit[i]
		*e = scores{}
		for _, k := range f {
			row := l.w[int(k)*numTags:][:numTags]
			for t := range e {
				e[t] += row[t]
			}
		}
	}
	l.l.best(&l.trans)
	wrong := 0
	pg, pp := 0, 0
	for i, t := range u.tags {
		p := l.l.tags[i]
		if p != t {
			wrong++
			for _, k := range u.feats[i] {
				at := int(k) * numTags
				l.w[at+t]++
				l.w[at+p]--
				l.sum[at+t] += l.steps
				l.sum[at+p] -= l.steps
			}
		}
		if p != t || pp != pg {
			l.moveTrans(pg, t, 1)
			l.moveTrans(pp, p, -1)
		}
		pg, pp = t, p
	}
	if pg != pp {
		l.moveTrans(pg, 0, 1)
		l.moveTrans(pp, 0, -1)
	}
	return wrong
}

func (l *learner) moveTrans(a, b int, d float32) {
	l.trans[a][b] += d
	l.transUp[a][b] += d * l.steps
}

func (l *learner) average() {
	for i := range l.w {
		l.w[i] -= l.sum[i] / l.steps
	}
	for a := range l.trans {
		for b := range l.trans[a] {
			l.trans[a][b] -= l.transUp[a][b] / l.steps
		}
	}
}

// pack makes bytes of the weights and leaves out what is near 0.
func (m *Model) pack(l *learner, keys []uint32, least float32) {
	top := float32(0)
	for _, v := range l.w {
		top = max(top, v, -v)
	}
	m.scale = min(top, 16) / 127
	m.trans = l.trans
	var ps []pair
	for i, k := range keys {
		at := uint32(len(m.w))
		m.w = append(m.w, 0)
		for t, v := range l.w[i*numTags:][:numTags] {
			q := int(math.Round(float64(min(max(v/m.scale, -127), 127))))
			if (v >= least || -v >= least) && q != 0 {
				m.w = append(m.w, uint16(t)<<8|uint16(uint8(int8(q))))
				m.w[at]++
			}
		}
		if m.w[at] == 0 {
			m.w = m.w[:at]
			continue
		}
		ps = append(ps, pair{k, at})
	}
	m.feats = newTable(ps)
}
