// Package recipe is a driver that follows a recipe: a TOML file that describes
// a provider, from what may be asked to how its answers are read. The form is
// described in assets/recipes/README.md.
//
// A fact about one provider belongs into its recipe, never here; what all HTTP
// has in common belongs into backend/wire.
package recipe

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"easel/backend"
	"easel/backend/wire"
)

// Recipe is a description of a provider that was read and found whole.
type Recipe struct {
	Name    string // as in the config
	Title   string
	Docs    string // where its documents are
	BaseURL string // "" if the person must name it
	KeyEnv  string // the variable that may hold the key; "" if it needs none
	Models  []backend.Model

	file   string
	source string // its text, for the lines of errors
	text   string // the whole of it where the examples were not read yet
	form   *form
	sold   []sold
	auth   string // a header with {key} in it
	pace   backend.Pace
	steps  steps
	read   reader
}

// Options are what a Recipe does not know of a provider.
type Options struct {
	Name    string // as in the config; "": the recipe's
	BaseURL string // "": the recipe's
	// Key gives the key: "" if there is none. It may take its time; it is called
	// for every request.
	Key     func(context.Context) (string, error)
	KeyHint string // where the key is looked for
	// Client is nil but for tests: its Transport carries every request (see
	// wire.Fresher for one that is not an *http.Transport).
	Client    *http.Client
	UserAgent string // "easel/1.2.3"
	Local     bool   // the demo: its address is not part of a task
}

// Provider makes the provider that the recipe describes. The error is for a base
// URL that is none; that there is none at all is told by Access.
func (r *Recipe) Provider(o Options) (*backend.Provider, error) {
	d := &driver{Recipe: r, base: cmp.Or(o.BaseURL, r.BaseURL), key: o.Key, name: cmp.Or(o.Name, r.Name), hint: o.KeyHint}
	if d.base != "" {
		base, err := baseURL(d.base)
		if err != nil {
			return nil, &backend.Error{Provider: d.name, Op: backend.OpCheck, Kind: backend.Invalid, Fate: backend.Unsent, Message: "base_url " + err.Error()}
		}
		d.base = base
	}
	var transport http.RoundTripper
	if o.Client != nil {
		transport = o.Client.Transport
	}
	d.client = wire.New(transport, cmp.Or(o.UserAgent, "easel"))
	p := &backend.Provider{
		Name: d.name, Title: r.Title, Docs: r.Docs, Recipe: r.Name, BaseURL: d.base, KeyHint: o.KeyHint,
		Models: r.Models, Pace: r.pace, Parallel: r.form.Parallel, PerSecond: r.form.PerSecond, Lasts: r.form.ResultsLast, Local: o.Local,
		Access: func(ctx context.Context) error {
			_, err := d.access(ctx)
			return err
		},
		Driver: d.able(),
	}
	if r.steps.batch != nil {
		p.Batch = r.batchMax()
	}
	return p, nil
}

func (r *Recipe) batchMax() int {
	return cmp.Or(r.form.Poll.Batch.Max, 50)
}

// baseURL tidies an address to which paths are added: a path of its own stays,
// the slashes at the end go.
func baseURL(text string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("must be an address that starts with https:// or http://")
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return "", errors.New("must be an address without ?, # and @")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// model finds a model of the recipe.
func (r *Recipe) model(id string) *sold {
	for i := range r.sold {
		if r.sold[i].ID == id {
			return &r.sold[i]
		}
	}
	return nil
}
