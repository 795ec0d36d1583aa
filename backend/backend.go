// Package backend is the vocabulary of easel: what may be asked of a provider
// of AI images, how a request and an answer look, and what can go wrong.
//
// It belongs here if every provider must get it right: the check of a request,
// the kinds of errors, the cleaning of foreign text. It does not belong here if
// it knows one provider by name, opens a socket, or remembers anything: see
// backend/recipe, backend/wire and backend/task.
package backend

import (
	"context"
	"encoding/json"
	"io"
	"time"
)

// Driver speaks one provider's protocol. It does not validate, retry, sleep,
// log or remember; that is done once, for all of them.
type Driver interface {
	// Submit sends a request. It calls told for every snapshot that it sees, in
	// order; the call with the first ticket returns when that is on disk, and an
	// error of told ends the submit. One of the snapshots may already be Ready or
	// Failed. An error is always an *Error whose Fate says what became of the
	// request.
	Submit(ctx context.Context, m Model, r Request, told func(Snapshot) error) error

	// Poll asks how the jobs stand: one job, or as many as the provider takes in
	// one request (Provider.Batch). The answer is by ticket; a ticket that the
	// provider does not know is missing from the map if others are there, and an
	// *Error of kind Gone if it was asked for alone. An answer that is not 2xx but
	// names the job and a final status (grsai's 400) is a Failed snapshot whose
	// Reason has that HTTP status: it is not believed at once.
	Poll(ctx context.Context, jobs ...Job) (map[string]Snapshot, error)

	// Fetch writes the bytes of a result to w. It follows redirects, sends no
	// key to another host than the provider's, and stops with an *Error at
	// MaxPicture bytes.
	Fetch(ctx context.Context, i Image, w io.Writer) error
}

// Shower is a Driver that can tell what it would send, for people who want to
// see it: a curl command with the key as a variable.
type Shower interface {
	Curl(m Model, r Request) (string, error)
}

// Canceler is a Driver that can stop a job at the provider.
type Canceler interface {
	Cancel(ctx context.Context, j Job) error
}

// Finder is a Driver that can list jobs by the time of their submit: how a task
// is found again whose submit had no answer.
type Finder interface {
	Find(ctx context.Context, m Model, from, to time.Time) ([]Found, error)
}

// Found is a job that a Finder listed.
type Found struct {
	Ticket  string
	Prompt  string
	Created time.Time
}

// Balancer is a Driver that can ask what is left in the account.
type Balancer interface {
	Balance(ctx context.Context) (Cost, error)
}

// MaxPicture is the most that a result may weigh, in bytes. One that goes on is
// endless, and its download is over.
const MaxPicture = 64 << 20

// Job is work at a provider: the model (haoee wants it in a header of every
// poll), the provider's own id as a person would paste it, and what the answer
// to the submit named for later steps (fal's status_url).
type Job struct {
	Model, Ticket string
	Kept          map[string]string
}

// State says how far a task is. A Driver's snapshots use Queued, Running, Ready
// and Failed; the others are about what easel does with a task.
type State string

// The states of a task, as they appear in JSON.
const (
	Pending  State = "pending"  // on disk here, not sent yet
	Unsure   State = "unsure"   // sent, and nobody knows whether it was accepted
	Queued   State = "queued"   // accepted, not begun
	Running  State = "running"  // being painted
	Ready    State = "ready"    // painted, not all saved
	Done     State = "done"     // saved
	Failed   State = "failed"   // over without a picture
	Canceled State = "canceled" // the person does not want it any more
)

// Snapshot is what a provider says about a task at one moment.
type Snapshot struct {
	Ticket   string            `json:"ticket,omitempty"`
	State    State             `json:"state"`
	Progress float64           `json:"progress"` // 0 to 1; negative when not told
	Images   []Image           `json:"images,omitempty"`
	Reason   *Error            `json:"reason,omitempty"` // why it failed
	Cost     *Cost             `json:"cost,omitempty"`
	Usage    json.RawMessage   `json:"usage,omitempty"` // the provider's own object, as it came
	Revised  string            `json:"revised,omitempty"`
	Trace    string            `json:"trace,omitempty"`
	Kept     map[string]string `json:"kept,omitempty"`
	Unknown  string            `json:"unknown,omitempty"` // a status word that the recipe does not know: taken as running
	Answer   string            `json:"answer,omitempty"`  // what came back, cut to 4 kB, without the key
}

// Image is one result: an address, or the bytes themselves where the provider
// answers with them. The bytes are never written to the journal.
type Image struct {
	URL  string `json:"url,omitempty"`
	Data []byte `json:"-"`
}

// Cost is what a task was charged, in the provider's own unit. The amount is
// decimal text, so that nothing is lost by rounding.
type Cost struct {
	Amount string `json:"amount"`
	Unit   string `json:"unit"`
}
