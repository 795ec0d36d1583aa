package recipe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"easel/backend/wire"
)

// values are what placeholders stand for: string, int, int64, float64, bool,
// json.Number, text (which may hold a file), or a list of any of these. What is
// missing, nil or "" is empty.
type values map[string]any

// text is a text of which a part may be a file.
type text struct {
	parts []wire.Part
	file  string // the name under which a file goes as it is
	mime  string
}

// fields are a table that was filled in.
type fields struct {
	keys []string
	of   map[string]any
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case *fields:
		return len(v.keys) == 0
	}
	return false
}

// fill puts values into the node. ok is false if nothing is left of it: a field
// whose placeholder is empty, a table or a list of nothing but such fields, "".
func (n *node) fill(vars values) (v any, ok bool) {
	switch {
	case n.text != nil:
		v = fillText(*n.text, vars)
		return v, !empty(v)
	case n.table != nil:
		f := &fields{of: map[string]any{}}
		for _, k := range n.keys {
			if one, ok := n.table[k].fill(vars); ok {
				f.keys, f.of[k] = append(f.keys, k), one
			}
		}
		return f, len(f.keys) > 0 || len(n.keys) == 0
	case n.list != nil:
		list := []any{}
		for _, one := range n.list {
			filled, ok := one.fill(vars)
			if more, isList := filled.([]any); isList && one.text != nil {
				list = append(list, more...) // "{references}" among other parts
			} else if ok {
				list = append(list, filled)
			}
		}
		return list, len(list) > 0 || len(n.list) == 0
	}
	return n.value, true
}

// fillText fills a text. One that is nothing but a placeholder takes the type
// of its value; any other is empty if one of its placeholders is.
func fillText(template string, vars values) any {
	if name, ok := whole(template); ok {
		return vars[name]
	}
	if !strings.Contains(template, "{") {
		return template
	}
	missing := false
	out := placeholder.ReplaceAllStringFunc(template, func(m string) string {
		s, ok := scalar(vars[m[1:len(m)-1]])
		missing = missing || !ok || s == ""
		return s
	})
	if missing {
		return nil
	}
	return out
}

// scalar gives a value as text; ok is false for a list, a table or a file.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	}
	return "", false
}

// builder puts a body together from text and files.
type builder struct {
	parts []wire.Part
	buf   bytes.Buffer
}

func (b *builder) part(p wire.Part) {
	if p.File == "" {
		b.buf.WriteString(p.Text)
		return
	}
	b.flush()
	b.parts = append(b.parts, p)
}

func (b *builder) flush() {
	if b.buf.Len() > 0 {
		b.parts = append(b.parts, wire.Part{Text: b.buf.String()})
		b.buf.Reset()
	}
}

// jsonBody writes a table as JSON, its fields in the order of the recipe.
func jsonBody(f *fields) *wire.Body {
	b := &builder{}
	b.json(f)
	b.flush()
	return &wire.Body{Type: "application/json", Parts: b.parts}
}

func (b *builder) json(v any) {
	switch v := v.(type) {
	case *fields:
		b.buf.WriteByte('{')
		for i, k := range v.keys {
			if i > 0 {
				b.buf.WriteByte(',')
			}
			b.json(k)
			b.buf.WriteByte(':')
			b.json(v.of[k])
		}
		b.buf.WriteByte('}')
	case []any:
		b.buf.WriteByte('[')
		for i, one := range v {
			if i > 0 {
				b.buf.WriteByte(',')
			}
			b.json(one)
		}
		b.buf.WriteByte(']')
	case text:
		b.buf.WriteByte('"')
		for _, p := range v.parts {
			p.Text = quoted(p.Text)
			b.part(p)
		}
		b.buf.WriteByte('"')
	case string:
		b.buf.WriteString(`"` + quoted(v) + `"`)
	default:
		data, err := json.Marshal(v)
		if err != nil {
			panic(fmt.Sprintf("recipe: %T in a body: %v", v, err)) // no recipe can say it
		}
		b.buf.Write(data)
	}
}

// quoted is a text as it stands between the quotes of JSON.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string always has a form
	}
	return b.String()[1 : b.Len()-2]
}

// formBody writes a table as multipart/form-data: the texts first, then the
// files, as those who read a stream want it.
func formBody(f *fields, boundary string) *wire.Body {
	b := &builder{}
	for _, files := range []bool{false, true} {
		for _, k := range f.keys {
			list, ok := f.of[k].([]any)
			if !ok {
				list = []any{f.of[k]}
			}
			for _, one := range list {
				if t, ok := one.(text); (ok && t.file != "") == files {
					b.formField(boundary, k, one)
				}
			}
		}
	}
	b.buf.WriteString("--" + boundary + "--\r\n")
	b.flush()
	return &wire.Body{Type: "multipart/form-data; boundary=" + boundary, Parts: b.parts}
}

func (b *builder) formField(boundary, name string, v any) {
	b.buf.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + escapeQuotes(name) + `"`)
	t, isText := v.(text)
	if isText && t.file != "" {
		b.buf.WriteString("; filename=\"" + escapeQuotes(t.file) + "\"\r\nContent-Type: " + t.mime)
	}
	b.buf.WriteString("\r\n\r\n")
	if isText {
		for _, p := range t.parts {
			b.part(p)
		}
	} else if s, ok := scalar(v); ok {
		b.buf.WriteString(s)
	} else {
		b.json(v)
	}
	b.buf.WriteString("\r\n")
}

func escapeQuotes(s string) string {
	return strings.NewReplacer("\\", "\\\\", `"`, "%22", "\r", "%0D", "\n", "%0A").Replace(s)
}
