package indexer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// maxEntityName bounds a name that an admin gives, in bytes.
const maxEntityName = 200

// ChangeEntity does what an admin says about an entity and gives the change
// as it is kept, and the entity as it is then. When it returns, the change is
// durable, and searches obey it. What is wrong with a change is a
// *dateline.ParamError, *dateline.NotFoundError or *dateline.ConflictError.
//
// c.Entity is the id; c.Type is needed only where entities of several types
// share it. A merge has Into. A split takes the entity out of what it is part
// of, or, with Into and no Alias, takes Into out of it; with an Alias that
// name is from then on another entity: Into, or a new one called Name, of
// IntoType (by default of the same type).
func (x *Index) ChangeEntity(ctx context.Context, c dateline.EntityChange) (dateline.EntityChange, dateline.EntityInfo, error) {
	x.wmu.Lock()
	defer x.wmu.Unlock()
	none := dateline.EntityInfo{}
	v, err := x.view()
	if err != nil {
		return c, none, err
	}
	k, _, ok := x.findEntity(v, c.Entity, c.Type)
	if ok {
		c.Type = k.Type
		err = x.checkChange(v, &c)
	} else {
		err = &dateline.NotFoundError{Kind: "entity", ID: c.Entity}
	}
	v.release()
	if err != nil {
		return c, none, err
	}
	if c.Action == dateline.ChangeUndo {
		last := x.lastChange(k)
		if last == nil {
			return c, none, &dateline.ConflictError{Message: "there is no change of " + c.Entity + " to take back"}
		}
		if err := x.st.UndoChange(context.WithoutCancel(ctx), last.ID); err != nil {
			return c, none, err
		}
		last.Undone = true
		c = *last
	} else {
		if c, err = x.st.PutChange(context.WithoutCancel(ctx), c); err != nil {
			return c, none, err
		}
		x.changed = append(x.changed, c)
	}
	if err := x.obey(context.WithoutCancel(ctx), c); err != nil {
		x.broken = true // what is on disk is right: it is opened again
		x.poke()
		return c, none, fmt.Errorf("change %d is stored, and not shown yet: %w", c.ID, err)
	}
	if v, err = x.view(); err != nil {
		return c, none, err
	}
	defer v.release()
	k, n, _ := x.findEntity(v, c.Entity, c.Type)
	info, err := x.describe(ctx, v, x.over.Load().root(k), n)
	return c, info, err
}

// checkChange completes a change, or says what is wrong with it.
func (x *Index) checkChange(v *view, c *dateline.EntityChange) error {
	o := x.over.Load()
	k := entityKey{Type: c.Type, ID: c.Entity}
	extra := func(given ...string) error {
		for i := 0; i < len(given); i += 2 {
			if given[i+1] != "" {
				return &dateline.ParamError{Param: given[i], Message: "is nothing that " + c.Action + " takes"}
			}
		}
		return nil
	}
	switch c.Action {
	case dateline.ChangeUndo:
		return extra("into", c.Into, "into_type", string(c.IntoType), "name", c.Name, "alias", c.Alias)
	case dateline.ChangeRename:
		if err := extra("into", c.Into, "into_type", string(c.IntoType), "alias", c.Alias); err != nil {
			return err
		}
		c.Entity = o.root(k).ID
		return checkName("name", &c.Name)
	case dateline.ChangeMerge:
		if err := extra("name", c.Name, "alias", c.Alias); err != nil {
			return err
		}
		return x.checkMerge(v, c, k)
	case dateline.ChangeSplit:
		if c.Alias != "" {
			return x.checkAlias(v, c, k)
		}
		if err := extra("name", c.Name, "into_type", string(c.IntoType)); err != nil {
			return err
		}
		return x.checkSplit(c, k)
	}
	return &dateline.ParamError{Param: "action", Message: fmt.Sprintf("%q is none of rename, merge, split, undo", c.Action)}
}

func (x *Index) checkMerge(v *view, c *dateline.EntityChange, k entityKey) error {
	if c.Into == "" {
		return &dateline.ParamError{Param: "into", Message: "is missing: the id of the entity that " + c.Entity + " is part of"}
	}
	o := x.over.Load()
	into, _, ok := x.findEntity(v, c.Into, c.Type)
	if c.IntoType != "" && c.IntoType != c.Type || !ok {
		if other, _, there := x.findEntity(v, c.Into, c.IntoType); there {
			return &dateline.ConflictError{Message: fmt.Sprintf("%s is a %s and %s a %s: only entities of one type are merged", c.Entity, c.Type, c.Into, other.Type)}
		}
		return &dateline.NotFoundError{Kind: "entity", ID: c.Into}
	}
	if p := o.root(k); p != k {
		return &dateline.ConflictError{Message: fmt.Sprintf("%s is part of %s: split it from that first", c.Entity, p.ID)}
	}
	if into = o.root(into); into == k {
		return &dateline.ConflictError{Message: fmt.Sprintf("%s cannot become part of itself", c.Entity)}
	}
	c.Into, c.IntoType = into.ID, into.Type
	return nil
}

func (x *Index) checkSplit(c *dateline.EntityChange, k entityKey) error {
	o := x.over.Load()
	if c.Into != "" { // a part of it is named
		part := entityKey{Type: c.Type, ID: c.Into}
		if o.root(part) != o.root(k) || part == o.root(k) {
			return &dateline.ConflictError{Message: fmt.Sprintf("%s is no part of %s", c.Into, c.Entity)}
		}
		k = part
	}
	p, ok := o.parent[k]
	if !ok {
		return &dateline.ConflictError{Message: fmt.Sprintf("%s is part of nothing; to split off one of its names, say which: alias", k.ID)}
	}
	c.Entity, c.Into, c.IntoType = k.ID, p.ID, p.Type
	return nil
}

func (x *Index) checkAlias(v *view, c *dateline.EntityChange, k entityKey) error {
	if err := checkName("alias", &c.Alias); err != nil {
		return err
	}
	o := x.over.Load()
	k = o.root(k)
	switch c.IntoType {
	case "", dateline.Person, dateline.Organization, dateline.Place:
	default:
		return &dateline.ParamError{Param: "into_type", Message: "must be one of person, organization, place"}
	}
	if (c.Into == "") == (c.Name == "") {
		return &dateline.ParamError{Param: "into", Message: "give either into, the id of an entity that is there, or name, of a new one"}
	}
	var to entityKey
	if c.Into != "" {
		typ := c.IntoType
		found, _, ok := x.findEntity(v, c.Into, typ)
		if typ == "" { // of the same type, if there is one
			if same, _, there := x.findEntity(v, c.Into, k.Type); there {
				found, ok = same, true
			}
		}
		if !ok {
			return &dateline.NotFoundError{Kind: "entity", ID: c.Into}
		}
		to = o.root(found)
	} else {
		if err := checkName("name", &c.Name); err != nil {
			return err
		}
		to = entityKey{Type: c.IntoType, ID: dateline.Slug(c.Name)}
		if to.Type == "" {
			to.Type = k.Type
		}
		if same, _, there := x.findEntity(v, to.ID, to.Type); there {
			return &dateline.ConflictError{Message: fmt.Sprintf("there is an entity %s already: give into instead of name", same.ID)}
		}
	}
	if to == k {
		return &dateline.ConflictError{Message: fmt.Sprintf("%s is that entity already", c.Entity)}
	}
	c.Entity, c.Type, c.Into, c.IntoType = k.ID, k.Type, to.ID, to.Type
	return nil
}

// checkName makes a name one of single spaces, or says what is wrong with it.
func checkName(param string, name *string) error {
	*name = spaced(*name)
	switch {
	case dateline.Slug(*name) == "":
		return &dateline.ParamError{Param: param, Message: "must have letters or digits"}
	case len(*name) > maxEntityName:
		return &dateline.ParamError{Param: param, Message: fmt.Sprintf("is longer than %d bytes", maxEntityName)}
	case !utf8.ValidString(*name) || strings.ContainsFunc(*name, unicode.IsControl):
		return &dateline.ParamError{Param: param, Message: "is not valid UTF-8 text"}
	}
	return nil
}

// concerns tells whether a change is about an entity.
func concerns(c dateline.EntityChange, k entityKey) bool {
	return c.Entity == k.ID && c.Type == k.Type || c.Into == k.ID && c.IntoType == k.Type
}

// lastChange gives the newest change that stands and concerns an entity or the
// whole that it is part of.
func (x *Index) lastChange(k entityKey) *dateline.EntityChange {
	root := x.over.Load().root(k)
	for i := len(x.changed) - 1; i >= 0; i-- {
		if c := &x.changed[i]; !c.Undone && (concerns(*c, k) || concerns(*c, root)) {
			return c
		}
	}
	return nil
}

// EntityChanges lists what admins said about an entity and the whole that it
// is part of, newest first.
func (x *Index) EntityChanges(_ context.Context, id string) ([]dateline.EntityChange, error) {
	x.wmu.Lock()
	defer x.wmu.Unlock()
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	k, _, ok := x.findEntity(v, id, "")
	root := x.over.Load().root(k)
	var out []dateline.EntityChange
	for _, c := range slices.Backward(x.changed) {
		if c.Entity == id || c.Into == id || ok && concerns(c, root) {
			out = append(out, c)
		}
	}
	if out == nil && !ok {
		return nil, &dateline.NotFoundError{Kind: "entity", ID: id}
	}
	return out, nil
}

// obey makes the changes that stand hold in what is searched. last is the one
// that came or went.
func (x *Index) obey(ctx context.Context, last dateline.EntityChange) error {
	was, now := x.over.Load(), newOverlay(x.changed)
	g := x.current()
	if g == nil {
		x.over.Store(now)
		return nil // it is opened with these
	}
	// Whoever changes had an old whole, a short name that becomes clear or
	// doubtful, or a text that is looked at again for its names.
	ords := g.intros.all()
	for _, k := range []entityKey{{Type: last.Type, ID: last.Entity}, {Type: last.IntoType, ID: last.Into}} {
		ords = append(append(ords, g.naming(was.root(k))...), g.naming(now.root(k))...)
	}
	x.over.Store(now)
	if err := g.relabel(ctx, ords); err != nil {
		return err
	}
	var names nameIndex
	names.take(&g.cols.values)
	x.nameEntities(g, &names)
	g.names.become(&names)
	x.attestAll(g)
	if err := g.refresh(); err != nil {
		return err
	}
	x.changes.Add(1)
	return nil
}
