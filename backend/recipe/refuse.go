package recipe

import (
	"strings"

	"github.com/tidwall/gjson"

	"easel/backend"
	"easel/backend/wire"
)

// code gives the first code of an error that is set; 0 says that all is well.
func (r *reader) code(root gjson.Result) string {
	for _, p := range r.errors.Code {
		if c := firstText(root, []string{p}); c != "" && c != "0" {
			return c
		}
	}
	return ""
}

// reason says why a task failed. kind is that of its status word, if it has one.
func (r *reader) reason(root gjson.Result, kind backend.Kind) *backend.Error {
	e := &backend.Error{Op: backend.OpPoll, Kind: kind, TraceID: firstText(root, r.Trace)}
	e.Message = words(root, r.Reason, r.errors.Message)
	if e.Kind == "" {
		e.Kind = r.kindOf(root, 0, backend.OpPoll)
	}
	if e.Kind == "" {
		e.Kind = backend.Unavailable
	}
	if e.Message == "" {
		e.Message = r.code(root)
	}
	if e.Message == "" {
		e.Message = "the provider gave no reason"
	}
	return e
}

// kindOf finds the kind of an error by its codes, then by its HTTP status; ""
// if the recipe does not say it.
func (r *reader) kindOf(root gjson.Result, status int, op backend.Op) backend.Kind {
	for _, p := range r.errors.Code {
		v := root.Get(p)
		if v.Type != gjson.String && v.Type != gjson.Number {
			continue
		}
		if kind := r.kindOfCode(plain(v)); kind != "" {
			return kind
		}
	}
	kind := r.status[status]
	if kind == backend.Moderated && op != backend.OpSubmit {
		return "" // no access to a task is not a word on its picture
	}
	return kind
}

// kindOfCode compares without case. A text that begins with the code, as in
// "output_moderation: too much", is meant as well.
func (r *reader) kindOfCode(text string) backend.Kind {
	text = strings.ToLower(strings.TrimSpace(text))
	if kind, ok := r.codes[text]; ok {
		return kind
	}
	best := ""
	for code := range r.codes {
		rest, ok := strings.CutPrefix(text, code)
		if ok && len(code) > len(best) && strings.IndexAny(rest, ":,.; ") == 0 {
			best = code
		}
	}
	return r.codes[best]
}

// isError says whether a good answer is none: HTTP 200 can be an error.
func (r *reader) isError(root gjson.Result) bool {
	for _, o := range r.ok {
		v := root.Get(o.place)
		if !v.Exists() || v.Type == gjson.Null {
			continue
		}
		fine := false
		for _, want := range o.values {
			fine = fine || strings.EqualFold(want, v.String())
		}
		if !fine {
			return true
		}
	}
	return false
}

// refused makes the error of an answer that is no good news.
func (r *reader) refused(call wire.Call, a *wire.Answer) *backend.Error {
	root, ok := parse(a.Body)
	message := ""
	if ok {
		message = words(root, r.errors.Message, r.Reason)
	}
	code := r.code(root)
	e := call.Judge(a, message != "" || code != "")
	if message == "" && ok {
		message = words(root, usualPlaces)
	}
	if message == "" {
		message = code
	}
	if message != "" {
		e.Message, e.Word, e.Args = wire.Hide(message, call.Key), "", nil
	}
	if kind := r.kindOf(root, a.Status, call.Op); kind != "" {
		e.Kind = kind
	} else if m := r.states[strings.ToLower(firstText(root, r.Status))]; m.kind != "" {
		e.Kind = m.kind
	} else if a.OK() {
		e.Kind = backend.Unavailable
		if call.Op == backend.OpSubmit {
			e.Kind = backend.Invalid
		}
	}
	e.TraceID = wire.Hide(firstText(root, r.Trace), call.Key)
	return e
}

// usualPlaces are where most of the world says what is wrong. What stands there
// is shown, but only what the recipe names is the provider's own error.
var usualPlaces = []string{"error.message", "message", "detail", "error", "msg", "title"}
