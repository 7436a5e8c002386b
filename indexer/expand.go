package indexer

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"dateline"
	"dateline/indexer/store"
)

// A word of a query, or words side by side, that are the name or an alias of an
// entity also find the articles that name the entity by another name; those
// that are the name of an outlet, what it published; and a word that has
// synonyms also finds those. It is done on the tree, before it is evaluated:
// words in quotation marks and words that count against an article stay as
// they are. The answer tells what was added.

// maxNameWords bounds how many words of a query are tried as one name.
const maxNameWords = 5

// synonyms maps a folded word or phrase to the others of its group.
type synonyms map[string][]string

// maxSynonyms bounds a group, and so what one word of a query may become.
const maxSynonyms = 32

// ReadSynonyms reads groups of words or phrases of one meaning: one group a
// line, parted by commas; "#" begins a comment. Errors tell the line.
func ReadSynonyms(r io.Reader) (map[string][]string, error) {
	out := synonyms{}
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line, _, _ := strings.Cut(sc.Text(), "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		var group []string
		for w := range strings.SplitSeq(line, ",") {
			if w = strings.TrimSpace(w); len(analyze(otherLang, w)) > 0 && !slices.Contains(group, w) {
				group = append(group, w)
			}
		}
		if len(group) < 2 || len(group) > maxSynonyms {
			return nil, fmt.Errorf("line %d: %d words, want 2 to %d parted by commas", n, len(group), maxSynonyms)
		}
		for i, w := range group {
			others := slices.Concat(group[:i:i], group[i+1:])
			for _, o := range others {
				if key := fold(w); !slices.Contains(out[key], o) {
					out[key] = append(out[key], o)
				}
			}
		}
	}
	return out, sc.Err()
}

// expand gives the tree with what its words also mean, and what that is.
func (x *Index) expand(n dateline.Node) (dateline.Node, []dateline.Expansion) {
	var found []dateline.Expansion
	note := func(e dateline.Expansion) {
		if !slices.Contains(found, e) {
			found = append(found, e)
		}
	}
	// named gives what has this name, as nodes.
	named := func(text string) (alt []dateline.Node) {
		for _, f := range filterFields {
			for _, id := range x.namedBy(f, text) {
				alt = append(alt, &dateline.FieldTerm{Field: f, Value: id})
				e, _ := x.entity(fieldIndex(f), id)
				note(dateline.Expansion{Text: text, ID: id, Name: e.Name, Type: string(e.Type)})
			}
		}
		for _, id := range x.outletsNamed(text) {
			alt = append(alt, &dateline.FieldTerm{Field: dateline.FieldOutlet, Value: id})
			note(dateline.Expansion{Text: text, ID: id, Name: x.outletName(id), Type: dateline.FieldOutlet})
		}
		return alt
	}
	var walk func(dateline.Node) dateline.Node
	list := func(l []dateline.Node) []dateline.Node {
		out := make([]dateline.Node, len(l))
		for i, c := range l {
			out[i] = walk(c)
		}
		return out
	}
	walk = func(n dateline.Node) dateline.Node {
		switch n := n.(type) {
		case *dateline.And:
			var out []dateline.Node
			for at := 0; at < len(n.Nodes); {
				words, alt := min(rowOf(n.Nodes[at:]), maxNameWords), []dateline.Node(nil)
				for ; words > 1; words-- {
					if alt = named(textOf(n.Nodes[at : at+words])); alt != nil {
						break
					}
				}
				if alt == nil {
					out = append(out, walk(n.Nodes[at]))
					at++
					continue
				}
				alt = append([]dateline.Node{&dateline.And{Nodes: list(n.Nodes[at : at+words])}}, alt...)
				out = append(out, &dateline.Or{Nodes: alt})
				at += words
			}
			if len(out) == 1 {
				return out[0]
			}
			return &dateline.And{Nodes: out}
		case *dateline.Or:
			return &dateline.Or{Nodes: list(n.Nodes)}
		case *dateline.Term:
			if n.Field != "" {
				return n
			}
			alt := append([]dateline.Node{n}, named(n.Text)...)
			for _, s := range x.o.Synonyms[fold(n.Text)] {
				alt = append(alt, &dateline.Phrase{Text: s})
				note(dateline.Expansion{Text: n.Text, Name: s})
			}
			if len(alt) > 1 {
				return &dateline.Or{Nodes: alt}
			}
		}
		return n
	}
	return walk(n), found
}

// rowOf gives how many words without a field a list begins with.
func rowOf(l []dateline.Node) int {
	for i, c := range l {
		if t, ok := c.(*dateline.Term); !ok || t.Field != "" {
			return i
		}
	}
	return len(l)
}

func textOf(terms []dateline.Node) string {
	var out []string
	for _, c := range terms {
		out = append(out, c.(*dateline.Term).Text)
	}
	return strings.Join(out, " ")
}

// outletsNamed gives the outlets with articles that have this id or name.
func (x *Index) outletsNamed(text string) []string {
	d := &x.dicts()[fieldIndex(dateline.FieldOutlet)]
	return slices.DeleteFunc(x.resolve(dateline.FieldOutlet, text), func(id string) bool {
		_, ok := d.lookup(id)
		return !ok
	})
}

// outletName is the name of an outlet, or its id.
func (x *Index) outletName(id string) string {
	v, err := x.view()
	if err != nil {
		return id
	}
	defer v.release()
	f := fieldIndex(dateline.FieldOutlet)
	if o, ok := v.dicts[f].lookup(id); ok && int(o) < len(v.values[f]) {
		return x.nameOf(f, v.values[f][o])
	}
	return id
}

// namedBy gives the known entities of a field's type that have exactly this
// name or alias.
func (x *Index) namedBy(field, text string) []string {
	t := entityType(field)
	if t == "" {
		return nil
	}
	o := x.over.Load()
	var out []string
	take := func(id string) {
		if k := o.mention(entityKey{Type: t, ID: id}, text); k.Type == t && !slices.Contains(out, k.ID) {
			out = append(out, k.ID)
		}
	}
	if x.o.Recognizer != nil {
		if e, ok := x.o.Recognizer.Lookup(text, t); ok {
			if _, ok := x.entity(fieldIndex(field), o.root(entityKey{Type: t, ID: e.ID}).ID); ok {
				take(e.ID)
			}
		}
	}
	for _, id := range x.dicts()[fieldIndex(field)].named(fold(strings.TrimSpace(text))) {
		if e, ok := x.known(id); ok && len(e.Aliases) > 0 {
			take(id)
		}
	}
	for _, k := range o.called[store.NameKey(text)] {
		if k.Type == t && !slices.Contains(out, k.ID) {
			out = append(out, k.ID)
		}
	}
	return out
}
