package gallery

import (
	"maps"
	"slices"
	"strings"

	"easel/history"
	"easel/ui/ask"
	"easel/ui/parts"
)

// star marks entries with a star; where all have one, it takes them away.
func (p *Page) star(env parts.Env, ids []string) []any {
	var with, without []string
	for _, e := range p.entries(ids) {
		if e.Starred {
			with = append(with, e.ID)
		} else {
			without = append(without, e.ID)
		}
	}
	on, off, list, did := true, false, without, "gallery.did.starred"
	if len(without) == 0 {
		on, off, list, did = false, true, with, "gallery.did.unstarred"
	}
	p.canUndo(undo{[]any{ask.Mark{IDs: list, Mark: history.Mark{Starred: &off}}}, env.Words.Say("gallery.did.undone")})
	return p.change(change{asks: []any{ask.Mark{IDs: list, Mark: history.Mark{Starred: &on}}}, say: env.Words.Say(did, len(list))})
}

// tag asks for the tags of entries: those that all of them have are there
// already.
func (p *Page) tag(env parts.Env, ids []string) []any {
	say := env.Words.Say
	title := say("gallery.tags.title")
	if len(ids) > 1 {
		title = say("gallery.tags.title_many", number(len(ids)))
	}
	text := strings.Join(p.shared(ids), ", ")
	if text != "" {
		text += ", "
	}
	return []any{ask.Type{Tag: "tags", Title: title, Text: text, Hint: say("gallery.tags.hint"), Words: p.tags}}
}

// shared gives the tags that all of the entries have.
func (p *Page) shared(ids []string) []string {
	var out []string
	for i, e := range p.entries(ids) {
		if i == 0 {
			out = slices.Clone(e.Tags)
			continue
		}
		out = slices.DeleteFunc(out, func(t string) bool { return !slices.Contains(e.Tags, t) })
	}
	return out
}

// retag gives entries the tags that were typed. Those that not all of them have
// were not shown, and stay.
func (p *Page) retag(env parts.Env, typed string) []any {
	ids := p.chosen()
	shared := p.shared(ids)
	var tags []string
	for t := range strings.SplitSeq(strings.ReplaceAll(typed, "，", ","), ",") {
		if t = strings.Join(strings.Fields(t), " "); t != "" && !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	now, was := grouped{}, grouped{}
	for _, e := range p.entries(ids) {
		own := slices.DeleteFunc(slices.Clone(e.Tags), func(t string) bool { return slices.Contains(shared, t) || slices.Contains(tags, t) })
		if list := append(slices.Clone(tags), own...); !slices.Equal(list, e.Tags) {
			now.add(list, e.ID)
			was.add(e.Tags, e.ID)
		}
	}
	if len(now) == 0 {
		return nil
	}
	p.canUndo(undo{was.marks(), env.Words.Say("gallery.did.undone")})
	return p.change(change{asks: now.marks(), say: env.Words.Say("gallery.did.tagged", len(ids))})
}

// grouped is ids by the tags that they have.
type grouped map[string]*ask.Mark

func (g grouped) add(tags []string, id string) {
	key := strings.Join(tags, "\x00")
	if g[key] == nil {
		list := append([]string{}, tags...)
		g[key] = &ask.Mark{Mark: history.Mark{Tags: &list}}
	}
	g[key].IDs = append(g[key].IDs, id)
}

func (g grouped) marks() (out []any) {
	for _, key := range slices.Sorted(maps.Keys(g)) {
		out = append(out, *g[key])
	}
	return out
}

// trash moves entries to the trash.
func (p *Page) trash(env parts.Env, ids []string) []any {
	if p.inTrash() {
		return warn(env.Words.Say("gallery.say.in_trash"))
	}
	p.picks.drop()
	say := env.Words.Say
	p.canUndo(undo{[]any{ask.Trash{IDs: ids, Back: true}}, say("gallery.did.back", len(ids))})
	return p.change(change{asks: []any{ask.Trash{IDs: ids}}, say: say("gallery.did.trashed", len(ids))})
}

// takeBack takes entries out of the trash where that is shown, else it undoes
// what was done last.
func (p *Page) takeBack(env parts.Env) []any {
	if p.inTrash() {
		ids := p.chosen()
		if len(ids) == 0 {
			return p.nothing(env)
		}
		p.picks.drop()
		return p.change(change{asks: []any{ask.Trash{IDs: ids, Back: true}}, say: env.Words.Say("gallery.did.back", len(ids))})
	}
	if len(p.undo) == 0 {
		return warn(env.Words.Say("gallery.say.no_undo"))
	}
	last := p.undo[len(p.undo)-1]
	p.undo = p.undo[:len(p.undo)-1]
	return p.change(change{last.asks, last.say, &last})
}

// weighed asks whether the trash is to be emptied.
func (p *Page) weighed(env parts.Env, msg ask.Weighed) []any {
	say := env.Words.Say
	switch {
	case msg.Err != nil:
		return bad(say("gallery.say.failed", env.Words.Err(msg.Err)))
	case msg.Pictures == 0:
		return info(say("gallery.say.trash_empty"))
	}
	return []any{ask.Confirm{
		Tag: "empty", Title: say("gallery.empty.title"), Yes: say("gallery.empty.yes"),
		Text: say("gallery.empty.text", msg.Pictures, parts.Bytes(msg.Bytes)),
	}}
}

func (p *Page) emptied(env parts.Env, msg ask.Emptied) []any {
	out := p.changed(env, msg.Err)
	if msg.Err != nil {
		return out
	}
	return append(good(env.Words.Say("gallery.did.emptied", msg.Pictures, parts.Bytes(msg.Bytes))), out...)
}

// picked takes in the answer of a popup.
func (p *Page) picked(env parts.Env, msg ask.Picked) []any {
	switch msg.Tag {
	case "tags":
		return p.retag(env, msg.Value)
	case "empty":
		return p.change(change{asks: []any{ask.EmptyTrash{}}})
	}
	return nil
}
