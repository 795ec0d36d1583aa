package backend

import (
	"maps"
	"slices"
	"time"
)

// Request is what a person asks for. It holds what is sent, spelled as in the
// Model; a field that the model does not have is empty.
type Request struct {
	Provider   string            `json:"provider"`
	Model      string            `json:"model"`
	Prompt     string            `json:"prompt"`
	Ratio      string            `json:"ratio,omitempty"`
	Size       string            `json:"size,omitempty"`
	Count      int               `json:"count"`
	Options    map[string]string `json:"options,omitempty"`
	References []Reference       `json:"references,omitempty"`
}

// Clone gives a Request that shares nothing with r.
func (r Request) Clone() Request {
	r.Options = maps.Clone(r.Options)
	r.References = slices.Clone(r.References)
	return r
}

// Same says whether o asks for the same: a provider that was sent both was sent
// the same twice. A picture is the same by its bytes where both are known, else
// by where it is.
func (r Request) Same(o Request) bool {
	return r.Provider == o.Provider && r.Model == o.Model && r.Prompt == o.Prompt &&
		r.Ratio == o.Ratio && r.Size == o.Size && max(r.Count, 1) == max(o.Count, 1) &&
		maps.Equal(r.Options, o.Options) && slices.EqualFunc(r.References, o.References, Reference.same)
}

// Reference is a picture to edit or to combine: a local file, an address, or an
// earlier result, which may be both.
type Reference struct {
	Path   string    `json:"path,omitempty"` // absolute
	URL    string    `json:"url,omitempty"`
	Task   string    `json:"task,omitempty"`  // the task whose result it is
	Index  int       `json:"index,omitempty"` // which of its results, from 0
	SHA256 string    `json:"sha256,omitempty"`
	Until  time.Time `json:"until,omitzero"` // when the address of an earlier result may be gone

	// What LookAt found; not written down.
	Bytes  int64  `json:"-"`
	Type   string `json:"-"` // png, jpeg, webp, gif
	Width  int    `json:"-"`
	Height int    `json:"-"`
}

func (r Reference) same(o Reference) bool {
	if r.SHA256 != "" && o.SHA256 != "" {
		return r.SHA256 == o.SHA256
	}
	return r.Path == o.Path && (r.Path != "" || r.URL == o.URL)
}

// IsFile says whether there is a local file to send.
func (r Reference) IsFile() bool { return r.Path != "" }

// IsURL says whether there is an address to pass on that may still live.
func (r Reference) IsURL(now time.Time) bool {
	return r.URL != "" && (r.Until.IsZero() || now.Before(r.Until))
}

// Name is what a person calls it: the file's name, or the address.
func (r Reference) Name() string {
	if r.Path != "" {
		for i := len(r.Path) - 1; i >= 0; i-- {
			if r.Path[i] == '/' || r.Path[i] == '\\' {
				return Clean(r.Path[i+1:])
			}
		}
		return Clean(r.Path)
	}
	return Clean(r.URL)
}
