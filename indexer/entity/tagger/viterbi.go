package tagger

// Tags: 0 is outside; then for each type the first, a middle and the last
// word of a name, and a name of one word.
const (
	numTypes = 4
	numTags  = 1 + 4*numTypes

	atFirst  = 0
	atMiddle = 1
	atLast   = 2
	atOnly   = 3
)

func tagOf(t Type, place int) int { return 1 + 4*int(t) + place }

// open reports whether a name goes on behind the tag.
func open(tag int) bool { return tag > 0 && (tag-1)%4 <= atMiddle }

// follows reports whether tag b may come behind tag a.
func follows(a, b int) bool {
	if open(a) {
		return b > 0 && (b-1)/4 == (a-1)/4 && ((b-1)%4 == atMiddle || (b-1)%4 == atLast)
	}
	return b == 0 || (b-1)%4 == atFirst || (b-1)%4 == atOnly
}

// before and behind list the tags that may stand beside each tag.
var before, behind = func() (b, a [numTags][]int) {
	for x := range numTags {
		for y := range numTags {
			if follows(x, y) {
				b[y] = append(b[y], x)
				a[x] = append(a[x], y)
			}
		}
	}
	return b, a
}()

const never = -1e9

type scores [numTags]float32

// lattice decodes islands; it is kept for its memory.
type lattice struct {
	emit          []scores
	ahead, behind []scores // best score up to and with, and from, each tag
	from          [][numTags]int8
	tags          []int
	margin        []float32
}

func (l *lattice) size(n int) {
	if cap(l.emit) < n {
		l.emit, l.ahead, l.behind = make([]scores, n), make([]scores, n), make([]scores, n)
		l.from, l.tags, l.margin = make([][numTags]int8, n), make([]int, n), make([]float32, n)
	}
	l.emit, l.ahead, l.behind = l.emit[:n], l.ahead[:n], l.behind[:n]
	l.from, l.tags, l.margin = l.from[:n], l.tags[:n], l.margin[:n]
}

// best finds the best tags. An island is outside of names on both sides.
func (l *lattice) best(trans *[numTags]scores) {
	n := len(l.emit)
	for b := range numTags {
		l.ahead[0][b] = never
		if follows(0, b) {
			l.ahead[0][b] = l.emit[0][b] + trans[0][b]
		}
	}
	for i := 1; i < n; i++ {
		p, c := &l.ahead[i-1], &l.ahead[i]
		for b := range numTags {
			top, from := float32(never), 0
			for _, a := range before[b] {
				if s := p[a] + trans[a][b]; s > top {
					top, from = s, a
				}
			}
			c[b] = top + l.emit[i][b]
			l.from[i][b] = int8(from)
		}
	}
	t, top := 0, float32(never)
	for a := range numTags {
		if s := l.ahead[n-1][a] + trans[a][0]; !open(a) && s > top {
			top, t = s, a
		}
	}
	for i := n - 1; i >= 0; i-- {
		l.tags[i] = t
		t = int(l.from[i][t])
	}
}

// margins tells for each word by how much the best tags win over the best
// ones that give this word another tag. It wants best to have run.
func (l *lattice) margins(trans *[numTags]scores) {
	n := len(l.emit)
	for a := range numTags {
		l.behind[n-1][a] = never
		if !open(a) {
			l.behind[n-1][a] = trans[a][0]
		}
	}
	for i := n - 2; i >= 0; i-- {
		for a := range numTags {
			top := float32(never)
			for _, b := range behind[a] {
				if s := l.behind[i+1][b] + l.emit[i+1][b] + trans[a][b]; s > top {
					top = s
				}
			}
			l.behind[i][a] = top
		}
	}
	for i := range n {
		other := float32(never)
		for t := range numTags {
			if s := l.ahead[i][t] + l.behind[i][t]; t != l.tags[i] && s > other {
				other = s
			}
		}
		t := l.tags[i]
		l.margin[i] = l.ahead[i][t] + l.behind[i][t] - other
	}
}
