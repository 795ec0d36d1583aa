package recipe

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"easel/backend"
	"easel/backend/strict"
)

// check finds what is wrong with a recipe beyond its types: what a built-in one
// was tested for, and a person's is told of when it is loaded.
func (l *loader) check() {
	s := l.recipe.steps
	options := l.optionNames()
	kept := slices.Sorted(maps.Keys(l.Submit.Keep))
	asks := append([]string{"model", "id", "key"}, kept...)
	submit := append([]string{"model", "prompt", "ratio", "size", "count", "references", "reference", "key"}, options...)
	l.fillable(at("headers"), tableNode(l.doc, at("headers"), l.Headers), []string{"model", "key"})
	for _, r := range l.submits {
		l.filled(r, submit)
	}
	for i, f := range s.submits {
		l.shape(&f.request)
		if f.each != nil {
			l.fillable(append(f.at, "each"), f.each, []string{"reference", "mime"})
		}
		if i < len(l.Submit.Forms) {
			l.formModels(f)
			l.reachable(f)
		}
	}
	for _, w := range s.ways {
		r := w.over(&s.submits[len(s.submits)-1].request)
		l.shape(&r)
		l.when(w)
	}
	for _, r := range []*request{s.poll, s.result, s.cancel} {
		l.filled(r, asks)
		l.shape(r)
		l.namesTask(r, append(kept, "id"))
	}
	l.filled(s.batch, []string{"model", "ids", "key"})
	l.filled(s.find, []string{"model", "from", "to", "key"})
	l.filled(s.balance, []string{"key"})
	for _, r := range []*request{s.batch, s.find, s.balance} {
		l.shape(r)
	}
	l.checkSteps()
	l.checkAnswer()
	l.checkSpelling()
}

func (l *loader) optionNames() []string {
	var out []string
	for _, m := range l.recipe.Models {
		for _, o := range m.Options {
			if !slices.Contains(out, o.Name) {
				out = append(out, o.Name)
			}
		}
	}
	return out
}

// filled checks that something fills each placeholder of a request.
func (l *loader) filled(r *request, known []string) {
	if r == nil {
		return
	}
	l.fillable(append(r.at, "path"), &node{text: &r.path}, known)
	l.fillable(append(r.at, "query"), r.query, known)
	l.fillable(append(r.at, "headers"), r.own, known)
	l.fillable(append(r.at, "body"), r.body, known)
}

// shape checks a request as it is sent, with all that is laid over it.
func (l *loader) shape(r *request) {
	if r == nil {
		return
	}
	if _, named := whole(r.path); !named && !strings.HasPrefix(r.path, "/") {
		l.wrong(append(r.at, "path"), "path must be one that starts with /")
	}
	if r.method == http.MethodGet && r.body != nil {
		l.wrong(append(r.at, "body"), "a GET has no body")
	}
}

func (l *loader) fillable(path []string, n *node, known []string) {
	n.walk("", func(key, text string) {
		for _, name := range names(text) {
			if !slices.Contains(known, name) {
				l.wrong(append(path, key), "nothing fills {%s} here%s", name, strict.Hint(name, known))
			}
		}
	})
}

// namesTask checks that a question says which task is meant.
func (l *loader) namesTask(r *request, by []string) {
	if r == nil || r.body.has(by...) || r.query.has(by...) || r.headers.has(by...) {
		return
	}
	for _, name := range names(r.path) {
		if slices.Contains(by, name) {
			return
		}
	}
	l.wrong(r.at, "nothing in it names the task: {%s} stands nowhere", by[len(by)-1])
}

func (l *loader) formModels(f *submit) {
	var ids []string
	for _, m := range l.recipe.Models {
		ids = append(ids, m.ID)
	}
	for _, id := range f.models {
		if !slices.Contains(ids, id) {
			l.wrong(append(f.at, "models"), "there is no model %q%s", id, strict.Hint(id, ids))
		}
	}
}

// reachable checks that some request is sent in this form and not in one before
// it.
func (l *loader) reachable(f *submit) {
	for _, m := range l.recipe.Models {
		if !f.fits(m.ID) {
			continue
		}
		for _, refs := range samples(m.References) {
			if got, err := l.recipe.steps.choose(m, refs, time.Time{}); err == nil && got == f {
				return
			}
		}
	}
	l.wrong(f.at, "this form can never be reached: another before it fits every request that it fits, or no model takes such references")
}

// samples are references of each number that matters: by address, as files, and
// mixed.
func samples(refs backend.References) [][]backend.Reference {
	out := [][]backend.Reference{nil}
	for _, w := range refs.Ways {
		for _, n := range []int{w.Min, w.Min + 1, w.Max} {
			if n < w.Min || n > w.Max {
				continue
			}
			urls, files, mixed := make([]backend.Reference, n), make([]backend.Reference, n), make([]backend.Reference, n)
			for i := range n {
				urls[i].URL = "https://a.test/a.png"
				files[i].Path, files[i].Type = "/a.png", "png"
				if mixed[i] = urls[i]; i%2 == 0 {
					mixed[i] = files[i]
				}
			}
			out = append(out, urls, files, mixed)
		}
	}
	return out
}

// when checks that the options that choose a way have such a value.
func (l *loader) when(w *way) {
	for name, list := range w.when {
		found := false
		for _, m := range l.recipe.Models {
			o, ok := m.Option(name)
			found = found || ok && o.Name == name
			for _, v := range list {
				if ok && o.Check(v) != nil {
					l.wrong(append(w.at, "when"), "%s has no value %q", name, v)
				}
			}
		}
		if !found {
			l.wrong(append(w.at, "when"), "there is no option %q%s", name, strict.Hint(name, l.optionNames()))
		}
	}
}

func (l *loader) checkSteps() {
	if p := l.form.Poll; p != nil && p.Batch != nil {
		r := l.recipe.steps.batch
		if !r.body.has("ids") && !r.query.has("ids") {
			l.wrong(r.at, "nothing in it names the tasks: {ids} stands nowhere")
		}
		l.places(r.at, "items", p.Batch.Items)
	}
	if l.Result != nil && l.form.Poll == nil {
		l.wrong(at("result"), "a second request for the result needs a [poll] that says when")
	}
	if f := l.Find; f != nil {
		l.places(at("find"), "items", f.Items)
		l.places(at("find"), "id", f.ID)
		l.places(at("find"), "prompt", f.Prompt)
	}
	if b := l.Balance; b != nil {
		l.places(at("balance"), "amount", b.Amount)
	}
}

func (l *loader) checkAnswer() {
	l.places(at("answer"), "images", l.Answer.Images)
	if l.form.Poll != nil {
		l.places(at("answer"), "id", l.Answer.ID)
	}
	words := len(l.recipe.read.states)
	if len(l.Answer.Status) > 0 && words == 0 {
		l.wrong(at("answer", "status"), "[states] does not say what the words of the status mean")
	}
	if len(l.Answer.Status) == 0 && words > 0 {
		l.wrong(at("states"), "[answer] does not say where the status stands")
	}
	if l.Answer.ProgressOf < 0 {
		l.wrong(at("answer", "progress_of"), "progress_of must be above 0: what a whole task is")
	}
}

func (l *loader) places(path []string, key string, list []string) {
	if len(list) == 0 {
		l.wrong(append(path, key), "%s must name a place in the answer", key)
	}
}

// checkSpelling checks that what is spelled otherwise is a value that exists.
func (l *loader) checkSpelling() {
	fields := map[string][]string{}
	add := func(field string, values ...string) { fields[field] = append(fields[field], values...) }
	for _, m := range l.recipe.Models {
		add("model", m.ID)
		add("ratio", m.Ratios...)
		for _, ratio := range append([]string{""}, m.Ratios...) {
			for _, s := range m.SizesOf(ratio) {
				add("size", s.Value)
			}
		}
		for _, o := range m.Options {
			add(o.Name, o.Values...)
		}
	}
	for field, table := range l.Spell {
		known, ok := fields[field]
		if !ok {
			l.wrong(at("spell", field), "there is no %q to spell%s", field, strict.Hint(field, slices.Sorted(maps.Keys(fields))))
			continue
		}
		for value, wire := range table {
			if !slices.Contains(known, value) {
				l.wrong(at("spell", field, value), "no model has the %s %q%s", field, value, strict.Hint(value, known))
			}
			if _, plain := scalar(wire); !plain {
				l.wrong(at("spell", field, value), "a value is spelled as a text, a number, true or false")
			}
		}
	}
}
