package recipe

import (
	"net/http"
	"slices"
	"time"

	"easel/backend"
	"easel/backend/strict"
)

// submit is one form of the submit, whole: laid over what all have in common.
type submit struct {
	request
	models   []string
	min, max int // of references
	url      bool
	file     string // how a local file goes: data, base64, file; "" if it does not
	each     *node
}

const many = 1 << 20 // references without a limit

func (l *loader) otherForm(common *submit, f otherForm, i int) *submit {
	path := at("submit", "form", i)
	r := l.request(path, f.requestForm, http.MethodPost)
	l.submits = append(l.submits, r)
	one := *common
	one.request, one.models = r.over(&common.request), f.Models
	if f.SendAs != nil {
		l.sendAs(&one, path, f.SendAs)
	}
	if f.Each != nil {
		one.each = l.each(path, f.Each)
	}
	return l.takes(&one, f.References)
}

// takes says how many references the form takes: what it says, as far as there
// is a place for them.
func (l *loader) takes(s *submit, references string) *submit {
	switch known := []string{"none", "one", "many", "some"}; references {
	case "":
	case "none":
		s.max = 0
	case "one":
		s.min, s.max = 1, 1
	case "many":
		s.min = 2
	case "some":
		s.min = 1
	default:
		l.wrong(append(s.at, "references"), "references = %q is not known%s", references, strict.Hint(references, known))
	}
	holds := func(name string) bool { return s.body.has(name) || s.query.has(name) }
	switch {
	case holds("references"):
	case holds("reference"):
		s.max = min(s.max, 1)
	default:
		s.max = 0
	}
	if s.min > s.max {
		l.wrong(append(s.at, "references"), "references = %q, but no {references} says where they go", references)
	}
	if s.file == "file" && !s.multipart && s.max > 0 {
		l.wrong(append(s.at, "send_as"), `a "file" can only be sent with encoding = "multipart"`)
	}
	return s
}

// sendAs reads how references go: url, and the first way of a local file.
func (l *loader) sendAs(s *submit, path, list []string) {
	known := []string{"url", "data", "base64", "file"}
	if list == nil {
		list = []string{"url"}
	}
	s.url, s.file = false, ""
	for _, how := range list {
		switch {
		case !slices.Contains(known, how):
			l.wrong(append(path, "send_as"), "%q is no way to send a reference%s", how, strict.Hint(how, known))
		case how == "url":
			s.url = true
		case s.file == "":
			s.file = how
		default:
			l.wrong(append(path, "send_as"), "a local file goes as %q or as %q, not both", s.file, how)
		}
	}
}

func (l *loader) each(path []string, v any) *node {
	if v == nil {
		return nil
	}
	return newNode(l.doc, append(slices.Clone(path), "each"), v)
}

// way gives the way of sending references of a form for a model; ok is false if
// it takes none.
func (s *submit) way(m backend.Model) (backend.Way, bool) {
	w := backend.Way{Min: max(1, s.min), Max: min(s.max, m.References.Max), URL: s.url, File: s.file != ""}
	switch {
	case w.URL && w.File:
		w.Description = "addresses and local files"
	case w.File:
		w.Description = "local files"
	default:
		w.Description = "addresses"
	}
	return w, s.fits(m.ID) && w.Min <= w.Max && (w.URL || w.File)
}

func (s *submit) fits(model string) bool {
	return len(s.models) == 0 || slices.Contains(s.models, model)
}

// ways gives the ways in which the i-th model can be sent references.
func (l *loader) ways(m backend.Model, i int) []backend.Way {
	var out []backend.Way
	for _, s := range l.recipe.steps.submits {
		if w, ok := s.way(m); ok && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	if m.References.Max > 0 && len(out) == 0 {
		l.wrong(at("models", i, "references"), "%s takes references, but no form of [submit] sends any", m.ID)
	}
	return out
}

// choose gives the form for a request: the first that fits and sends all
// references by their addresses, else as files, else mixed.
func (s *steps) choose(m backend.Model, list []backend.Reference, now time.Time) (*submit, error) {
	fits := func(f *submit) bool { return f.fits(m.ID) && f.min == 0 }
	if len(list) > 0 {
		want, err := m.Way(list, now)
		if err != nil {
			return nil, err
		}
		fits = func(f *submit) bool {
			w, ok := f.way(m)
			return ok && w == want
		}
	}
	if i := slices.IndexFunc(s.submits, fits); i >= 0 {
		return s.submits[i], nil
	}
	return nil, &backend.Error{Kind: backend.Invalid, Fate: backend.Unsent, Field: backend.FieldReferences, Message: "no form of the recipe sends such a request"}
}
