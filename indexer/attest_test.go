package indexer

import (
	"math/rand/v2"
	"slices"
	"testing"

	"dateline"
)

func TestLongest(t *testing.T) {
	type names map[string]int32
	for _, tc := range []struct {
		name string
		in   names
		docs int32
		want string
	}{
		{"nobody", nil, 0, ""},
		{"one name", names{"Ann Lee": 5}, 5, "Ann Lee"},
		{"the longest that is attested", names{"Acme": 40, "Acme Holdings": 10}, 50, "Acme Holdings"},
		{"in one article only", names{"Acme": 9, "Acmee Holdings": 1}, 10, "Acme"},
		{"in less than one in ten", names{"Acme": 95, "Acme of the North": 5}, 100, "Acme"},
		{"a cry", names{"ACME HOLDINGS LTD": 6, "Acme Ltd": 4}, 10, "Acme Ltd"},
		{"an acronym is no cry", names{"NATO": 3}, 3, "NATO"},
		{"nothing is attested well", names{"Bo Li": 1, "Bo Lee": 1}, 2, "Bo Lee"},
		{"as long", names{"Jon Doe": 3, "Jan Doe": 4}, 7, "Jan Doe"},
		{"as long and as frequent", names{"Jon Doe": 3, "Jan Doe": 3}, 6, "Jan Doe"},
	} {
		var l []candidate
		for n, c := range tc.in {
			l = append(l, candidate{n, c})
		}
		if got := longest(l, tc.docs); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestShortNames(t *testing.T) {
	for _, tc := range []struct {
		typ  dateline.EntityType
		name string
		want []string
	}{
		{dateline.Person, "Rudd", []string{"prudd"}},
		{dateline.Person, "Kevin Rudd", nil},
		{dateline.Person, "Xi·Li", nil},
		{dateline.Person, "LBJ", []string{"plbj", "aLBJ"}},
		{dateline.Organization, "CFIUS", []string{"aCFIUS", "iCFIUS"}},
		{dateline.Organization, "C.F.S.", []string{"aCFS", "iCFS"}},
		{dateline.Organization, "Cfs", nil},
		{dateline.Organization, "PALAZZOS", nil},
		{dateline.Organization, "A", nil},
		{dateline.Place, "ASPI", []string{"aASPI"}},
	} {
		if got := shortNames(tc.typ, tc.name); !slices.Equal(got, tc.want) {
			t.Errorf("%s %q: %q, want %q", tc.typ, tc.name, got, tc.want)
		}
	}
	for _, tc := range []struct {
		typ  dateline.EntityType
		name string
		also []string
		want []string
	}{
		{dateline.Person, "Kevin Rudd", nil, []string{"prudd"}},
		{dateline.Person, "Sammy Davis Jr.", nil, []string{"pdavis"}},
		{dateline.Person, "Rudd", nil, nil},
		{dateline.Organization, "Committee on Foreign Ships", nil, []string{"iCFS"}},
		{dateline.Organization, "Port Authority", []string{"P.A.", "Port Authority Inc"}, []string{"aPA"}},
		{dateline.Organization, "Acme", []string{"AC"}, nil},
		{dateline.Place, "New Port City", nil, nil},
	} {
		if got := introduced(tc.typ, tc.name, tc.also); !slices.Equal(got, tc.want) {
			t.Errorf("%s %q introduces %q, want %q", tc.typ, tc.name, got, tc.want)
		}
	}
}

// TestIntroductionsForget: what is added and taken away leaves what was there.
func TestIntroductionsForget(t *testing.T) {
	type article struct {
		who []namedIn
		day int32
	}
	rng := rand.New(rand.NewPCG(1, 2))
	o := newOverlay(nil)
	key := func(name string) entityKey { return entityKey{Type: dateline.Person, ID: dateline.Slug(name)} }
	random := func() article {
		a := article{day: int32(rng.IntN(60))}
		for range 1 + rng.IntN(2) {
			n := []string{"Ann Lee", "Bo Lee", "Lee", "Cy Fox", "Fox"}[rng.IntN(5)]
			a.who = append(a.who, namedIn{entityKey: key(n), name: n})
		}
		return a
	}
	for range 50 {
		in, want := newIntroductions(), newIntroductions()
		for n := range 30 {
			a := random()
			in.add(a.who, []string{"s"}, a.day, uint32(n), 1)
			if rng.IntN(2) == 0 {
				in.add(a.who, []string{"s"}, a.day, uint32(n), -1)
			} else {
				want.add(a.who, []string{"s"}, a.day, uint32(n), 1)
			}
		}
		for _, name := range []string{"Lee", "Fox"} {
			for day := range int32(80) {
				got, ok := in.means(o, key(name), name, []string{"s"}, day)
				exp, expOK := want.means(o, key(name), name, []string{"s"}, day)
				if ok != expOK || ok && got != exp {
					t.Fatalf("%s on day %d: %v %v, want %v %v", name, day, got, ok, exp, expOK)
				}
			}
			if _, ok := in.means(o, key(name), name, []string{"another"}, 5); ok {
				t.Fatalf("%s means somebody in another story", name)
			}
		}
	}
}

// TestOverlay looks at changes that meet each other.
func TestOverlay(t *testing.T) {
	const org = dateline.Organization
	k := func(id string) entityKey { return entityKey{Type: org, ID: id} }
	merge := func(a, b string) dateline.EntityChange {
		return dateline.EntityChange{Action: dateline.ChangeMerge, Entity: a, Type: org, Into: b, IntoType: org}
	}
	split := func(a string) dateline.EntityChange {
		return dateline.EntityChange{Action: dateline.ChangeSplit, Entity: a, Type: org}
	}
	alias := func(a, name, b string) dateline.EntityChange {
		return dateline.EntityChange{Action: dateline.ChangeSplit, Entity: a, Type: org, Alias: name, Into: b, IntoType: org}
	}
	for _, tc := range []struct {
		name    string
		changes []dateline.EntityChange
		id, as  string
		want    string
	}{
		{"nothing", nil, "a", "A", "a"},
		{"a part of a part", []dateline.EntityChange{merge("a", "b"), merge("b", "c")}, "a", "A", "c"},
		{"taken out of the middle", []dateline.EntityChange{merge("a", "b"), merge("b", "c"), split("b")}, "a", "A", "b"},
		{"a ring is not closed", []dateline.EntityChange{merge("a", "b"), merge("b", "a")}, "b", "B", "b"},
		{"only one whole", []dateline.EntityChange{merge("a", "b"), merge("a", "c")}, "a", "A", "b"},
		{"a name", []dateline.EntityChange{alias("a", "The A.", "x")}, "a", "the a", "x"},
		{"another name", []dateline.EntityChange{alias("a", "The A.", "x")}, "a", "A", "a"},
		{"a name of a part", []dateline.EntityChange{merge("a", "b"), alias("b", "A", "x")}, "a", "A", "x"},
		{"a name of what was a part", []dateline.EntityChange{merge("a", "b"), alias("b", "A", "x"), split("a")}, "a", "A", "a"},
		{"a name goes back by a merge", []dateline.EntityChange{alias("a", "A", "x"), merge("x", "a")}, "a", "A", "a"},
		{"a name to a part of another", []dateline.EntityChange{merge("x", "y"), alias("a", "A", "x")}, "a", "A", "y"},
		{"two names in turn", []dateline.EntityChange{alias("a", "N", "b"), alias("b", "N", "a")}, "a", "N", "a"},
	} {
		o := newOverlay(tc.changes)
		if got := o.mention(k(tc.id), tc.as); got != k(tc.want) {
			t.Errorf("%s: %s, want %s", tc.name, got.ID, tc.want)
		}
		for i := range tc.changes {
			tc.changes[i].Undone = true
		}
		if got := newOverlay(tc.changes).mention(k(tc.id), tc.as); got != k(tc.id) {
			t.Errorf("%s, all taken back: %s, want %s", tc.name, got.ID, tc.id)
		}
	}
}
