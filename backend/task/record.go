package task

import (
	"encoding/json"
	"maps"
	"time"

	"easel/backend"
)

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
	Sent    time.Time `json:"sent,omitzero"`
	Working time.Time `json:"working,omitzero"` // when it was last said to be not done yet
	Ready   time.Time `json:"ready,omitzero"`
	Answer  string    `json:"answer,omitempty"`
	URLs    []string  `json:"urls,omitempty"` // of results that are not saved

	// How a person marked it, in the gallery. The engine never sets these: they
	// come from later lines of the history.
	Starred bool     `json:"starred,omitempty"`
	Tags    []string `json:"tags,omitempty"`
	Trashed bool     `json:"trashed,omitempty"` // its pictures are in the trash
	Gone    bool     `json:"gone,omitempty"`    // they were in the trash when that was emptied
	Origin  []string `json:"origin,omitempty"`  // where its files were before they went to the trash

	Written bool `json:"-"` // there is a record of it already, whose stars and tags stay
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

// Record gives the task as JSON shows it.
func (t Task) Record() Record {
	r := Record{
		V: 1, ID: t.ID, State: t.State,
		Provider: t.Request.Provider, Model: t.Request.Model, Prompt: t.Request.Prompt,
		Ratio: t.Request.Ratio, Size: t.Request.Size, Count: t.Request.Count,
		Options: maps.Clone(t.Request.Options), References: []RecordReference{},
		Ticket: t.Ticket, BaseURL: t.BaseURL, Files: []File{},
		Cost: t.Cost, Usage: t.Usage, Revised: t.Revised,
		Created: t.Created, Finished: t.Finished, Sent: t.Sent, Working: t.Working, Ready: t.ReadyAt, Answer: t.Answer, Written: t.Written,
	}
	if r.Options == nil {
		r.Options = map[string]string{}
	}
	for _, ref := range t.Request.References {
		r.References = append(r.References, RecordReference{ref.Path, ref.URL, ref.Task, ref.Index, ref.SHA256})
	}
	for i, f := range t.Files {
		switch {
		case f.Path != "":
			r.Files = append(r.Files, f)
		case i < len(t.Images) && t.Images[i].URL != "":
			r.URLs = append(r.URLs, t.Images[i].URL)
		}
	}
	// An unsure task says why in Error, one that goes on what went wrong last.
	if e := t.Error; e != nil {
		r.Error = &RecordError{e.Kind, e.Message, e.HTTP, e.TraceID}
	} else if e := t.Trouble; e != nil && !t.Over() {
		r.Error = &RecordError{e.Kind, e.Message, e.HTTP, e.TraceID}
	}
	return r
}
