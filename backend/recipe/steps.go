package recipe

import (
	"net/http"
	"slices"
	"time"

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

// grace is how long "not found" is not believed after a submit.
func (l *loader) grace() time.Duration {
	if p := l.form.Poll; p != nil && p.Grace > 0 {
		return p.Grace
	}
	return 30 * time.Second
}
