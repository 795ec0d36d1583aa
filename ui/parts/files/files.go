// Package files is the popup with which a reference is added: the path of a
// picture, typed with completion or chosen from the folder, or an address. It
// reads no folder itself: it asks for one with List and gets Listed.
package files

import (
	"cmp"
	"path/filepath"
	"slices"
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
	what  ask.File
	base  string
	list  *filter.List
	asked List    // the folder that is wanted
	got   *Listed // what is shown; nil: nothing yet
	shown []Entry // in the order of the list
	rowY  int
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
			return p.accept()
		case keys.Complete:
			return p.complete(), false
		}
		if msg.String() == "backspace" && p.list.Line.Value() == "" {
			p.list.Line.Set(".." + slash)
			return p.typed(), false
		}
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft && p.list.Click(msg.Y-p.rowY) {
			return p.accept()
		}
		return nil, false
	}
	was := p.list.Line.Value()
	p.list.Update(env, msg)
	if p.list.Line.Value() != was {
		return p.typed(), false
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
func (p *Files) typed() tea.Cmd {
	if IsURL(p.list.Line.Value()) {
		return nil
	}
	dir, rest := p.split()
	if want := (List{p.base, dir}); want != p.asked {
		p.asked = want
		return parts.Send(want)
	}
	p.filter(rest)
	return nil
}

// IsURL says whether a text begins as an address does.
func IsURL(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// show takes in a folder: pictures first, the newest of them first, then
// folders by name. Other files are left out: they are no reference, and one
// without a known ending can be typed.
func (p *Files) show(env parts.Env, l Listed) {
	p.got = &l
	_, rest := p.split()
	p.order(env, strings.HasPrefix(rest, "."))
	p.filter(rest)
}

func (p *Files) order(env parts.Env, hidden bool) {
	p.shown = nil
	for _, e := range p.got.Entries {
		if (e.Folder || IsPicture(e.Name)) && (hidden || !strings.HasPrefix(e.Name, ".")) {
			p.shown = append(p.shown, e)
		}
	}
	slices.SortStableFunc(p.shown, func(a, b Entry) int {
		switch {
		case a.Folder != b.Folder && a.Folder:
			return 1
		case a.Folder != b.Folder:
			return -1
		case !a.Folder && !a.Time.Equal(b.Time):
			return b.Time.Compare(a.Time)
		}
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	items := make([]filter.Item, len(p.shown))
	for i, e := range p.shown {
		items[i] = filter.Item{Text: filter.Clean(e.Name), Note: parts.Bytes(e.Bytes)}
		if e.Folder {
			items[i] = filter.Item{Text: filter.Clean(e.Name) + slash, Dim: true}
		}
		if !e.Folder && !e.Time.IsZero() && !env.Now.IsZero() {
			items[i].Note += "  " + date(e.Time, env.Now)
		}
	}
	p.list.SetItems(items)
}

// date is when, as short as it can be said.
func date(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case now.Sub(t) < 300*24*time.Hour:
		return t.Format("01-02")
	}
	return t.Format("2006")
}

func (p *Files) filter(rest string) { p.list.Filter(rest) }

// IsPicture says whether a name ends as the pictures do that providers take.
func IsPicture(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".webp", ".gif"}, strings.ToLower(filepath.Ext(name)))
}

// complete puts the selected entry into the line; a folder is entered.
func (p *Files) complete() tea.Cmd {
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
	return p.typed()
}

// current says whether the entries that are shown are those of the folder that
// is typed.
func (p *Files) current() bool { return p.got != nil && p.got.Asked == p.asked && p.got.Err == nil }

// accept takes an address as it is typed, a folder by entering it, a picture as
// the answer, and a path that no entry matches as it is typed.
func (p *Files) accept() (tea.Cmd, bool) {
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
		return p.complete(), false
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
	w, h = min(w, 84), min(h, 24)
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
	return parts.Frame{Title: p.Title(env), Note: p.note(env)}.View(env, w, append(lines, rows...))
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
