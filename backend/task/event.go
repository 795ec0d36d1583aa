package task

import (
	"time"

	"easel/backend"
)

// Event is one line of the journal: something that happened to a task. Which of
// the parts below are set depends on the kind.
type Event struct {
	V    int       `json:"v"` // 1
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Kind EventKind `json:"kind"`

	Request  *backend.Request  `json:"request,omitempty"`
	BaseURL  string            `json:"base_url,omitempty"`
	Out      string            `json:"out,omitempty"`
	Home     string            `json:"home,omitempty"`
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

// The kinds that are written to the journal.
const (
	Created   EventKind = "created"   // Request, BaseURL, Out, Home: a person asked for it
	Taken     EventKind = "taken"     // Engine: who carries it out from now on
	Sending   EventKind = "sending"   // BaseURL: on disk before a byte of the submit is sent
	Told      EventKind = "told"      // Snapshot: what the provider said
	Unsent    EventKind = "unsent"    // Error: the submit was surely not accepted, and is sent again
	Refused   EventKind = "refused"   // Error: the submit was answered, and not accepted
	Doubtful  EventKind = "doubtful"  // Error: nobody knows what became of the submit
	Ended     EventKind = "ended"     // Error: the provider does not have the task any more
	Disowned  EventKind = "disowned"  // Error: the provider does not know the ticket that a person gave
	Saved     EventKind = "saved"     // Index, File
	Unsavable EventKind = "unsavable" // Index, Error: a result that cannot be had
	Adopted   EventKind = "adopted"   // Ticket: a person found it at the provider
	Again     EventKind = "again"     // a person wants it sent (again)
	Lost      EventKind = "lost"      // Error: a person gave an unsure task up
	Stopped   EventKind = "stopped"   // Error: a person does not want it any more
	Resumed   EventKind = "resumed"   // a person wants it after all
	Filed     EventKind = "filed"     // its record is in the history
)

// The kinds that count for the engine that has the task: who takes it up begins
// without them. Held, asking and rested are written all the same, so that others
// see what waits for a person.
const (
	Missed  EventKind = "missed"  // Error: a poll, or what comes before a submit, came to nothing
	Absent  EventKind = "absent"  // Error: "not found", or a final status that is not believed yet
	Held    EventKind = "held"    // Error: asking stops until the next start
	Asking  EventKind = "asking"  // the person is asked before it is sent
	Looked  EventKind = "looked"  // a person wants it asked about now
	Unsaved EventKind = "unsaved" // Index, Error: a download failed
	Rested  EventKind = "rested"  // Index, Error: a download failed, and is not tried again by itself
	Retried EventKind = "retried" // a person wants the downloads tried now
)

// Durable says whether an event is written to the journal, and whether it must
// be on disk before anything else happens. t is the task before the event.
func (t Task) Durable(e Event) (write, sync bool) {
	switch e.Kind {
	case Missed, Absent, Looked, Unsaved, Retried:
		return false, false
	case Held, Asking, Rested:
		return true, false
	case Told:
		s := e.Snapshot
		if s == nil {
			return false, false
		}
		news := s.Ticket != "" && t.Ticket == "" || s.State == backend.Failed || s.State == backend.Ready
		for k, v := range s.Kept {
			news = news || t.Kept[k] != v
		}
		// That the provider is at it now is for the screens of other easels.
		return news || s.State == backend.Running && t.State == backend.Queued, news
	case Saved, Filed, Taken:
		// The file is on disk under a name that tells all, the record is in the
		// history, and a lock says who lives: a lost line costs nothing.
		return true, false
	}
	return true, true
}
