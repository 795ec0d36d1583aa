package studio

import (
	"strconv"
	"strings"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/params"
)

// parameter carries out an action on the person's own row of the parameters.
func (p *Page) parameter(env parts.Env, a keys.Action) []any {
	if !p.lay.wide && p.over != parametersOver {
		switch a {
		case keys.Choose, keys.Down, keys.Up, keys.StepNext, keys.StepPrev:
			p.over = parametersOver
		}
		return nil
	}
	rows := params.Rows(env, p.facts, p.request)
	if len(rows) == 0 {
		return nil
	}
	row := rows[p.params.At(rows)]
	switch a {
	case keys.Down:
		p.params.Move(rows, 1)
	case keys.Up:
		p.params.Move(rows, -1)
	case keys.StepNext, keys.StepPrev:
		by := 1
		if a == keys.StepPrev {
			by = -1
		}
		if v, ok := row.Step(by); ok {
			return p.set(env, row.Field, v)
		}
	case keys.Choose:
		return p.pick(env, row.Field)
	}
	return nil
}

// pick asks for the list of a field's legal values, or for the value itself
// where it can only be typed.
func (p *Page) pick(env parts.Env, field string) []any {
	for _, row := range params.Rows(env, p.facts, p.request) {
		if row.Field != field {
			continue
		}
		p.params.Select(field)
		judge := p.judge(row)
		if len(row.From.Values) == 0 {
			return []any{ask.Type{Tag: field, Title: row.Label, Text: row.Value, Hint: hint(env, row), Judge: judge}}
		}
		pick := ask.Pick{Tag: field, Title: row.Label, Current: row.Value, Judge: judge}
		for _, v := range row.From.Values {
			pick.Items = append(pick.Items, p.item(env, field, v))
		}
		return []any{pick}
	}
	return warn(env.Words.Say("studio.say.no_field", env.Words.Say("studio.field."+field), backend.Clean(p.request.Model)))
}

func hint(env parts.Env, row params.Row) string {
	if row.From.Number {
		return env.Words.Say("studio.value.range", strconv.Itoa(row.From.Min), strconv.Itoa(row.From.Max))
	}
	return ""
}

// judge gives the judge of typed values; nil where none may be typed. It reads
// nothing that changes later.
func (p *Page) judge(row params.Row) func(string) error {
	if !row.Typed() {
		return nil
	}
	m, ok := p.model()
	if !ok {
		return nil
	}
	if row.From.Free != nil {
		free := *row.From.Free
		return func(s string) error { return free.Check(pixels(s)) }
	}
	o, _ := m.Option(row.Field)
	return func(s string) error {
		if s == "" && o.Default == "" {
			return nil
		}
		return o.Check(s)
	}
}

// pixels spells typed pixels as they are sent: "1536 × 1024" is "1536x1024".
func pixels(s string) string {
	if w, h, ok := backend.ParsePixels(s); ok {
		return strconv.Itoa(w) + "x" + strconv.Itoa(h)
	}
	return s
}

// item is a legal value as the list shows it.
func (p *Page) item(env parts.Env, field string, v backend.Value) ask.Item {
	i := ask.Item{Value: v.Value, Note: backend.Clean(v.Note)}
	switch field {
	case params.Provider:
		if at := p.facts.Provider(v.Value); at != nil {
			i.Note = backend.Clean(at.Title)
		}
	case params.Model:
		if at := p.facts.Provider(p.request.Provider); at != nil {
			m, _ := at.Model(v.Value)
			i.Note = backend.Clean(m.Note)
		}
	case backend.FieldRatio:
		i.Note = params.Shape(v.Value)
	}
	if v.Value == "" {
		i.Label = env.Words.Say("studio.value.default")
	}
	return i
}

func (p *Page) model() (backend.Model, bool) {
	at := p.facts.Provider(p.request.Provider)
	if at == nil {
		return backend.Model{}, false
	}
	return at.Model(p.request.Model)
}

// set changes a field, lets the others follow, and says what changed with it.
func (p *Page) set(env parts.Env, field, value string) []any {
	was := p.request
	var changes []backend.Change
	switch field {
	case params.Provider:
		at := p.facts.Provider(value)
		if at == nil || value == was.Provider {
			return nil
		}
		p.request, changes = adapt(at, was)
		if was.Model != p.request.Model {
			changes = append([]backend.Change{{Field: params.Model, From: was.Model, To: p.request.Model}}, changes...)
		}
	case params.Model:
		at := p.facts.Provider(was.Provider)
		if at == nil {
			return nil
		}
		m, ok := at.Model(value)
		if !ok {
			return nil
		}
		p.request, changes = m.Adapt(was)
	default:
		m, ok := p.model()
		if !ok {
			return nil
		}
		if field == backend.FieldSize {
			value = pixels(value)
		}
		p.request = m.Set(was, field, value)
		changes = follow(was, p.request, field)
	}
	out := []any{ask.Draft{}}
	if len(changes) > 0 {
		out = append(out, info(p.told(env, changes))...)
	}
	return out
}

// follow lists what followed a change of one field: the size a ratio, the ratio
// a size.
func follow(was, is backend.Request, field string) []backend.Change {
	var out []backend.Change
	if field != backend.FieldRatio && was.Ratio != is.Ratio {
		out = append(out, backend.Change{Field: backend.FieldRatio, From: was.Ratio, To: is.Ratio})
	}
	if field != backend.FieldSize && was.Size != is.Size {
		out = append(out, backend.Change{Field: backend.FieldSize, From: was.Size, To: is.Size})
	}
	return out
}

// told says changes in a line: "Size 2048x1152 → 1536x1024 · Quality left out".
func (p *Page) told(env parts.Env, changes []backend.Change) string {
	var bits []string
	for _, c := range changes {
		label := params.Label(env, backend.Field{Name: c.Field})
		switch {
		case c.From == "":
			bits = append(bits, label+" "+backend.Clean(c.To))
		case c.To == "":
			bits = append(bits, env.Words.Say("studio.say.dropped", label, backend.Clean(c.From)))
		default:
			bits = append(bits, label+" "+backend.Clean(c.From)+" → "+backend.Clean(c.To))
		}
	}
	return strings.Join(bits, " · ")
}

// adapt makes a request legal for a provider: its model is kept if it is sold
// there too, else the first one is taken.
func adapt(at *backend.Provider, r backend.Request) (backend.Request, []backend.Change) {
	r.Provider = at.Name
	m, ok := at.Model(r.Model)
	if !ok && len(at.Models) > 0 {
		m = at.Models[0]
	}
	if m.ID == "" {
		return r, nil
	}
	return m.Adapt(r)
}
