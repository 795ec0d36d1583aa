package recipe

import (
	"net/http"
	"slices"
	"time"

	"easel/backend"
	"easel/backend/strict"
)

// request is one request to the provider, before its placeholders are filled.
type request struct {
	at                   []string // where it stands in the file
	method, path         string
	query, headers, body *node
	own                  *node // the headers of it alone
	multipart            bool
}

// submit is one form of the submit, whole: laid over what all have in common.
type submit struct {
	request
	models   []string
	min, max int // of references
	url      bool
	file     string // how a local file goes: data, base64, file; "" if it does not
	each     *node
}

// way is what differs when the answer comes at once or as a stream.
type way struct {
	*request
	when   map[string][]string // values of options that choose it
	stream bool
}

// steps are all requests of a recipe; nil where there is none.
type steps struct {
	submits                                    []*submit // the first that fits
	ways                                       []*way
	poll, batch, result, cancel, find, balance *request
}

const many = 1 << 20 // references without a limit

// steps reads the requests of the recipe.
func (l *loader) steps() {
	s := &l.recipe.steps
	base := l.request(at("submit"), l.Submit.requestForm, http.MethodPost)
	base.headers = base.headers.over(tableNode(l.doc, at("headers"), l.Headers))
	common := &submit{request: *base, max: many}
	l.sendAs(common, at("submit"), l.Submit.SendAs)
	common.each = l.each(at("submit"), l.Submit.Each)
	l.submits = append(l.submits, base)
	for i, f := range l.Submit.Forms {
		s.submits = append(s.submits, l.otherForm(common, f, i))
	}
	s.submits = append(s.submits, l.takes(common, ""))
	l.way("sync", l.Submit.Sync)
	l.way("stream", l.Submit.Stream)
	step := func(f *requestForm, method string, path ...any) *request {
		if f == nil {
			return nil
		}
		r := l.request(at(path...), *f, method)
		r.headers = r.headers.over(tableNode(l.doc, at("headers"), l.Headers))
		return r
	}
	if p := l.form.Poll; p != nil {
		s.poll = step(&p.requestForm, "", "poll")
		if p.Batch != nil {
			s.batch = step(&p.Batch.requestForm, "", "poll", "batch")
			if s.batch.path == "" {
				s.batch.path = s.poll.path
			}
		}
	}
	s.result, s.cancel = step(l.Result, "", "result"), step(l.Cancel, http.MethodPost, "cancel")
	if l.Find != nil {
		s.find = step(&l.Find.requestForm, "", "find")
	}
	if l.Balance != nil { // of the account, not of a model: without the common headers
		s.balance = l.request(at("balance"), l.Balance.requestForm, "")
	}
}

// request reads one request. Without a method it is what is given, or POST if it
// has a body, else GET.
func (l *loader) request(path []string, f requestForm, method string) *request {
	r := &request{at: path, method: f.Method, path: f.Path}
	r.query = tableNode(l.doc, append(slices.Clone(path), "query"), f.Query)
	r.own = tableNode(l.doc, append(slices.Clone(path), "headers"), f.Headers)
	r.headers = r.own
	r.body = tableNode(l.doc, append(slices.Clone(path), "body"), f.Body)
	if r.method == "" {
		r.method = method
		if method == "" {
			r.method = http.MethodGet
			if r.body != nil {
				r.method = http.MethodPost
			}
		}
	} else if known := []string{"GET", "POST", "PUT", "PATCH", "DELETE"}; !slices.Contains(known, r.method) {
		l.wrong(append(path, "method"), "%q is no method%s", r.method, strict.Hint(r.method, known))
	}
	switch known := []string{"json", "multipart"}; f.Encoding {
	case "", "json":
	case "multipart":
		r.multipart = true
	default:
		l.wrong(append(path, "encoding"), "%q is no encoding%s", f.Encoding, strict.Hint(f.Encoding, known))
	}
	return r
}

// over lays a request over another.
func (r *request) over(base *request) request {
	out := *base
	if r.path != "" {
		out.path = r.path
	}
	if r.method != "" {
		out.method = r.method
	}
	out.query, out.headers, out.body = r.query.over(base.query), r.headers.over(base.headers), r.body.over(base.body)
	out.multipart = out.multipart || r.multipart
	out.at = r.at
	return out
}

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

// way reads [submit.sync] or [submit.stream].
func (l *loader) way(name string, f *wayForm) {
	if f == nil {
		return
	}
	path := at("submit", name)
	w := &way{request: l.request(path, f.requestForm, ""), when: map[string][]string{}, stream: name == "stream"}
	if f.Method == "" {
		w.method = "" // that of the form
	}
	l.submits = append(l.submits, w.request)
	for option, v := range f.When {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, one := range list {
			s, _ := scalar(one)
			w.when[option] = append(w.when[option], s)
		}
	}
	if len(w.when) == 0 {
		l.wrong(path, "nothing chooses [submit.%s]: it needs when = { OPTION = VALUE }", name)
	}
	l.recipe.steps.ways = append(l.recipe.steps.ways, w)
}

// chosen says whether the options of a request choose the way.
func (w *way) chosen(options map[string]string) bool {
	for name, values := range w.when {
		if !slices.Contains(values, options[name]) {
			return false
		}
	}
	return true
}

// way gives what differs for the options of a request; nil if nothing does.
func (s *steps) way(options map[string]string) *way {
	for _, w := range s.ways {
		if w.chosen(options) {
			return w
		}
	}
	return nil
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

// grace is how long "not found" is not believed after a submit.
func (l *loader) grace() time.Duration {
	if p := l.form.Poll; p != nil && p.Grace > 0 {
		return p.Grace
	}
	return 30 * time.Second
}
