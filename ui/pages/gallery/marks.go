package gallery

import (
	"maps"
	"slices"
	"strings"

	"easel/backend"
	"easel/history"
	"easel/ui/ask"
	"easel/ui/parts"
)

// undo is how something that was done is taken back, and what is said then.
type undo struct {
	asks []any
	say  string
}

// undos is how many steps can be taken back.
const undos = 30

func (p *Page) canUndo(asks []any, say string) {
	if p.undo = append(p.undo, undo{asks, say}); len(p.undo) > undos {
		p.undo = p.undo[1:]
	}
}

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
	on, change := true, without
	if len(without) == 0 {
		on, change = false, with
	}
	off := !on
	p.canUndo([]any{ask.Mark{IDs: change, Mark: history.Mark{Starred: &off}}}, env.Words.Say("gallery.did.undone"))
	return []any{ask.Mark{IDs: change, Mark: history.Mark{Starred: &on}, Say: len(change)}}
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
	p.canUndo(was.marks(0), env.Words.Say("gallery.did.undone"))
	return now.marks(len(ids))
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

// marks gives the changes, of which the first says how many there are.
func (g grouped) marks(say int) (out []any) {
	for _, key := range slices.Sorted(maps.Keys(g)) {
		m := *g[key]
		m.Say, say = say, 0
		out = append(out, m)
	}
	return out
}

// trash moves entries to the trash.
func (p *Page) trash(env parts.Env, ids []string) []any {
	if p.inTrash() {
		return warn(env.Words.Say("gallery.say.in_trash"))
	}
	p.picks.drop()
	p.canUndo([]any{ask.Trash{IDs: ids, Back: true, Quiet: true}}, env.Words.Say("gallery.did.back", len(ids)))
	return []any{ask.Trash{IDs: ids}}
}

// takeBack takes entries out of the trash where that is shown, else it undoes
// what was done last.
func (p *Page) takeBack(env parts.Env) []any {
	if p.inTrash() {
		ids := p.chosen()
		if len(ids) == 0 {
			return warn(env.Words.Say("gallery.say.none"))
		}
		p.picks.drop()
		return []any{ask.Trash{IDs: ids, Back: true}}
	}
	if len(p.undo) == 0 {
		return warn(env.Words.Say("gallery.say.no_undo"))
	}
	last := p.undo[len(p.undo)-1]
	p.undo = p.undo[:len(p.undo)-1]
	return append(slices.Clone(last.asks), info(last.say)...)
}

// marked says what was done, or why it was not.
func (p *Page) marked(env parts.Env, msg ask.Marked) []any {
	say := env.Words.Say
	if msg.Err != nil {
		return bad(say("gallery.say.failed", clean(msg.Err)))
	}
	switch a := msg.Asked.(type) {
	case ask.Trash:
		switch {
		case a.Quiet:
		case a.Back:
			return good(say("gallery.did.back", len(a.IDs)))
		default:
			return good(say("gallery.did.trashed", len(a.IDs)))
		}
	case ask.Mark:
		switch {
		case a.Say == 0:
		case a.Mark.Tags != nil:
			return good(say("gallery.did.tagged", a.Say))
		case *a.Mark.Starred:
			return good(say("gallery.did.starred", a.Say))
		default:
			return good(say("gallery.did.unstarred", a.Say))
		}
	}
	return nil
}

// weighed asks whether the trash is to be emptied.
func (p *Page) weighed(env parts.Env, msg ask.Weighed) []any {
	say := env.Words.Say
	switch {
	case msg.Err != nil:
		return bad(say("gallery.say.failed", clean(msg.Err)))
	case msg.Pictures == 0:
		return info(say("gallery.say.trash_empty"))
	}
	return []any{ask.Confirm{
		Tag: "empty", Title: say("gallery.empty.title"), Yes: say("gallery.empty.yes"),
		Text: say("gallery.empty.text", msg.Pictures, parts.Bytes(msg.Bytes)),
	}}
}

func (p *Page) emptied(env parts.Env, msg ask.Emptied) []any {
	if msg.Err != nil {
		return bad(env.Words.Say("gallery.say.failed", clean(msg.Err)))
	}
	return good(env.Words.Say("gallery.did.emptied", msg.Pictures, parts.Bytes(msg.Bytes)))
}

// picked takes in the answer of a popup.
func (p *Page) picked(env parts.Env, msg ask.Picked) []any {
	switch msg.Tag {
	case "tags":
		return p.retag(env, msg.Value)
	case "empty":
		return []any{ask.EmptyTrash{}}
	}
	return nil
}

func clean(err error) string { return backend.Clean(err.Error()) }
