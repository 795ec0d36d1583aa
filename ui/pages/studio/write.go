package studio

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/files"
)

// A key that bounces or is held down never pays twice: with nothing changed
// between, Enter is taken for the same press within bounce of the one that was
// sent, and for as long as it comes again within repeat, as a held key does.
const (
	bounce = time.Second
	repeat = 400 * time.Millisecond
)

// write carries out what has to do with the prompt as a whole.
func (p *Page) write(env parts.Env, a keys.Action) []any {
	switch a {
	case keys.Generate:
		return p.generate(env, p.Request())
	case keys.Search:
		p.focus, p.over = promptPane, nothing
		return []any{ask.Search{Tag: "prompt", Prompts: p.prompt.Earlier()}}
	case keys.Editor:
		p.focus, p.over = promptPane, nothing
		return []any{ask.Edit{Text: p.prompt.Value()}}
	}
	return nil
}

// generate submits a request, unless Enter was pressed for it a moment ago.
func (p *Page) generate(env parts.Env, r backend.Request) []any {
	last := p.entered
	if reflect.DeepEqual(r, last.request) && (within(env.Now, last.sent, bounce) || within(env.Now, last.pressed, repeat)) {
		p.entered.pressed, p.entered.said = env.Now, true
		if last.said {
			return nil
		}
		return warn(env.Words.Say("studio.say.bounced"))
	}
	if p.looking > 0 {
		return warn(env.Words.Say("studio.say.looking"))
	}
	at := p.facts.Provider(r.Provider)
	if at == nil {
		return bad(env.Words.Say("studio.say.no_provider", backend.Clean(r.Provider)))
	}
	if err := at.Check(r); err != nil && !onlyUnseen(r, err) {
		return bad(p.problem(env, err))
	}
	if t, ok := p.facts.Twin(r); ok {
		return p.askTwin(env, t, r)
	}
	return p.send(env, r)
}

// send submits a request that nothing speaks against.
func (p *Page) send(env parts.Env, r backend.Request) []any {
	p.entered = entered{request: r.Clone(), sent: env.Now, pressed: env.Now}
	return []any{ask.Generate{Request: r}}
}

// askTwin asks before a request is sent that is the same as an unsure one: that
// may be at work already, and both would be charged.
func (p *Page) askTwin(env parts.Env, t task.Task, r backend.Request) []any {
	p.twin = r.Clone()
	say := env.Words.Say
	return []any{ask.Choose{
		Tag: "twin " + t.ID, Title: say("studio.twin.title", t.Short()), Text: say("studio.twin.text", backend.Clean(r.Provider)),
		Items: []ask.Item{
			{Value: "look", Label: say("studio.twin.look"), Note: say("studio.twin.look_note")},
			{Value: "send", Label: say("studio.twin.send"), Note: say("studio.twin.send_note")},
		},
	}}
}

// twinAnswered sends all the same, or shows the unsure one.
func (p *Page) twinAnswered(env parts.Env, id, choice string) []any {
	if choice == "send" {
		return p.send(env, p.twin)
	}
	p.focus, p.over = tasksPane, nothing
	p.tasks.Select(id)
	return info(env.Words.Say("studio.twin.shown"))
}

// within says whether now is less than d after at.
func within(now, at time.Time, d time.Duration) bool {
	since := now.Sub(at)
	return since >= 0 && since < d
}

// onlyUnseen says whether a check may have failed because a local reference has
// not been looked at; the submit looks at it and checks again.
func onlyUnseen(r backend.Request, err error) bool {
	return backend.AsError(err).Field == backend.FieldReferences &&
		slices.ContainsFunc(r.References, func(ref backend.Reference) bool { return ref.Path != "" && ref.Type == "" })
}

// paste puts text where the focus is. One that is wholly the path of a picture
// becomes a reference, when a look at it said so.
func (p *Page) paste(env parts.Env, text string) []any {
	if _, typing := p.tasks.Filter(); typing && p.focus == tasksPane {
		p.tasks.Type(text)
		return nil
	}
	if path, ok := picturePath(text); ok {
		p.looking++
		return []any{ask.LookAt{Reference: backend.Reference{Path: path}, Text: text}}
	}
	if p.focus == promptPane {
		p.prompt.Insert(text)
		return nil
	}
	if url := strings.TrimSpace(text); p.focus == referencesPane && isURL(url) {
		return p.addReference(env, backend.Reference{URL: url})
	}
	p.focus, p.over = promptPane, nothing
	p.prompt.Insert(text)
	return nil
}

func isURL(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " \n\t")
}

// picturePath gives the path that a paste may be: as typed, as a file manager
// drops it (quoted, escaped, or with file://), and with the ending of a picture.
func picturePath(text string) (string, bool) {
	s := strings.TrimSpace(text)
	if s == "" || len(s) > 4096 || strings.ContainsAny(s, "\n\r") {
		return "", false
	}
	if s = files.Dropped(s); !files.IsPicture(s) {
		return "", false
	}
	if filepath.IsAbs(s) || strings.HasPrefix(s, "~/") || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") || !strings.Contains(s, " ") {
		return s, !isURL(s)
	}
	return "", false
}

// problem says an error: who, what, and what to do. What a check refused says
// itself what is allowed.
func (p *Page) problem(env parts.Env, err error) string {
	e, ok := errors.AsType[*backend.Error](err)
	if !ok {
		return backend.Clean(err.Error())
	}
	text := env.Words.Error(e)
	if e.Provider == "" || e.Op == backend.OpCheck || e.Kind == backend.Invalid {
		return text
	}
	hint := ""
	if at := p.facts.Provider(e.Provider); at != nil {
		hint = at.KeyHint
	}
	text = env.Words.Say("errors.said", e.Provider, text)
	if advice := env.Words.Advice(e, hint); advice != "" {
		text += " · " + advice
	}
	return text
}

func info(text string) []any { return []any{ask.Say{Level: ask.Info, Text: text}} }
func good(text string) []any { return []any{ask.Say{Level: ask.Good, Text: text}} }
func warn(text string) []any { return []any{ask.Say{Level: ask.Warn, Text: text}} }
func bad(text string) []any  { return []any{ask.Say{Level: ask.Bad, Text: text}} }
