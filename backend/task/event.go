package task

import (
	"time"

	"easel/backend"
)

// Event is one line of the journal.
type Event struct {
	V    int       `json:"v"` // 1
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Kind EventKind `json:"kind"`

	Request  *backend.Request  `json:"request,omitempty"`
	BaseURL  string            `json:"base_url,omitempty"`
	Out      string            `json:"out,omitempty"`
	Snapshot *backend.Snapshot `json:"snapshot,omitempty"`
	Error    *backend.Error    `json:"error,omitempty"`
	Index    int               `json:"index,omitempty"`
	File     *File             `json:"file,omitempty"`
	Ticket   string            `json:"ticket,omitempty"`
	Engine   string            `json:"engine,omitempty"`
}

// EventKind says what happened. A kind that is not known, from a newer version,
// passes without effect.
type EventKind string
