package studio

import (
	"slices"
	"strings"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
)

// reference carries out an action on the references.
func (p *Page) reference(env parts.Env, a keys.Action) []any {
	if a == keys.AddRef {
		return []any{ask.File{Tag: "reference", Title: env.Words.Say("studio.references.add")}}
	}
	was := p.request.References
	list, ok := p.refs.Do(was, a)
	if !ok {
		return nil
	}
	p.request.References = list
	if len(list) != len(was) || a == keys.RefLater || a == keys.RefSooner {
		return []any{ask.Draft{}}
	}
	return nil
}

// named takes what a person typed or chose as a reference: an address, or the
// path of a picture, which is looked at first.
func (p *Page) named(env parts.Env, value string) []any {
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return nil
	case isURL(value):
		return p.addReference(env, backend.Reference{URL: value})
	}
	p.looking++
	return []any{ask.LookAt{Reference: backend.Reference{Path: value}}}
}

// addReference adds a reference at the end, unless it is there already, and
// says where the model has a word to say about it.
func (p *Page) addReference(env parts.Env, ref backend.Reference) []any {
	list := p.request.References
	if slices.ContainsFunc(list, func(r backend.Reference) bool {
		return r.Path == ref.Path && r.URL == ref.URL
	}) {
		return warn(env.Words.Say("studio.say.reference_twice", ref.Name()))
	}
	p.request.References = append(slices.Clone(list), ref)
	p.refs.Select(len(list))
	out := []any{ask.Draft{}}
	if err := p.checkReferences(); err != nil {
		return append(out, warn(p.problem(env, err))...)
	}
	return append(out, good(env.Words.Say("studio.say.reference_added", ref.Name()))...)
}

// checkReferences says what the model says to the references, with a prompt
// that it would take.
func (p *Page) checkReferences() error {
	m, ok := p.model()
	if !ok {
		return nil
	}
	r := p.request.Clone()
	r.Prompt = "."
	if err := m.Check(r); err != nil && backend.AsError(err).Field == backend.FieldReferences {
		return err
	}
	return nil
}

// looked takes in what a look at a local picture said. A paste that was no
// picture is text.
func (p *Page) looked(env parts.Env, msg ask.Looked) []any {
	if msg.Asked.Refresh {
		return p.refreshed(env, msg)
	}
	p.looking = max(p.looking-1, 0)
	switch {
	case msg.Err == nil:
		return p.addReference(env, msg.Reference)
	case msg.Asked.Text != "":
		p.focus, p.over = promptPane, nothing
		p.prompt.Insert(msg.Asked.Text)
		return nil
	}
	return bad(p.problem(env, msg.Err))
}

// refreshed tells a reference that is in the list what it is.
func (p *Page) refreshed(env parts.Env, msg ask.Looked) []any {
	if msg.Err != nil {
		return bad(p.problem(env, msg.Err))
	}
	list := slices.Clone(p.request.References)
	for i, ref := range list {
		if ref.Path == msg.Asked.Reference.Path && ref.Type == "" {
			list[i] = msg.Reference
		}
	}
	p.request.References = list
	return nil
}
