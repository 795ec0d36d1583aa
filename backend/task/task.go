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
	Home    string // the library's own folder where the task was made: whoever saves, saves there

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
	Working  time.Time // when the provider last said that it is not done yet
	ReadyAt  time.Time
	Finished time.Time

	// What decides the next step; see Next.
	Engine    string     // the engine that carries it out; "" where the lines do not say
	Taken     bool       // another engine had it before
	InDoubt   bool       // a submit began, and nobody knows yet what became of it
	Adopted   bool       // the ticket is a person's finding, not the provider's answer
	Held      bool       // asking is stopped until the next start (401, 402, 403, no key, another base URL)
	Wanted    time.Time  // when a person said that it is to be sent again
	Asking    bool       // a pending task of an earlier run: the person is asked before it is sent
	Filed     bool       // its record is in the history
	Written   bool       // a record of it is there, perhaps of before it was taken up again
	Sends     int        // submits begun
	Asked     time.Time  // when the last answer to a submit or a poll came
	Misses    int        // submits or polls in a row that came to nothing
	GoneSince time.Time  // since when the provider says in a row that the task is not there, or over
	NotBefore time.Time  // Retry-After
	Fetches   []Download // how the downloads stand, by index
}

// Download is how the download of one result stands.
type Download struct {
	Tries int
	Since time.Time      // when the first try in a row failed
	Last  time.Time      // when the last try failed
	Error *backend.Error // of the last try
	Over  bool           // it cannot be had: trying again is of no use
	Rests bool           // it is not tried again by itself in this run
}

// Idle says whether nothing more happens to the task by itself: it is over, or
// it waits for a person.
func (t Task) Idle() bool {
	step, _ := t.Next(Pace{}, time.Time{})
	return step == Rest && !(t.State == backend.Pending && t.InDoubt)
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
