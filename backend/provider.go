package backend

import (
	"context"
	"io"
	"slices"
	"time"
)

// Provider is a provider as the rest of easel sees it: a description, and a
// Driver behind checks that are the same for all.
type Provider struct {
	Name      string // as in the config: "uniall", or "night" for a second account
	Title     string
	Docs      string
	Recipe    string // the recipe that it follows
	BaseURL   string // as it is sent to, without a slash at the end; part of every task
	KeyHint   string // where the key is looked for: "UNIALL_API_KEY", `key in [providers.uniall]`
	Models    []Model
	Pace      Pace
	Parallel  int           // requests in flight at once
	PerSecond float64       // requests begun in a second; 0: not told
	Batch     int           // jobs that one poll may ask for; 0 or 1: one by one
	Lasts     time.Duration // the life of result addresses; 0: not documented
	Local     bool          // the demo: its address is not part of the task

	// Access says whether a request could be sent: nil, or an *Error of kind
	// Unauthorized (no key: where it is looked for) or Invalid (no base URL).
	// It may run the person's key_command; call it from a command, not from Update.
	Access func(ctx context.Context) error

	Driver Driver
}

// Pace is how often a provider wants to be asked.
type Pace struct {
	First time.Duration // after the submit
	Every time.Duration
	Max   time.Duration // the longest pause while all is well
	Grace time.Duration // how long "not found" is not believed after the submit
}

// Model finds a model by its id.
func (p *Provider) Model(id string) (Model, bool) {
	i := slices.IndexFunc(p.Models, func(m Model) bool { return m.ID == id })
	if i < 0 {
		return Model{}, false
	}
	return p.Models[i], true
}

// Check judges a request: the model must be sold here, and Model.Check must pass.
func (p *Provider) Check(r Request) error {
	m, ok := p.Model(r.Model)
	if !ok {
		names := ""
		for i, m := range p.Models {
			if i > 0 {
				names += " "
			}
			names += m.ID
		}
		return p.name(OpCheck, refuse(FieldModel, "check.model.values", "%q is not sold by %s; allowed: %s", Clean(r.Model), p.Name, names))
	}
	return p.name(OpCheck, m.Check(r))
}

// Submit checks the request and sends it; see Driver.
func (p *Provider) Submit(ctx context.Context, r Request, told func(Snapshot) error) error {
	if err := p.Check(r); err != nil {
		return err
	}
	m, _ := p.Model(r.Model)
	return p.name(OpSubmit, p.Driver.Submit(ctx, m, r, func(s Snapshot) error { return told(p.clean(s)) }))
}

// Poll asks how jobs stand; see Driver.
func (p *Provider) Poll(ctx context.Context, jobs ...Job) (map[string]Snapshot, error) {
	got, err := p.Driver.Poll(ctx, jobs...)
	for k, s := range got {
		got[k] = p.clean(s)
	}
	return got, p.name(OpPoll, err)
}

// Fetch writes a result to w; see Driver.
func (p *Provider) Fetch(ctx context.Context, i Image, w io.Writer) error {
	return p.name(OpFetch, p.Driver.Fetch(ctx, i, w))
}

// clean takes the control characters out of everything that a provider said.
func (p *Provider) clean(s Snapshot) Snapshot {
	s.Ticket, s.Trace, s.Unknown = Clean(s.Ticket), Clean(s.Trace), Clean(s.Unknown)
	s.Revised, s.Answer = CleanLines(s.Revised), CleanLines(s.Answer)
	if s.Reason != nil {
		s.Reason = p.name(OpPoll, s.Reason).(*Error)
	}
	if s.Cost != nil {
		s.Cost = &Cost{Clean(s.Cost.Amount), Clean(s.Cost.Unit)}
	}
	return s
}

// name makes an *Error of err that says who and at which step, in clean text.
func (p *Provider) name(op Op, err error) error {
	e := AsError(err)
	if e == nil {
		return nil
	}
	c := *e
	c.Provider = p.Name
	if c.Op == "" {
		c.Op = op
	}
	c.Message, c.TraceID = Clean(c.Message), Clean(c.TraceID)
	return &c
}
