package studio

import (
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/parts"
	"easel/ui/parts/details"
	"easel/ui/parts/params"
)

// cardCache keeps the details as they were drawn: they change with the task,
// the size and the clock, not with every key.
type cardCache struct {
	key   cardKey
	lines []string
}

type cardKey struct {
	id, why     string
	version, at int
	w, h        int
	now         time.Time
	dark, color bool
}

// Top is how many rows of the screen are the header's, and Bottom the footer's.
const Top, Bottom = parts.Top, parts.Bottom

// View draws the page's rows of the screen, between header and footer, for a
// screen of env.Width x env.Height cells.
func (p *Page) View(env parts.Env) []string {
	rows := p.arrange(env)
	lines := make([]string, max(env.Height-Top-Bottom, 0))
	if p.lay.wide {
		p.wide(env, rows, lines)
	} else {
		p.narrow(env, rows, lines)
	}
	switch p.over {
	case parametersOver:
		if !p.lay.wide {
			p.lay.params = p.lay.box(len(rows))
			p.lay.params = p.overlay(env, lines, p.lay.params, env.Words.Say("studio.title.parameters"), func(w, h int) []string {
				return p.params.View(env, rows, true, w, h)
			})
		}
	case detailsOver:
		if t, ok := p.tasks.Selected(p.facts); ok {
			if p.large() && p.largeView(env, lines, t) {
				break
			}
			r := p.lay.box(env.Height)
			r.Y, r.H = Top, max(env.Height-Top-Bottom, 3)
			p.overlay(env, lines, r, p.cardTitle(env, t), func(w, h int) []string { return p.details(env, t, w, h) })
		}
	}
	return lines
}

// arrange computes the layout for the screen's size, and gives the rows of the
// parameters, on which it depends.
func (p *Page) arrange(env parts.Env) []params.Row {
	rows := params.Rows(env, p.facts, p.request)
	p.lay = plan(env.Width, env.Height, wants{text: p.prompt.Rows, rows: len(rows), hint: p.demo()})
	return rows
}

// put writes s at a row of the page's lines.
func put(lines []string, y int, s string) { parts.Put(lines, y, s) }

func (p *Page) narrow(env parts.Env, rows []params.Row, lines []string) {
	l := p.lay
	p.editor(env, lines, " ", l.w)
	if p.focus == referencesPane {
		put(lines, l.refs.Y, "  "+p.referencesView(env, l.refs.W))
	} else {
		put(lines, l.params.Y, p.folded(env, rows))
	}
	put(lines, l.title, p.titled(env, l.w))
	for i, row := range p.listView(env) {
		put(lines, l.list.Y+i, row)
	}
}

// folded is the parameters in one line, with the references at its end.
func (p *Page) folded(env parts.Env, rows []params.Row) string {
	t, w := env.Theme, p.lay.params.W
	refs := ""
	if n := len(p.request.References); n > 0 {
		refs = "  " + env.Words.Say("studio.references.count", n)
	}
	style, mark := t.Quiet, "  "
	if p.focus == parametersPane {
		style, mark = t.Accent, t.Accent.Render("›")+" "
	}
	s := parts.Fit(params.Summary(env, rows, w-ansi.StringWidth(refs)), w-ansi.StringWidth(refs))
	return mark + style.Render(s) + t.Quiet.Render(refs)
}

// titled is the rule over the list when narrow, which says what is there.
func (p *Page) titled(env parts.Env, w int) string {
	t := env.Theme
	s := t.Faint.Render("─") + " " + p.listTitle(env, w-6) + " "
	return s + t.Faint.Render(strings.Repeat("─", max(w-ansi.StringWidth(s), 0)))
}

func (p *Page) wide(env parts.Env, rows []params.Row, lines []string) {
	l, t, say := p.lay, env.Theme, env.Words.Say
	put(lines, l.prompt.Y-1, " "+p.promptTitle(env, l.split-3))
	p.editor(env, lines, " ", l.split-1)
	put(lines, l.refs.Y, " "+p.referencesView(env, l.refs.W))
	put(lines, l.title, " "+p.listTitle(env, l.list.W))
	for i, row := range p.listView(env) {
		put(lines, l.list.Y+i, " "+row)
	}
	right := make([]string, len(lines))
	head := t.Quiet
	if p.focus == parametersPane {
		head = t.Accent
	}
	put(right, l.params.Y-1, head.Render(say("studio.title.parameters")))
	for i, row := range p.params.View(env, rows, p.focus == parametersPane, l.params.W, l.params.H) {
		put(right, l.params.Y+i, row)
	}
	if p.demo() {
		for i, s := range parts.Wrap(say("studio.demo"), l.params.W-2) {
			if i < 3 {
				put(right, l.params.Y+l.params.H+1+i, "  "+t.Quiet.Render(parts.Clip(s, l.params.W-2)))
			}
		}
	}
	p.cardView(env, right)
	rule := t.Faint.Render("│")
	for i := range lines {
		lines[i] = parts.Fit(lines[i], l.split) + rule + " " + right[i]
	}
}

// demo says whether the hint on the way to a key is wanted.
func (p *Page) demo() bool {
	at := p.facts.Provider(p.request.Provider)
	return at != nil && at.Local
}

func (p *Page) promptTitle(env parts.Env, w int) string {
	t, say := env.Theme, env.Words.Say
	head := t.Quiet
	if p.focus == promptPane {
		head = t.Accent
	}
	s := head.Render(say("studio.title.prompt"))
	n := p.prompt.Length()
	if n == 0 {
		return s
	}
	if m, ok := p.model(); ok && m.PromptMax > 0 && n > m.PromptMax {
		note := say("studio.prompt.long", strconv.Itoa(n), strconv.Itoa(m.PromptMax))
		return s + "  " + t.Failed.Render(parts.Clip(note, w-12))
	}
	// The number and the space behind it are in the terminal's own colour: they
	// are written with every key, and two changes of colour would double what a
	// key costs on the line.
	before, after, _ := strings.Cut(say("studio.prompt.length", n), strconv.Itoa(n))
	if before != "" {
		before = t.Quiet.Render(before)
	}
	after, spaced := strings.CutPrefix(after, " ")
	number := strconv.Itoa(n)
	if spaced {
		number += " "
	}
	return s + "  " + before + t.Text.Render(number) + t.Quiet.Render(after)
}

// editor draws the prompt with its bar, which is as wide as w allows.
func (p *Page) editor(env parts.Env, lines []string, margin string, w int) {
	l, t := p.lay, env.Theme
	bar := t.Faint.Render("▌")
	if p.focus == promptPane {
		bar = t.Accent.Render("▌")
	}
	if !l.wide {
		margin = ""
	}
	for i, row := range p.prompt.View(env, l.prompt.W, l.prompt.H) {
		if i == 0 && p.prompt.Length() == 0 {
			row = t.Quiet.Render(parts.Clip(env.Words.Say("studio.prompt.empty"), l.prompt.W-1))
		}
		put(lines, l.prompt.Y+i, margin+bar+" "+row)
	}
	above, below := p.prompt.More(l.prompt.H)
	more := func(y, n int, arrow string) {
		if y -= Top; n > 0 && y >= 0 && y < len(lines) {
			lines[y] = parts.Fit(lines[y], w-1) + t.Quiet.Render(arrow)
		}
	}
	more(l.prompt.Y, above, "↑")
	more(l.prompt.Y+l.prompt.H-1, below, "↓")
}

func (p *Page) referencesView(env parts.Env, w int) string {
	m, _ := p.model()
	return p.refs.View(env, p.request.References, m.References, p.focus == referencesPane, w)
}

// listTitle is the heading of the tasks: how many there are of a kind, or the
// filter.
func (p *Page) listTitle(env parts.Env, w int) string {
	t, say := env.Theme, env.Words.Say
	head := t.Quiet
	if p.focus == tasksPane {
		head = t.Accent
	}
	title := say("studio.title.tasks")
	s, used := head.Render(title)+"  ", ansi.StringWidth(title)+2
	if text, typing := p.tasks.Filter(); typing || text != "" {
		n := say("studio.tasks.found", strconv.Itoa(len(p.tasks.Rows(p.facts))), strconv.Itoa(p.facts.Len()))
		room := w - used - ansi.StringWidth(n) - 3
		style := t.Text
		if !typing {
			style = t.Quiet
		}
		return s + t.Accent.Render("/") + style.Render(tail(text, room)) + "  " + t.Quiet.Render(n)
	}
	counts := p.counts(env)
	if counts == "" {
		return head.Render(title)
	}
	return s + t.Quiet.Render(parts.Clip(counts, w-used))
}

// tail gives the end of s in w cells: what is being typed stays in sight.
func tail(s string, w int) string {
	if over := ansi.StringWidth(s) - w; over > 0 {
		return ansi.TruncateLeft(s, over+1, "…")
	}
	return s
}

func (p *Page) counts(env parts.Env) string {
	say, c := env.Words.Say, p.facts.Count(env.Now)
	var bits []string
	for _, b := range []struct {
		key string
		n   int
	}{{"studio.count.running", c.Running}, {"studio.count.unsure", c.Unsure}, {"studio.count.waiting", c.Waiting}, {"studio.count.today", c.Today}} {
		if b.n > 0 {
			bits = append(bits, say(b.key, b.n))
		}
	}
	return strings.Join(bits, " · ")
}

// listView draws the tasks, or what to do as long as there are none.
func (p *Page) listView(env parts.Env) []string {
	l := p.lay
	rows := p.tasks.View(env, p.facts, p.focus == tasksPane, l.list.W, l.list.H)
	if len(rows) > 0 || l.list.H < 2 {
		return rows
	}
	key := "studio.tasks.none"
	if text, _ := p.tasks.Filter(); text != "" {
		key = "studio.tasks.none_found"
	}
	words := env.Words.Say(key)
	if key == "studio.tasks.none" && p.demo() && !l.wide {
		words += "\n\n" + env.Words.Say("studio.demo")
	}
	for _, s := range parts.Wrap(words, l.list.W-6) {
		rows = append(rows, "    "+env.Theme.Quiet.Render(parts.Clip(s, l.list.W-4)))
	}
	return append([]string{""}, rows...)[:min(len(rows)+1, l.list.H)]
}

// cardView draws the details of the selected task on the right.
func (p *Page) cardView(env parts.Env, right []string) {
	l, t := p.lay, env.Theme
	if l.card.H < 2 {
		return
	}
	sel, ok := p.tasks.Selected(p.facts)
	if !ok {
		put(right, l.card.Y-1, t.Quiet.Render(env.Words.Say("studio.title.details")))
		for i, s := range parts.Wrap(env.Words.Say("studio.details.none"), l.card.W-4) {
			put(right, l.card.Y+1+i, "  "+t.Quiet.Render(parts.Clip(s, l.card.W-2)))
		}
		return
	}
	if p.previewView(env, right, sel) {
		return
	}
	put(right, l.card.Y-1, t.Quiet.Render(parts.Clip(p.cardTitle(env, sel), l.card.W)))
	for i, s := range p.details(env, sel, l.card.W-2, l.card.H) {
		put(right, l.card.Y+i, "  "+s)
	}
}

func (p *Page) cardTitle(env parts.Env, t task.Task) string {
	title := env.Words.Say("studio.title.details")
	if list, at := p.results(t); len(list) > 1 {
		title += "  " + env.Words.Say("studio.value.of", strconv.Itoa(at+1), strconv.Itoa(len(list)))
	}
	return title
}

func (p *Page) details(env parts.Env, t task.Task, w, h int) []string {
	_, at := p.results(t)
	key := cardKey{t.ID, p.why(env, t), p.facts.Version(), at, w, h, env.Now, env.Theme.Dark, env.Theme.Color}
	if p.card.key == key && p.card.lines != nil {
		return p.card.lines
	}
	p.card = cardCache{key, details.View(env, p.facts, t, at, key.why, w, h)}
	return p.card.lines
}

// overlay draws a framed box over lines and gives the room inside.
func (p *Page) overlay(env parts.Env, lines []string, r parts.Rect, title string, draw func(w, h int) []string) parts.Rect {
	inner := parts.Rect{X: r.X + parts.FrameX, Y: r.Y + parts.FrameY, W: r.W - 2*parts.FrameX, H: r.H - 2*parts.FrameY}
	if inner.W < 4 || inner.H < 1 {
		return parts.Rect{}
	}
	rows := make([]string, inner.H)
	copy(rows, draw(inner.W, inner.H))
	box := parts.Frame{Title: backend.Clean(title)}.View(env, r.W, r.H, rows)
	parts.Lay(lines, box, r.X, r.Y-Top)
	return inner
}

// Cursor is where the terminal's cursor stands on the screen.
func (p *Page) Cursor(env parts.Env) (x, y int, ok bool) {
	if text, typing := p.tasks.Filter(); typing && p.focus == tasksPane {
		x = p.lay.list.X + ansi.StringWidth(env.Words.Say("studio.title.tasks")) + 3
		if !p.lay.wide {
			x = 2 + ansi.StringWidth(env.Words.Say("studio.title.tasks")) + 3
		}
		return min(x+ansi.StringWidth(text), env.Width-1), p.lay.title, true
	}
	if p.focus != promptPane || p.over != nothing {
		return 0, 0, false
	}
	x, y = p.prompt.Cursor()
	return p.lay.prompt.X + x, p.lay.prompt.Y + y, true
}
