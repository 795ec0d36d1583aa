package ui

import (
	"context"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend/task"
	"easel/history/search"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts/result"
)

// finder searches for the one person, one search at a time. It is shared by the
// commands that search: nothing else touches it.
type finder struct {
	mu    sync.Mutex
	of    *search.Index
	quick *search.Finder
}

func (f *finder) find(ctx context.Context, x *search.Index, q search.Query) (search.Found, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return search.Found{}, err
	}
	if f.quick == nil || f.of != x {
		f.of, f.quick = x, search.NewFinder(x)
	}
	return f.quick.Find(ctx, q)
}

// newsEvery is the time between two looks of the gallery at what is new: while
// the index grows, it would search for nothing else.
const newsEvery = 200 * time.Millisecond

// ofPast carries out what the gallery asked for; false if it is none of that.
func (m *model) ofPast(a any) ([]tea.Cmd, bool) {
	h := m.cfg.History
	switch a := a.(type) {
	case ask.OpenPast:
		return []tea.Cmd{openPast(h)}, true
	case ask.Find:
		if m.searching != nil {
			m.searching()
		}
		var ctx context.Context
		ctx, m.searching = context.WithCancel(context.Background())
		return []tea.Cmd{find(ctx, &m.finder, a, m.clock())}, true
	case ask.Recall:
		return []tea.Cmd{recall(h, a)}, true
	case ask.Mark:
		return []tea.Cmd{mark(h, a)}, true
	case ask.Trash:
		return []tea.Cmd{trash(h, a)}, true
	case ask.WeighTrash:
		return []tea.Cmd{weighTrash(h)}, true
	case ask.EmptyTrash:
		return []tea.Cmd{emptyTrash(h)}, true
	case ask.Fetch:
		return []tea.Cmd{fetchLine(a.Paths, m.env.Words.Say("studio.copy.fetch"))}, true
	case ask.ToStudio:
		return m.toStudio(a), true
	}
	return nil, false
}

// toStudio carries out an action on a result in the studio, and goes there if
// the person is to write there.
func (m *model) toStudio(a ask.ToStudio) []tea.Cmd {
	env := m.env
	env.Now = m.clock()
	cmds := m.perform(m.studio.With(env, a.Action, result.Result{Task: a.Task, At: a.At}))
	if a.Action == keys.Edit || a.Action == keys.EditPrompt {
		cmds = append(cmds, m.turnTo(m.studio)...)
	}
	return cmds
}

// turnTo shows another page.
func (m *model) turnTo(p page) []tea.Cmd {
	if m.page == p {
		return nil
	}
	m.page = p
	if p == page(m.gallery) {
		env := m.env
		env.Now = m.clock()
		return m.perform(m.gallery.Open(env))
	}
	m.gallery.Leave()
	return nil
}

// otherPage shows the page that is not shown.
func (m *model) otherPage() []tea.Cmd {
	if m.page == page(m.studio) {
		return m.turnTo(m.gallery)
	}
	return m.turnTo(m.studio)
}

// heard gives the gallery what it asked for, and what follows; false if it did
// not.
func (m *model) heard(msg tea.Msg) ([]tea.Cmd, bool) {
	var cmds []tea.Cmd
	switch msg := msg.(type) {
	case ask.Past:
		if msg.Err == nil {
			cmds = append(cmds, pastNews(m.cfg.History, msg.Index, msg.Epoch, newsEvery))
			if list := m.changed(msg.Index); len(list) > 0 {
				cmds = append(cmds, refile(m.cfg.History, list))
			}
		}
	case ask.Found, ask.Recalled, ask.Marked, ask.Weighed, ask.Emptied:
	default:
		return nil, false
	}
	env := m.env
	env.Now = m.clock()
	return append(cmds, m.perform(m.gallery.Update(env, msg))...), true
}

// changed gives the entries of tasks that the studio shows which were changed in
// the history since it was last asked: their pictures may be in the trash, or back.
func (m *model) changed(x *search.Index) (out []search.Entry) {
	if m.refiled == nil {
		m.refiled = map[string]search.Span{}
	}
	for _, id := range m.facts.Order() {
		e, ok := x.Get(id)
		if !ok || len(e.Sets) == 0 {
			continue
		}
		if last := e.Sets[len(e.Sets)-1]; m.refiled[id] != last {
			m.refiled[id] = last
			out = append(out, e)
		}
	}
	return out
}

// refiledNow takes in where the files of tasks are.
func (m *model) refiledNow(msg refiledMsg) {
	var list []task.Task
	for _, r := range msg {
		if t, ok := m.facts.Task(r.ID); ok && t.Over() && !slices.Equal(t.Files, r.Files) {
			t.Files = r.Files
			list = append(list, t)
		}
	}
	m.facts.Change(list)
}
