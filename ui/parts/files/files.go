// Package files is the popup with which a reference is added: the path of a
// picture, typed with completion or chosen from the folder, or an address. It
// reads no folder itself: it asks for one with List and gets Listed.
package files

import (
	"path/filepath"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/filter"
)

// List asks for the entries of a folder. Dir is as the person typed it: it may
// begin with "~", or be relative to Base; "" is Base itself.
type List struct{ Base, Dir string }

// Listed answers List. Path is the folder's absolute path.
type Listed struct {
	Asked   List
	Path    string
	Entries []Entry
	Err     error
}

// Entry is a file or a folder.
type Entry struct {
	Name   string
	Folder bool
	Bytes  int64
	Time   time.Time // of the last change
}

// Files is the popup. Make one with New.
type Files struct {
	what   ask.File
	base   string
	list   *filter.List
	asked  List    // the folder that is wanted
	got    *Listed // what is shown; nil: nothing yet
	shown  []Entry // in the order of the list
	hidden bool    // those whose name begins with a dot are among them
	rowY   int
}

// New makes the popup, which begins in the folder base. The answer is
// ask.Picked with an absolute path or an address. Init must be carried out.
func New(what ask.File, base string) *Files {
	return &Files{what: what, base: base, list: filter.New(nil, 0), asked: List{Base: base}}
}

// Init asks for the first folder.
func (p *Files) Init() tea.Cmd { return parts.Send(p.asked) }

// Update handles a key, a paste, the mouse (relative to the box), or a Listed.
func (p *Files) Update(env parts.Env, msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case Listed:
		if msg.Asked == p.asked {
			p.show(env, msg)
		}
		return nil, false
	case tea.KeyPressMsg:
		switch env.Keys.Match(msg.String(), keys.Popup) {
		case keys.Cancel:
			return nil, true
		case keys.Accept:
			return p.accept(env)
		case keys.Complete:
			return p.complete(env), false
		}
		if msg.String() == "backspace" && p.list.Line.Value() == "" {
			p.list.Line.Set(".." + slash)
			return p.typed(env), false
		}
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft && p.list.Click(msg.Y-p.rowY) {
			return p.accept(env)
		}
		return nil, false
	}
	if paste, ok := msg.(tea.PasteMsg); ok {
		msg = tea.PasteMsg{Content: Dropped(paste.Content)}
	}
	was := p.list.Line.Value()
	p.list.Update(env, msg)
	if p.list.Line.Value() != was {
		return p.typed(env), false
	}
	return nil, false
}

const slash = string(filepath.Separator)

// split parts what is typed into the folder that it names and the rest, which
// filters.
func (p *Files) split() (dir, rest string) {
	s := p.list.Line.Value()
	if s == "~" || s == ".." || strings.HasSuffix(s, slash+"..") {
		return s + slash, ""
	}
	return s[:strings.LastIndexByte(s, filepath.Separator)+1], s[strings.LastIndexByte(s, filepath.Separator)+1:]
}

// typed follows a change of the text: another folder is asked for, or the
// entries are filtered.
func (p *Files) typed(env parts.Env) tea.Cmd {
	if IsURL(p.list.Line.Value()) {
		return nil
	}
	dir, rest := p.split()
	if want := (List{p.base, dir}); want != p.asked {
		p.asked = want
		p.list.Filter("") // until it comes, the one before stays whole
		return parts.Send(want)
	}
	p.order(env, rest)
	return nil
}

// IsURL says whether a text begins as an address does.
func IsURL(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// complete puts the selected entry into the line; a folder is entered.
func (p *Files) complete(env parts.Env) tea.Cmd {
	i, ok := p.list.Selected()
	if !ok || !p.current() || IsURL(p.list.Line.Value()) {
		return nil
	}
	dir, _ := p.split()
	text := dir + p.shown[i].Name
	if p.shown[i].Folder {
		text += slash
	}
	p.list.Line.Set(text)
	return p.typed(env)
}

// current says whether the entries that are shown are those of the folder that
// is typed.
func (p *Files) current() bool { return p.got != nil && p.got.Asked == p.asked && p.got.Err == nil }

// accept takes an address as it is typed, a folder by entering it, a picture as
// the answer, and a path that no entry matches as it is typed.
func (p *Files) accept(env parts.Env) (tea.Cmd, bool) {
	text := strings.TrimSpace(p.list.Line.Value())
	if IsURL(text) {
		return p.answer(text), true
	}
	_, rest := p.split()
	i, ok := p.list.Selected()
	switch {
	case !p.current():
		return nil, false
	case ok && p.shown[i].Folder:
		return p.complete(env), false
	case ok:
		return p.answer(filepath.Join(p.got.Path, p.shown[i].Name)), true
	case rest != "":
		return p.answer(filepath.Join(p.got.Path, rest)), true
	}
	return nil, false
}

func (p *Files) answer(value string) tea.Cmd {
	return parts.Send(ask.Picked{Tag: p.what.Tag, Value: value})
}

// View draws the line, the folder's name and its entries.
func (p *Files) View(env parts.Env, w, h int) string {
	w, h = min(w, 84), min(h, 18)
	iw, ih := parts.Inside(w, h)
	lines := []string{p.list.Query(env, iw, env.Words.Say("popups.files_hint"))}
	if ih > 4 {
		lines = append(lines, parts.Clip("  "+env.Theme.Quiet.Render(p.where(env, iw-2)), iw))
	}
	if ih > 8 {
		lines = append(lines, "")
	}
	p.rowY = parts.FrameY + len(lines)
	room := max(ih-len(lines), 0)
	rows := p.rows(env, iw, room)
	for len(rows) < room {
		rows = append(rows, "")
	}
	return parts.Frame{Title: p.Title(env), Note: p.note(env)}.View(env, w, h, append(lines, rows...))
}

func (p *Files) rows(env parts.Env, w, h int) []string {
	say, quiet := env.Words.Say, env.Theme.Quiet
	text := ""
	switch {
	case IsURL(p.list.Line.Value()):
		text = say("popups.files_url")
	case p.got != nil && p.got.Asked == p.asked && p.got.Err != nil:
		text, quiet = backend.Clean(p.got.Err.Error()), env.Theme.Failed
	case p.got == nil:
		return nil
	case p.list.Len() == 0:
		text = say("popups.files_none")
	case p.list.Found() == 0:
		text = say("popups.files_typed")
	default:
		return p.list.Rows(env, w, h, true)
	}
	if h < 1 {
		return nil
	}
	return []string{"  " + quiet.Render(parts.Clip(text, w-2))}
}

// where names the folder that is shown, its end if it is long.
func (p *Files) where(env parts.Env, w int) string {
	if p.got == nil || IsURL(p.list.Line.Value()) {
		return ""
	}
	return parts.Tail(backend.Clean(p.got.Path), w)
}

func (p *Files) note(env parts.Env) string {
	if p.got == nil || p.list.Found() == p.list.Len() {
		return ""
	}
	return env.Words.Say("popups.of", p.list.Found(), p.list.Len())
}

// Cursor is where the text goes.
func (p *Files) Cursor(parts.Env) (x, y int, ok bool) {
	return parts.FrameX + p.list.QueryX(), parts.FrameY, true
}

// Keys are the keys that work here.
func (p *Files) Keys(env parts.Env) []key.Binding {
	return env.Keys.Bindings(keys.Accept, keys.Complete, keys.Cancel)
}

// Title says what is chosen.
func (p *Files) Title(parts.Env) string { return backend.Clean(p.what.Title) }
