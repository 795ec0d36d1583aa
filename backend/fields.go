package backend

import (
	"fmt"
	"slices"
	"strconv"
)

// Field is one row of the parameters: what may be chosen now, under what is
// chosen already.
type Field struct {
	Name   string // FieldRatio, FieldSize, FieldCount or an option's name
	Title  string // of an option, if its recipe gives one
	Value  string // what is chosen; "" for an option that is left out
	Values []Value
	Free   *FreeSize // the size may also be typed
	Number bool      // a whole number from Min to Max may be typed
	Min    int
	Max    int
	Text   bool // any text may be typed
}

// Value is one legal value, and what people say of it.
type Value struct{ Value, Note string }

// Change is something that a request lost or gained because the model does not
// know it. From or To is empty where there was or is nothing.
type Change struct{ Field, From, To string }

// Fields gives the rows of the parameters of the model, in the order in which
// they follow one another. What the model does not have is not there; what has
// only one value is.
func (m Model) Fields(r Request) []Field {
	var out []Field
	if m.HasRatio() {
		out = append(out, Field{Name: FieldRatio, Value: r.Ratio, Values: plain(m.Ratios)})
	}
	if m.HasSize() {
		f := Field{Name: FieldSize, Value: r.Size, Free: m.FreeSize}
		for _, s := range m.SizesOf(r.Ratio) {
			f.Values = append(f.Values, Value{s.Value, s.Tier})
		}
		out = append(out, f)
	}
	for _, o := range m.Options {
		if o.Quiet && r.Options[o.Name] == o.Default {
			continue
		}
		out = append(out, Field{
			Name: o.Name, Title: o.Title, Value: r.Options[o.Name], Values: o.choices(),
			Number: o.Number, Min: o.Min, Max: o.Max, Text: o.Text,
		})
	}
	if m.HasCount() {
		f := Field{Name: FieldCount, Value: strconv.Itoa(r.Count)}
		for i := 1; i <= m.Count; i++ {
			f.Values = append(f.Values, Value{Value: strconv.Itoa(i)})
		}
		out = append(out, f)
	}
	return out
}

// choices are the values of the option; one without a default can also be left
// out, which is the value "".
func (o Option) choices() []Value {
	if len(o.Values) == 0 {
		return nil
	}
	var out []Value
	if o.Default == "" {
		out = append(out, Value{})
	}
	return append(out, plain(o.Values)...)
}

func plain(values []string) []Value {
	out := make([]Value, len(values))
	for i, v := range values {
		out[i] = Value{Value: v}
	}
	return out
}

// Fill puts the model's defaults where r says nothing. A size alone brings its
// ratio, a ratio alone its first size; typed pixels need no ratio. What r says
// stays, also if it is wrong: Check is the judge.
func (m Model) Fill(r Request) Request {
	r = r.Clone()
	r.Model = m.ID
	if r.Ratio == "" && r.Size != "" && m.HasRatio() {
		if at := m.RatiosOf(r.Size); len(at) > 0 {
			r.Ratio = at[0]
		} else if m.FreeSize == nil {
			r.Ratio = m.Ratios[0]
		}
	}
	if r.Ratio == "" && r.Size == "" && m.HasRatio() {
		r.Ratio = m.Ratios[0]
	}
	if sizes := m.SizesOf(r.Ratio); r.Size == "" && len(sizes) > 0 {
		r.Size = sizes[0].Value
	}
	if r.Count == 0 {
		r.Count = 1
	}
	for _, o := range m.Options {
		if _, ok := r.Options[o.Name]; !ok && o.Default != "" {
			if r.Options == nil {
				r.Options = map[string]string{}
			}
			r.Options[o.Name] = o.Default
		}
	}
	return r
}

// Adapt makes a request legal for the model: what is legal is kept, the rest
// becomes the default, and each change is told. The prompt and the references
// stay.
func (m Model) Adapt(r Request) (Request, []Change) {
	var changes []Change
	was := r.Clone()
	r = was.Clone()
	r.Model = m.ID
	if r.Ratio != "" && !slices.Contains(m.Ratios, r.Ratio) {
		r.Ratio = ""
	}
	if r.Size != "" && !m.keeps(r) {
		r.Size = ""
	}
	if !m.HasCount() {
		r.Count = 1
	} else {
		r.Count = min(max(r.Count, 1), m.Count)
	}
	for name, value := range r.Options {
		if o, ok := m.Option(name); !ok || o.Name != name || o.Check(value) != nil {
			delete(r.Options, name)
		}
	}
	r = m.Fill(r)
	note := func(field, from, to string) {
		if from != "" && from != to {
			changes = append(changes, Change{field, from, to})
		}
	}
	note(FieldRatio, was.Ratio, r.Ratio)
	note(FieldSize, was.Size, r.Size)
	if was.Count > 1 {
		note(FieldCount, strconv.Itoa(was.Count), strconv.Itoa(r.Count))
	}
	for _, name := range sortedKeys(was.Options) {
		note(name, was.Options[name], r.Options[name])
	}
	return r, changes
}

// keeps says whether the size may stay. Under a ratio it must stand in that
// ratio's list; free pixels stay while they keep the rules and no ratio is
// chosen.
func (m Model) keeps(r Request) bool {
	if hasSize(m.SizesOf(r.Ratio), r.Size) {
		return true
	}
	if r.Ratio == "" && len(m.RatiosOf(r.Size)) > 0 {
		return true
	}
	return m.FreeSize != nil && m.checkFree(r) == nil
}

// Set changes one field of a request and lets the others follow: a ratio brings
// a size of its own (of the same tier if there is one), a size its ratio. It
// does not judge.
func (m Model) Set(r Request, field, value string) Request {
	r = r.Clone()
	switch field {
	case FieldRatio:
		tier := m.tier(r.Ratio, r.Size)
		r.Ratio = value
		if sizes := m.SizesOf(value); len(m.SizesFor) > 0 || !hasSize(sizes, r.Size) {
			r.Size = pick(sizes, r.Size, tier)
		}
	case FieldSize:
		r.Size = value
		if !hasSize(m.SizesOf(r.Ratio), value) {
			r.Ratio = ""
			if at := m.RatiosOf(value); len(at) > 0 {
				r.Ratio = at[0]
			}
		}
	case FieldCount:
		r.Count, _ = strconv.Atoi(value)
	default:
		if value == "" {
			delete(r.Options, field)
			break
		}
		if r.Options == nil {
			r.Options = map[string]string{}
		}
		r.Options[field] = value
	}
	return r
}

func (m Model) tier(ratio, size string) string {
	for _, s := range m.SizesOf(ratio) {
		if s.Value == size {
			return s.Tier
		}
	}
	return ""
}

func pick(sizes []Size, value, tier string) string {
	if hasSize(sizes, value) {
		return value
	}
	for _, s := range sizes {
		if tier != "" && s.Tier == tier {
			return s.Value
		}
	}
	if len(sizes) > 0 {
		return sizes[0].Value
	}
	return ""
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// String says a change in English.
func (c Change) String() string {
	switch {
	case c.To == "":
		return fmt.Sprintf("%s %s is not sold here", c.Field, c.From)
	default:
		return fmt.Sprintf("%s %s → %s", c.Field, c.From, c.To)
	}
}
