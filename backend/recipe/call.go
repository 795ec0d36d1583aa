package recipe

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"easel/backend"
	"easel/backend/wire"
)

// access gives the key, without the word that the recipe puts before it, or says
// why nothing can be sent.
func (d *driver) access(ctx context.Context) (string, error) {
	if d.base == "" {
		return "", &backend.Error{Provider: d.name, Kind: backend.Invalid, Fate: backend.Unsent, Word: "wire.base", Args: []string{d.name},
			Message: "no base URL: name it with base_url in [providers." + d.name + "]"}
	}
	key := ""
	if d.key != nil {
		var err error
		if key, err = d.key(ctx); err != nil {
			e := *backend.AsError(err)
			e.Fate = backend.Unsent
			return "", &e
		}
	}
	_, value, _ := strings.Cut(d.auth, ": ")
	before, _, _ := strings.Cut(value, "{key}")
	key = strings.TrimSpace(key)
	for _, word := range []string{before, "Bearer "} {
		if word != "" && len(key) > len(word) && strings.EqualFold(key[:len(word)], word) {
			key = strings.TrimSpace(key[len(word):])
		}
	}
	if key == "" && d.KeyEnv != "" {
		e := &backend.Error{Provider: d.name, Kind: backend.Unauthorized, Fate: backend.Unsent, Message: "no key"}
		if d.hint != "" {
			e.Word, e.Args, e.Message = "wire.key", []string{d.hint}, "no key: it is looked for in "+d.hint
		}
		return "", e
	}
	return key, nil
}

// authorize puts the key into a head.
func (d *driver) authorize(h http.Header, key string) {
	if name, value, ok := strings.Cut(d.auth, ": "); ok && key != "" {
		h.Set(name, strings.ReplaceAll(value, "{key}", key))
	}
}

// jobValues are what placeholders stand for in questions about a job.
func (d *driver) jobValues(j backend.Job, key string) values {
	vars := values{"model": d.spell("model", j.Model), "id": j.Ticket, "key": key}
	for name, v := range j.Kept {
		if _, known := d.read.keep[name]; known {
			vars[name] = v
		}
	}
	return vars
}

// spell gives a value as it is written on the wire.
func (d *driver) spell(field, value string) any {
	if v, ok := d.form.Spell[field][value]; ok {
		return v
	}
	return value
}

// submitCall puts a submit together.
func (d *driver) submitCall(m backend.Model, r backend.Request, key string) (wire.Call, error) {
	request, way, vars, err := d.prepare(m, r, key)
	if err != nil {
		return wire.Call{}, err
	}
	call, err := d.call(request, backend.OpSubmit, vars, key)
	call.Blocking = way != nil || !d.read.polls
	call.Stream = way != nil && way.stream
	return call, err
}

// prepare chooses the form of a submit and what its placeholders stand for.
func (d *driver) prepare(m backend.Model, r backend.Request, key string) (*request, *way, values, error) {
	form, err := d.steps.choose(m, r.References, time.Now())
	if err != nil {
		return nil, nil, nil, err
	}
	request, way := form.request, d.steps.way(r.Options)
	if way != nil {
		request = way.over(&request)
	}
	vars := d.requestValues(m, r)
	vars["key"] = key
	if list := d.references(form, r.References); len(list) > 0 {
		vars["references"], vars["reference"] = list, list[0]
	}
	return &request, way, vars, nil
}

// requestValues are what placeholders stand for in a submit. What the model does
// not have is empty; so is a ratio that only groups the sizes.
func (d *driver) requestValues(m backend.Model, r backend.Request) values {
	vars := values{"model": d.spell("model", r.Model), "prompt": r.Prompt, "size": d.spell("size", r.Size)}
	if r.Model == "" {
		vars["model"] = d.spell("model", m.ID)
	}
	if len(m.SizesFor) == 0 {
		vars["ratio"] = d.spell("ratio", r.Ratio)
	}
	if m.HasCount() {
		vars["count"] = r.Count
	}
	kind := d.model(m.ID)
	for _, o := range m.Options {
		value, ok := r.Options[o.Name]
		if !ok || value == "" {
			continue
		}
		vars[o.Name] = any(value)
		if o.Number {
			vars[o.Name] = number(value)
		} else if kind != nil && kind.wire[o.Name][value] != nil {
			vars[o.Name] = kind.wire[o.Name][value]
		}
		if spelled, ok := d.form.Spell[o.Name][value]; ok {
			vars[o.Name] = spelled
		}
	}
	return vars
}

// references gives each reference as it is sent: an address as it is, a file as
// the form wants it.
func (d *driver) references(form *submit, refs []backend.Reference) []any {
	var out []any
	for _, ref := range refs {
		one, mime := any(ref.URL), ""
		if !form.url || !ref.IsURL(time.Now()) {
			mime = "image/" + ref.Type
			one = fileText(form.file, ref.Path, mime, "image."+backend.Extension(ref.Type))
		}
		if form.each != nil {
			one, _ = form.each.fill(values{"reference": one, "mime": mime})
		}
		out = append(out, one)
	}
	return out
}

func fileText(how, path, mime, name string) text {
	switch how {
	case "data":
		return text{parts: []wire.Part{{Text: "data:" + mime + ";base64,"}, {File: path, Base64: true}}}
	case "base64":
		return text{parts: []wire.Part{{File: path, Base64: true}}}
	}
	return text{parts: []wire.Part{{File: path}}, file: name, mime: mime}
}

// call fills in a request.
func (d *driver) call(r *request, op backend.Op, vars values, key string) (wire.Call, error) {
	c := wire.Call{Op: op, Method: r.method, Key: key, Header: http.Header{}}
	if d.form.Answer.Inline {
		c.Max = wire.MaxInline
	}
	d.authorize(c.Header, key)
	if r.headers != nil {
		for _, name := range r.headers.keys {
			if v, ok := r.headers.table[name].fill(vars); ok {
				s, _ := scalar(v)
				c.Header.Set(name, s)
			}
		}
	}
	if r.body != nil {
		filled, _ := r.body.fill(vars)
		if r.multipart {
			c.Body = formBody(filled.(*fields), "easel-"+rand.Text())
		} else {
			c.Body = jsonBody(filled.(*fields))
		}
	}
	address, err := d.address(r, vars)
	c.URL = address
	return c, err
}

// address gives where a request goes: the base URL and the path, or an address
// that the provider named, which must be at the same place: the key goes there.
func (d *driver) address(r *request, vars values) (string, error) {
	address := ""
	if name, ok := whole(r.path); ok {
		address, _ = vars[name].(string)
		if address == "" {
			return "", &backend.Error{Kind: backend.Invalid, Fate: backend.Unsent, Message: "the provider can only be asked at the address that it named (" + name + "), and that is not known"}
		}
		if strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") {
			address = d.base + address
		}
		if !wire.SameOrigin(address, d.base) {
			return "", &backend.Error{Kind: backend.Garbled, Fate: backend.Unsent, Message: "the provider named an address at another place, where the key must not go: " + backend.Clean(address)}
		}
	} else {
		address = d.base + fillPath(r.path, vars)
	}
	if r.query == nil {
		return address, nil
	}
	sign := "?"
	if strings.Contains(address, "?") {
		sign = "&"
	}
	for _, name := range r.query.keys {
		v, ok := r.query.table[name].fill(vars)
		if s, plain := scalar(v); ok && plain && s != "" {
			address += sign + url.QueryEscape(name) + "=" + url.QueryEscape(s)
			sign = "&"
		}
	}
	return address, nil
}

// fillPath fills a path. What stands for something is escaped, but for the
// slashes and colons of a model's name.
func fillPath(path string, vars values) string {
	return placeholder.ReplaceAllStringFunc(path, func(m string) string {
		name := m[1 : len(m)-1]
		s, _ := scalar(vars[name])
		if name != "model" {
			return url.PathEscape(s)
		}
		parts := strings.Split(s, "/")
		for i, p := range parts {
			parts[i] = url.PathEscape(p)
		}
		return strings.Join(parts, "/")
	})
}

func number(s string) any {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return s
	}
	return n
}
