// Package gallery is the page of all that was ever made: a grid of thumbnails,
// or a list where there is no room for one, a search, the details of the one
// that the cursor is on, and its picture over the whole page.
//
// The page owns where the person is: the search, the cursor, what is picked. It
// holds what a search found and looks up only what is in sight. What it wants
// done it asks for (ui/ask); what is written anew, it hands to the studio.
package gallery

import (
	tea "charm.land/bubbletea/v2"

	"easel/history/search"
	"easel/ui/ask"
	"easel/ui/facts"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/input"
	"easel/ui/picture"
)

// over is what lies over the page.
type over int

const (
	nothing over = iota
	largeOver
	detailsOver // in words
)

// Page is the gallery page. Make one with New.
type Page struct {
	facts *facts.Facts
	book  *picture.Book

	index *search.Index // nil until it is open
	epoch int
	whole bool
	tags  []string // that are in use
	wrong string   // why there is no index
	open  bool     // it was asked for
	shown bool     // the page is

	line   input.Line // the search as it is typed
	typing bool
	asked  int  // the number of the last search
	due    bool // the index changed while the page was not shown
	found  search.Found
	text   string // what found is the answer to
	known  bool   // there was an answer

	cursor string // the id of the entry that the person is on; "" for none
	near   int    // where it is in found
	place  place
	picks  picks
	plain  bool // the person wants the list where there is room for the grid
	forced bool // the person wants the grid where there is little room

	recall  recall
	over    over
	at      int // which of the results of the entry is looked at
	undo    []undo
	changes changes
	lay     layout // of the last drawing: what the mouse meets
}

// New makes the page. book has the pictures that are ready to be shown.
func New(f *facts.Facts, book *picture.Book) *Page {
	return &Page{facts: f, book: book, picks: picks{from: none}}
}

// Open says that the page is shown from now on.
func (p *Page) Open(env parts.Env) []any {
	p.shown = true
	if !p.open {
		p.open = true
		return []any{ask.OpenPast{}}
	}
	if p.due {
		return p.search()
	}
	return nil
}

// Leave says that another page is shown.
func (p *Page) Leave() { p.shown, p.typing, p.over = false, false, nothing }

// Update takes in a key, a paste, the mouse, or an answer, and gives what is to
// be done.
func (p *Page) Update(env parts.Env, msg tea.Msg) []any {
	p.arrange(env)
	var out []any
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		out = p.press(env, msg)
	case tea.PasteMsg:
		if p.typing {
			p.line.Insert(msg.Content)
			out = p.search()
		}
	case tea.MouseMsg:
		out = p.mouse(env, msg)
	default:
		out = p.answer(env, msg)
	}
	return append(out, p.remember(env)...)
}

// answer takes in what became of something that the page asked for.
func (p *Page) answer(env parts.Env, msg tea.Msg) []any {
	switch msg := msg.(type) {
	case ask.Past:
		return p.past(env, msg)
	case ask.Found:
		p.take(env, msg)
	case ask.Recalled:
		return p.recalled(env, msg)
	case ask.Marked:
		return p.changed(env, msg.Err)
	case ask.Weighed:
		return p.weighed(env, msg)
	case ask.Emptied:
		return p.emptied(env, msg)
	case ask.Picked:
		return p.picked(env, msg)
	}
	return nil
}

// press finds out what a key means.
func (p *Page) press(env parts.Env, k tea.KeyPressMsg) []any {
	key := k.String()
	if p.typing {
		if a := env.Keys.Match(key, keys.Everywhere); a != "" && a != keys.ToPrompt && a != keys.NextPane && a != keys.PrevPane {
			return p.Do(env, a)
		}
		return p.type_(env, k)
	}
	if a := env.Keys.Match(key, keys.Everywhere, keys.Gallery, keys.Outside); a != "" {
		return p.Do(env, a)
	}
	return nil
}

// Do carries out an action, by a key or from the palette. What is no business of
// a gallery goes to the root.
func (p *Page) Do(env parts.Env, a keys.Action) []any {
	p.arrange(env)
	out, ok := p.do(env, a)
	if !ok {
		return []any{ask.Do{Action: a}}
	}
	return append(out, p.remember(env)...)
}

func (p *Page) do(env parts.Env, a keys.Action) ([]any, bool) {
	if by, ok := steps[a]; ok {
		return p.step(env, by), true
	}
	switch a {
	case keys.ToPrompt:
		return p.back(env), true
	case keys.NextPane, keys.PrevPane, keys.Find:
		p.typing, p.over = true, nothing
		return nil, true
	case keys.Top, keys.Bottom, keys.PageUp, keys.PageDown:
		p.jump(a)
		return nil, true
	case keys.Grid:
		return p.turnGrid(env), true
	case keys.ShowTrash:
		return p.showTrash(), true
	case keys.Pick, keys.PickRange, keys.PickAll:
		p.pick(a)
		return nil, true
	case keys.Details:
		return p.look(env), true
	}
	return p.act(env, a)
}

// back is what Esc does: it closes what lies over the page, else drops what is
// picked, else the search, else it goes to the studio.
func (p *Page) back(env parts.Env) []any {
	switch {
	case p.over != nothing:
		p.over = nothing
	case p.picks.any():
		p.picks.drop()
	case p.line.Value() != "":
		p.line.Set("")
		return p.search()
	default:
		return []any{ask.Do{Action: keys.OtherPage}}
	}
	return nil
}

// Entry gives the entry that the cursor is on.
func (p *Page) Entry() (search.Entry, bool) {
	if p.cursor == "" || p.near >= p.found.Len() {
		return search.Entry{}, false
	}
	return p.found.At(p.near), true
}

// At is where the cursor is in what was found; false if it is on nothing.
func (p *Page) At() (found, at int, ok bool) { return p.found.Len(), p.near, p.cursor != "" }

// Moving says whether something that is drawn changes with time: what is over
// does not.
func (p *Page) Moving(parts.Env) bool { return false }

// Places names the bindings that work here, for the help.
func (p *Page) Places() []keys.Place {
	return []keys.Place{keys.Gallery, keys.Outside, keys.Everywhere}
}

// Hints are the actions that the footer names, the most useful first.
func (p *Page) Hints(env parts.Env) []keys.Action {
	tail := []keys.Action{keys.Palette, keys.Help}
	list := []keys.Action{keys.Details, keys.Find, keys.Edit, keys.Star, keys.Tags, keys.Pick, keys.Trash, keys.UseAsRef, keys.CopyPath}
	switch {
	case p.typing:
		return []keys.Action{keys.Accept, keys.Cancel}
	case p.over != nothing:
		list = []keys.Action{keys.Cancel, keys.Details, keys.Edit, keys.Again, keys.UseAsRef, keys.Star, keys.CopyPath, keys.Open}
	case p.picks.any():
		list = []keys.Action{keys.Cancel, keys.Star, keys.Tags, keys.Trash, keys.CopyPath, keys.PickAll, keys.CopyFetch}
	case p.inTrash():
		list = []keys.Action{keys.TakeBack, keys.EmptyTrash, keys.Details, keys.ShowTrash}
	case p.cursor == "":
		list = []keys.Action{keys.Find, keys.OtherPage}
	}
	return append(list, tail...)
}
