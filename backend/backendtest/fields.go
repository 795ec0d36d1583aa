package backendtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// rule is what a document says of one field of a body.
type rule struct {
	kind     kind
	need     bool
	in       []string // the values of the document; nil: any text
	min, max int      // of a number, or of how many there are in a list
}

type kind string

const (
	aText   kind = "a string"
	aNumber kind = "an integer"
	aTruth  kind = "a boolean"
	texts   kind = "a list of strings"
)

// rules are the fields of a body; what is not there is not allowed.
type rules map[string]rule

// with gives the rules and further ones.
func (rs rules) with(more rules) rules {
	out := maps.Clone(rs)
	maps.Copy(out, more)
	return out
}

// judge notes what the rules do not allow, and puts the fields into s as plain
// values: string, int, bool, []string.
func (rs rules) judge(s *Sent, body map[string]any) {
	s.Fields = map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		r, ok := rs[name]
		if !ok {
			s.illegal(fmt.Sprintf("field %q is not allowed", name))
			continue
		}
		v, why := r.read(body[name])
		if why != "" {
			s.illegal(fmt.Sprintf("field %q %s", name, why))
			continue
		}
		s.Fields[name] = v
	}
	for _, name := range slices.Sorted(maps.Keys(rs)) {
		if _, ok := body[name]; rs[name].need && !ok {
			s.illegal(name + " is required")
		}
	}
}

// read gives the plain value, or why it is not allowed.
func (r rule) read(v any) (any, string) {
	wrong := fmt.Sprintf("must be %s, not %T %v", r.kind, v, v)
	switch r.kind {
	case aNumber:
		n, err := strconv.Atoi(fmt.Sprint(v))
		if _, ok := v.(json.Number); !ok || err != nil {
			return nil, wrong
		}
		if n < r.min || n > r.max {
			return nil, fmt.Sprintf("must be %d to %d, not %d", r.min, r.max, n)
		}
		return n, ""
	case aTruth:
		b, ok := v.(bool)
		if !ok {
			return nil, wrong
		}
		return b, ""
	case texts:
		return r.readTexts(v, wrong)
	}
	t, ok := v.(string)
	switch {
	case !ok:
		return nil, wrong
	case t == "":
		return nil, "must not be empty"
	case r.in != nil && !slices.Contains(r.in, t):
		return nil, fmt.Sprintf("must be one of %s, not %q", strings.Join(r.in, " "), t)
	}
	return t, ""
}

func (r rule) readTexts(v any, wrong string) (any, string) {
	list, ok := v.([]any)
	if !ok {
		return nil, wrong
	}
	out := make([]string, 0, len(list))
	for _, one := range list {
		t, ok := one.(string)
		if !ok || t == "" {
			return nil, wrong
		}
		out = append(out, t)
	}
	if len(out) < r.min || r.max > 0 && len(out) > r.max {
		return nil, fmt.Sprintf("must hold %d to %d, not %d", r.min, r.max, len(out))
	}
	return out, ""
}

// object reads a JSON body; the numbers stay as they were written.
func object(s *Sent) map[string]any {
	dec := json.NewDecoder(bytes.NewReader(s.Body))
	dec.UseNumber()
	var body map[string]any
	err := dec.Decode(&body)
	if err == nil && body == nil {
		err = fmt.Errorf("not an object")
	}
	if _, more := dec.Token(); err == nil && more != io.EOF {
		err = fmt.Errorf("text behind the JSON")
	}
	if err != nil {
		s.illegal("body: " + err.Error())
		return map[string]any{}
	}
	return body
}

// text gives a text of the fields, "" if it is not there.
func (s *Sent) text(name string) string {
	t, _ := s.Fields[name].(string)
	return t
}

// list gives a list of the fields.
func (s *Sent) list(name string) []string {
	l, _ := s.Fields[name].([]string)
	return l
}

// number gives a number of the fields, or what stands for it when it is left out.
func (s *Sent) number(name string, without int) int {
	if n, ok := s.Fields[name].(int); ok {
		return n
	}
	return without
}

// query notes the parameters of the address that are not allowed.
func (s *Sent) query(allowed ...string) {
	for _, name := range slices.Sorted(maps.Keys(s.Query)) {
		if !slices.Contains(allowed, name) {
			s.illegal(fmt.Sprintf("parameter %q of the address is not allowed", name))
		} else if len(s.Query[name]) != 1 {
			s.illegal(fmt.Sprintf("parameter %q of the address is there twice", name))
		}
	}
}

// json notes a body that is not JSON.
func (s *Sent) json() {
	if !strings.HasPrefix(s.Header.Get("Content-Type"), "application/json") {
		s.illegal("the body must be application/json")
	}
}
