package recipe

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"easel/backend"
	"easel/backend/wire"
)

// reader reads answers: where things stand in them, and what words mean.
type reader struct {
	answerForm
	states map[string]meaning // by word in lower case
	ok     []okay
	errors errorsForm
	codes  map[string]backend.Kind // by code in lower case
	status map[int]backend.Kind    // by HTTP status
	keep   map[string][]string
	empty  bool // {} means that the task is not known
	polls  bool // there is a poll: an answer without a picture is not the end
}

// meaning is what a status word says: a state, and of a failure its kind.
type meaning struct {
	state backend.State
	kind  backend.Kind
}

// okay is a place that must have one of some values in an answer that is fine.
type okay struct {
	place  string
	values []string
}

// first gives the first of the places that is set: there, and neither null, "",
// false, nor an empty list or table.
func first(root gjson.Result, places []string) gjson.Result {
	for _, p := range places {
		if v := root.Get(p); isSet(v) {
			return v
		}
	}
	return gjson.Result{}
}

func isSet(v gjson.Result) bool {
	switch {
	case !v.Exists() || v.Type == gjson.Null || v.Type == gjson.False:
		return false
	case v.Type == gjson.String:
		return v.Str != ""
	case v.Type == gjson.JSON:
		some := false
		v.ForEach(func(_, _ gjson.Result) bool { some = true; return false })
		return some
	}
	return true
}

// said says whether one of the places is set and not 0.
func said(root gjson.Result, places []string) bool {
	for _, p := range places {
		if v := root.Get(p); isSet(v) && (v.Type != gjson.Number || v.Num != 0) {
			return true
		}
	}
	return false
}

// firstText gives the first of the places that holds a text or a number.
func firstText(root gjson.Result, places []string) string {
	for _, p := range places {
		if v := root.Get(p); isSet(v) && (v.Type == gjson.String || v.Type == gjson.Number) {
			return plain(v)
		}
	}
	return ""
}

// words gives the first of the places that holds a text: what people read.
func words(root gjson.Result, places ...[]string) string {
	for _, list := range places {
		for _, p := range list {
			if v := root.Get(p); v.Type == gjson.String && strings.TrimSpace(v.Str) != "" {
				return v.Str
			}
		}
	}
	return ""
}

// plain is a text, or a number as it was written.
func plain(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	return v.Raw
}

// parse reads JSON; ok is false for what is none. The library's own check
// descends as deep as the text says, and would end the program.
func parse(body []byte) (gjson.Result, bool) {
	if !json.Valid(body) {
		return gjson.Result{}, false
	}
	return gjson.ParseBytes(body), true
}

// snapshot reads how a task stands. known is false if the answer says nothing
// about a task at all.
func (r *reader) snapshot(root gjson.Result) (s backend.Snapshot, known bool) {
	word := firstText(root, r.Status)
	failed, finished := said(root, r.Failure), said(root, r.Finished)
	s = backend.Snapshot{
		Ticket: firstText(root, r.ID), State: backend.Running, Progress: r.progress(root), Images: r.images(root),
		Revised: firstText(root, r.Revised), Trace: firstText(root, r.Trace), Cost: r.cost(root), Usage: usage(first(root, r.Usage)),
	}
	kind := backend.Kind("")
	switch m, ok := r.states[strings.ToLower(strings.TrimSpace(word))]; {
	case word != "" && !ok:
		s.Unknown = word
	case word != "":
		s.State, kind = m.state, m.kind
	case len(s.Images) > 0:
		s.State = backend.Ready
	case finished:
		s.State = backend.Failed
	}
	if failed && (word == "" || s.State == backend.Ready) && len(s.Images) == 0 {
		s.State = backend.Failed
	}
	if s.State == backend.Failed {
		s.Images = nil
		s.Reason = r.reason(root, kind)
	}
	if s.State != backend.Ready {
		s.Images = nil // previews of what is not ready are not results
	}
	s.Kept = r.kept(root)
	known = word != "" || s.Ticket != "" || len(s.Images) > 0 || failed || finished || s.Progress >= 0
	return s, known
}

func (r *reader) kept(root gjson.Result) map[string]string {
	var out map[string]string
	for name, places := range r.keep {
		if v := firstText(root, places); v != "" {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = v
		}
	}
	return out
}

// progress reads 45, "45" and "45%", as a part of what the recipe says is the
// whole; a text with % is always of a hundred. Below 0 if it is not told.
func (r *reader) progress(root gjson.Result) float64 {
	v := first(root, r.Progress)
	whole := r.ProgressOf
	if whole == 0 {
		whole = 100
	}
	n := v.Num
	switch v.Type {
	case gjson.Number:
	case gjson.String:
		text, percent := strings.CutSuffix(strings.TrimSpace(v.Str), "%")
		if percent {
			whole = 100
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return -1
		}
		n = f
	default:
		return -1
	}
	if n = n / whole; math.IsNaN(n) || n < 0 {
		return -1
	}
	return min(n, 1)
}

// images gives the pictures of the first place that has any, in order.
func (r *reader) images(root gjson.Result) []backend.Image {
	for _, p := range r.Images {
		var out []backend.Image
		flatten(root.Get(p), func(text string) {
			out = append(out, newImage(text))
		})
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// flatten calls f for every text that is not empty in a value.
func flatten(v gjson.Result, f func(string)) {
	switch {
	case v.Type == gjson.String && strings.TrimSpace(v.Str) != "":
		f(strings.TrimSpace(v.Str))
	case v.IsArray():
		v.ForEach(func(_, one gjson.Result) bool {
			flatten(one, f)
			return true
		})
	}
}

// newImage makes an image of an address, a data URI or bare base64.
func newImage(text string) backend.Image {
	if data, ok := wire.Inline(text); ok {
		return backend.Image{Data: data}
	}
	return backend.Image{URL: text}
}

var decimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)

func (r *reader) cost(root gjson.Result) *backend.Cost {
	amount := strings.TrimSpace(firstText(root, r.Cost))
	if len(amount) > 40 || !decimal.MatchString(amount) {
		return nil
	}
	return &backend.Cost{Amount: amount, Unit: r.CostUnit}
}

// usage is the provider's own object, with its texts cleaned.
func usage(v gjson.Result) json.RawMessage {
	if v.Type != gjson.JSON || len(v.Raw) > 4<<10 {
		return nil
	}
	if !strings.Contains(v.Raw, `\`) && backend.Clean(v.Raw) == v.Raw {
		return json.RawMessage(v.Raw)
	}
	var tree any
	d := json.NewDecoder(strings.NewReader(v.Raw))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil
	}
	data, err := json.Marshal(cleaned(tree))
	if err != nil {
		return nil
	}
	return data
}

func cleaned(v any) any {
	switch v := v.(type) {
	case string:
		return backend.Clean(v)
	case []any:
		for i := range v {
			v[i] = cleaned(v[i])
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, one := range v {
			out[backend.Clean(k)] = cleaned(one)
		}
		return out
	}
	return v
}
