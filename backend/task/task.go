// Package task is what happens to a request over time: the events of a task,
// the task as their sum, and the engine that does the steps between them.
//
// When to ask again, when to give up and what may be sent twice is decided here
// and nowhere else, in the pure functions Apply and Next. How a provider is
// spoken to belongs to backend/recipe, what survives a restart to history.
package task

import (
	"encoding/json"
	"time"

	"easel/backend"
)

// Task is one request and all that became of it: the sum of its events. It is a
// value; whoever holds one may keep it. Its slices and maps are never written
// after they were put in.
type Task struct {
	ID      string // ordered by time, lower case; people see and type the last 6 characters
	Request backend.Request
	BaseURL string // where it was sent; asked nowhere else
	Out     string // the folder that --out named; "" for the library's own

	State    backend.State
	Ticket   string // the provider's id
	Kept     map[string]string
	Progress float64         // 0 to 1; negative when not told
	Images   []backend.Image // what is to be fetched, by index
	Files    []File          // what is saved, by index; a File without a path is not
	Error    *backend.Error  // why it is over, or why it is unsure
	Trouble  *backend.Error  // what went wrong last while it goes on; nil when all is well again
	Cost     *backend.Cost
	Usage    json.RawMessage
	Revised  string
	Trace    string
	Answer   string // the provider's last answer, at most 4 kB, without the key

	Created  time.Time
	Sent     time.Time // when the last submit began
	Accepted time.Time // when the ticket came
	ReadyAt  time.Time
	Finished time.Time

	// What the pace needs; see Next.
	Sends      int       // submits begun
	Asked      time.Time // when the last poll ended
	Misses     int       // polls in a row that failed
	GoneSince  time.Time // since when "not found" is said in a row
	FetchTries int
	FetchSince time.Time // when the first download failed in a row
	NotBefore  time.Time // Retry-After, or a person's pause
	Held       bool      // asking is stopped until the config changes (401, 402, 403, another base URL)
	Asking     bool      // a pending task of an earlier run: the person is asked before it is sent
}

// File is a picture that is saved.
type File struct {
	Path   string `json:"path"` // absolute
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Format string `json:"format"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Short is the part of the id that people see and type: its last 6 characters.
func (t Task) Short() string { return t.ID[max(0, len(t.ID)-6):] }

// Over says whether nothing more will happen by itself: done, failed or
// canceled. An unsure task is not over.
func (t Task) Over() bool {
	return t.State == backend.Done || t.State == backend.Failed || t.State == backend.Canceled
}

// Late is how long a task is asked about as usual before it is shown as late
// and asked about every 5 minutes. The clock alone never makes a task failed.
const Late = 30 * time.Minute

// IsLate says whether a task that the provider accepted takes longer than Late.
func (t Task) IsLate(now time.Time) bool {
	return (t.State == backend.Queued || t.State == backend.Running) &&
		!t.Accepted.IsZero() && now.Sub(t.Accepted) > Late
}

// Record is a task as JSON shows it: a line of history.jsonl, and the objects
// of `easel history --json`, `tasks --json` and `generate --json`. It never
// depends on the language.
type Record struct {
	V          int               `json:"v"` // 1
	ID         string            `json:"id"`
	State      backend.State     `json:"state"`
	Provider   string            `json:"provider"`
	Model      string            `json:"model"`
	Prompt     string            `json:"prompt"`
	Ratio      string            `json:"ratio"`
	Size       string            `json:"size"`
	Count      int               `json:"count"`
	Options    map[string]string `json:"options"`
	References []RecordReference `json:"references"`
	Ticket     string            `json:"ticket"`
	BaseURL    string            `json:"base_url"`
	Files      []File            `json:"files"`
	Error      *RecordError      `json:"error"`
	Cost       *backend.Cost     `json:"cost"`
	Usage      json.RawMessage   `json:"usage"`
	Revised    string            `json:"revised_prompt"`
	Created    time.Time         `json:"created"`
	Finished   time.Time         `json:"finished,omitzero"`

	// Beyond the contract, for the studio: what inspect shows of a task that is
	// over, and how long the provider took.
	Sent   time.Time `json:"sent,omitzero"`
	Ready  time.Time `json:"ready,omitzero"`
	Answer string    `json:"answer,omitempty"`
	URLs   []string  `json:"urls,omitempty"` // of results that are not saved
}

// RecordReference is a reference as JSON shows it.
type RecordReference struct {
	Path   string `json:"path"`
	URL    string `json:"url"`
	Task   string `json:"task"`
	Index  int    `json:"index"`
	SHA256 string `json:"sha256"`
}

// RecordError is an error as JSON shows it.
type RecordError struct {
	Kind    backend.Kind `json:"kind"`
	Message string       `json:"message"`
	HTTP    int          `json:"http"`
	TraceID string       `json:"trace_id"`
}
