package dateline

import "time"

// What an admin can say about an entity.
const (
	ChangeRename = "rename" // it is shown by another name
	ChangeMerge  = "merge"  // it is part of another
	ChangeSplit  = "split"  // it is no longer part of another, or one of its names means another
	ChangeUndo   = "undo"   // the last change that concerns it never was
)

// EntityChange is something that an admin said about an entity. What the
// recogniser found stays as it is: changes are laid over it, one after the
// other, so that each can be taken back.
type EntityChange struct {
	ID       int64      `json:"id"` // they are numbered in their order
	At       time.Time  `json:"at"` // UTC, to the second
	Action   string     `json:"action"`
	Entity   string     `json:"entity"` // the id of whom it is about
	Type     EntityType `json:"type"`
	Into     string     `json:"into,omitempty"`      // merge, and split of a name: the other entity's id
	IntoType EntityType `json:"into_type,omitempty"` // and its type
	Name     string     `json:"name,omitempty"`      // rename: how it is called; split of a name: how a new entity is
	Alias    string     `json:"alias,omitempty"`     // split of a name: which
	Undone   bool       `json:"undone"`              // taken back since
}

// Attested is a name by which articles name an entity: how many of them do,
// and how often all together.
type Attested struct {
	Name     string `json:"name"`
	Articles int    `json:"articles"`
	Mentions int    `json:"mentions"`
}

// EntityInfo is an entity with what the collection says of it.
type EntityInfo struct {
	Entity
	Count int        // articles that name it
	Names []Attested // by which they do, most used first
	Parts []string   // ids of the entities that an admin merged into it
}

// ConflictError is a change that does not fit what is there.
type ConflictError struct{ Message string }

func (e *ConflictError) Error() string { return e.Message }
