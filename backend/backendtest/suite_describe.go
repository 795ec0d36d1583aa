package backendtest

import (
	"slices"
	"strconv"
	"testing"

	"easel/backend"
)

// description holds what a description of models must keep by itself.
func description(t *testing.T, s Subject) {
	b := s.inMemory(t)
	if b.p.Name == "" || b.p.Driver == nil || len(b.p.Models) == 0 {
		t.Fatalf("the provider is not whole: %+v", b.p)
	}
	if want := b.h.BaseURL(); b.p.BaseURL != want {
		t.Errorf("the base URL is %q, want %q without its slash", b.p.BaseURL, want)
	}
	seen := map[string]bool{}
	for _, m := range b.p.Models {
		if m.ID == "" || seen[m.ID] {
			t.Errorf("the model id %q is empty or there twice", m.ID)
		}
		seen[m.ID] = true
		describeSizes(t, m)
		describeOptions(t, m)
		if err := b.p.Check(b.usualOf(m)); err != nil {
			t.Errorf("%s: the defaults are refused: %v", m.ID, err)
		}
	}
}

func describeSizes(t *testing.T, m backend.Model) {
	if len(m.Sizes) > 0 && len(m.SizesFor) > 0 {
		t.Errorf("%s has sizes for every ratio and sizes by ratio", m.ID)
	}
	for _, ratio := range m.Ratios {
		if len(m.SizesFor) > 0 && len(m.SizesFor[ratio]) == 0 && ratio != "auto" {
			t.Errorf("%s has no size at %s", m.ID, ratio)
		}
		unique(t, m.ID+" "+ratio, m.SizesOf(ratio), func(s backend.Size) string { return s.Value })
	}
	for ratio := range m.SizesFor {
		if !slices.Contains(m.Ratios, ratio) {
			t.Errorf("%s has sizes at %s, which it does not have", m.ID, ratio)
		}
	}
	unique(t, m.ID, m.Ratios, func(r string) string { return r })
}

func describeOptions(t *testing.T, m backend.Model) {
	unique(t, m.ID, m.Options, func(o backend.Option) string { return o.Name })
	for _, o := range m.Options {
		if err := o.Check(o.Default); o.Default != "" && err != nil {
			t.Errorf("%s: the default of %s is refused: %v", m.ID, o.Name, err)
		}
	}
}

func unique[T any](t *testing.T, where string, list []T, name func(T) string) {
	seen := map[string]bool{}
	for _, one := range list {
		if n := name(one); n == "" || seen[n] {
			t.Errorf("%s: %q is empty or there twice", where, n)
		}
		seen[name(one)] = true
	}
}

// refusedBeforeTheWire holds that what is not allowed is refused with the name
// of the field, and nothing is sent.
func refusedBeforeTheWire(t *testing.T, s Subject) {
	b := s.inMemory(t)
	none := func(r backend.Request, field string) {
		t.Helper()
		told, err := b.submit(r)
		if err == nil {
			t.Errorf("%s: a bad %s is not refused: %q %q x%d %v %v", r.Model, field, r.Ratio, r.Size, r.Count, r.Options, r.References)
			return
		}
		e := b.asError(err, backend.OpCheck)
		if e.Kind != backend.Invalid || e.Field != field || e.Fate != backend.Unsent || len(told) > 0 {
			t.Errorf("%s: a bad %s is refused as %s of field %q, fate %d: %v", r.Model, field, e.Kind, e.Field, e.Fate, err)
		}
	}
	for _, m := range b.p.Models {
		usual := b.usualOf(m)
		for field, bad := range b.badRequests(m) {
			for _, change := range bad {
				r := usual.Clone()
				change(&r)
				none(r, field)
			}
		}
	}
	unknown := b.usual()
	unknown.Model = "no-such-model"
	none(unknown, backend.FieldModel)
	if n := len(b.h.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// badRequests are changes that make a legal request of m illegal, by the field
// that must be named.
func (b *bench) badRequests(m backend.Model) map[string][]func(*backend.Request) {
	type change = func(*backend.Request)
	refs := func(list ...backend.Reference) change {
		return func(r *backend.Request) { r.References = list }
	}
	many := make([]backend.Reference, m.References.Max+1)
	for i := range many {
		many[i] = address(i % 20)
	}
	out := map[string][]change{
		backend.FieldPrompt: {
			func(r *backend.Request) { r.Prompt = "" }, func(r *backend.Request) { r.Prompt = " \n" },
			func(r *backend.Request) { r.Prompt = "a\xff" },
		},
		backend.FieldRatio: {func(r *backend.Request) { r.Ratio = "7:5" }},
		backend.FieldSize:  {func(r *backend.Request) { r.Size = "13x13" }, func(r *backend.Request) { r.Size = "9K" }},
		backend.FieldCount: {
			func(r *backend.Request) { r.Count = 0 }, func(r *backend.Request) { r.Count = -1 },
			func(r *backend.Request) { r.Count = max(m.Count, 1) + 1 },
		},
		"no_such_option": {func(r *backend.Request) { r.Options = map[string]string{"no_such_option": "x"} }},
		backend.FieldReferences: {
			refs(many...), refs(backend.Reference{URL: "file:///etc/passwd"}), refs(backend.Reference{URL: "no address"}),
			refs(backend.Reference{Path: "/tmp/notes.txt"}),
		},
	}
	if m.References.Min > 0 {
		out[backend.FieldReferences] = append(out[backend.FieldReferences], refs())
	}
	if !slices.ContainsFunc(m.References.Ways, func(w backend.Way) bool { return w.File }) {
		out[backend.FieldReferences] = append(out[backend.FieldReferences], refs(b.file(0)))
	}
	for _, o := range m.Options {
		bad := "\x1b[31mno such value"
		if o.Number {
			bad = strconv.Itoa(o.Max + 1)
		}
		out[o.Name] = []change{func(r *backend.Request) { *r = m.Set(*r, o.Name, bad) }}
	}
	return out
}
