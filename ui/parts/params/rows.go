package params

import (
	"strconv"

	"easel/backend"
	"easel/ui/facts"
	"easel/ui/parts"
)

// The rows that are there before those of the model.
const (
	Provider = "provider"
	Model    = backend.FieldModel
)

// Row is one parameter as it stands.
type Row struct {
	Field string // Provider, Model, or the name of a backend.Field
	Label string
	Value string // as it is sent; "" where the provider chooses
	Note  string // of the value: "2K"
	At    int    // which of the legal values it is, from 0; -1 if it is none of them
	Of    int    // how many there are
	From  backend.Field
}

// Rows gives the rows of a request: provider and model, then what the model
// has, in the order in which they follow one another.
func Rows(env parts.Env, f *facts.Facts, r backend.Request) []Row {
	rows := make([]Row, 0, 10)
	say := env.Words.Say
	p := f.Provider(r.Provider)
	rows = append(rows, row(say("studio.field.provider"), providers(f, r)))
	if p == nil {
		return rows
	}
	rows = append(rows, row(say("studio.field.model"), models(p, r)))
	m, ok := p.Model(r.Model)
	if !ok {
		return rows
	}
	for _, field := range m.Fields(r) {
		rows = append(rows, row(Label(env, field), field))
	}
	return rows
}

func row(label string, f backend.Field) Row {
	r := Row{Field: f.Name, Label: label, Value: f.Value, At: -1, Of: len(f.Values), From: f}
	for i, v := range f.Values {
		if v.Value == f.Value {
			r.At, r.Note = i, backend.Clean(v.Note)
		}
	}
	if f.Number && r.Of == 0 {
		r.Of = f.Max - f.Min + 1
		if n, err := strconv.Atoi(f.Value); err == nil {
			r.At = n - f.Min
		}
	}
	return r
}

func providers(f *facts.Facts, r backend.Request) backend.Field {
	out := backend.Field{Name: Provider, Value: r.Provider}
	for _, p := range f.Providers {
		out.Values = append(out.Values, backend.Value{Value: p.Name})
	}
	return out
}

func models(p *backend.Provider, r backend.Request) backend.Field {
	out := backend.Field{Name: Model, Value: r.Model}
	for _, m := range p.Models {
		out.Values = append(out.Values, backend.Value{Value: m.ID})
	}
	return out
}

// Label is what people call a field: the catalogue's word, else the title of
// its recipe, else its name.
func Label(env parts.Env, f backend.Field) string {
	key := "studio.field." + f.Name
	if s := env.Words.Say(key); s != key {
		return s
	}
	if f.Title != "" {
		return backend.Clean(f.Title)
	}
	return backend.Clean(f.Name)
}

// Shape draws the form of a ratio in one cell, "" for what is no ratio.
func Shape(ratio string) string {
	w, h, ok := backend.ParseRatio(ratio)
	switch {
	case !ok:
		return ""
	case w > h*1.1:
		return "▭"
	case h > w*1.1:
		return "▯"
	}
	return "□"
}

// Step gives the legal value that is by places away from the row's, within the
// list; false at its end, or where there is none.
func (r Row) Step(by int) (string, bool) {
	if r.From.Number && len(r.From.Values) == 0 {
		n, err := strconv.Atoi(r.Value)
		switch {
		case err != nil && by > 0:
			n = r.From.Min
		case err != nil:
			n = r.From.Max
		default:
			n += by
		}
		return strconv.Itoa(n), n >= r.From.Min && n <= r.From.Max
	}
	at := r.At + by
	if r.At < 0 && by < 0 {
		at = r.Of - 1
	}
	if at < 0 || at >= r.Of || r.Of == 0 {
		return "", false
	}
	return r.From.Values[at].Value, true
}

// Typed says whether other values than the listed ones may be typed.
func (r Row) Typed() bool { return r.From.Free != nil || r.From.Number || r.From.Text }
