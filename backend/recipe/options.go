package recipe

import (
	"slices"

	"easel/backend"
)

// reserved are names that a placeholder has already.
var reserved = []string{
	"model", "prompt", "ratio", "size", "count", "references", "reference", "mime", "id", "ids", "key", "from", "to",
}

// option is an option with the values that it has on the wire, by their text.
type option struct {
	backend.Option
	wire map[string]any
}

// options reads the options of the table at a path, in the order of the file.
func (l *loader) options(path []string, table map[string]optionForm) []option {
	var out []option
	for _, name := range keysOf(l.doc, path, table) {
		out = append(out, l.option(append(slices.Clone(path), name), name, table[name]))
	}
	return out
}

// set puts an option into the place of the one of its name, or behind all.
func (m *sold) set(o option) {
	at := slices.IndexFunc(m.Options, func(have backend.Option) bool { return have.Name == o.Name })
	if at < 0 {
		at = len(m.Options)
		m.Options = append(m.Options, o.Option)
	}
	m.Options[at], m.wire[o.Name] = o.Option, o.wire
}

// option reads one option.
func (l *loader) option(path []string, name string, f optionForm) option {
	o := backend.Option{Name: name, Title: f.Title, Quiet: f.Quiet, Text: f.Text, Field: l.field(name)}
	wire := map[string]any{}
	kinds := 0
	if slices.Contains(reserved, name) {
		l.wrong(path, "an option cannot be called %q: that is a placeholder of its own", name)
	}
	if o.Field == "" {
		l.wrong(path, "the option %q is sent nowhere: no {%s} in [submit]", name, name)
	}
	if f.Values != nil {
		kinds++
		for _, v := range f.Values {
			s, ok := scalar(v)
			if !ok || s == "" {
				l.wrong(append(path, "values"), "each value must be a text, a number, true or false")
				continue
			}
			o.Values, wire[s] = append(o.Values, s), v
		}
		l.distinct(append(path, "values"), o.Values)
	}
	if f.Min != nil || f.Max != nil {
		kinds++
		o.Number = true
		if f.Min == nil || f.Max == nil || *f.Min > *f.Max {
			l.wrong(path, "a number needs a min and a max that is not below it")
		} else {
			o.Min, o.Max = *f.Min, *f.Max
		}
	}
	if f.Text {
		kinds++
	}
	if kinds != 1 {
		l.wrong(path, "the option %q needs values, or min and max, or text = true", name)
	}
	if f.Default != nil {
		o.Default, _ = scalar(f.Default)
		if kinds == 1 && o.Check(o.Default) != nil {
			l.wrong(append(path, "default"), "the default %q is not allowed by the option itself", o.Default)
		}
	}
	return option{o, wire}
}

// field finds the provider's own name of an option: the field of the submit in
// which its placeholder stands.
func (l *loader) field(option string) string {
	found := ""
	look := func(key, text string) {
		if found == "" && slices.Contains(names(text), option) {
			found = key
		}
	}
	for _, r := range l.submits {
		for _, n := range []*node{r.body, r.query, r.headers} {
			n.walk("", look)
		}
	}
	return found
}
