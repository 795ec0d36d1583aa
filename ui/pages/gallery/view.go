package gallery

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"easel/ui/parts"
)

// View draws the page's rows of the screen, between header and footer.
func (p *Page) View(env parts.Env) []string {
	p.arrange(env)
	lines := make([]string, max(env.Height-parts.Top-parts.Bottom, 0))
	if p.over == largeOver && p.pictured(env) {
		p.overView(env, lines)
		return lines
	}
	parts.Put(lines, parts.Top, p.headView(env))
	if p.typing && !p.missed() {
		parts.Put(lines, parts.Top+1, " "+env.Theme.Quiet.Render(p.hintView(env)))
	}
	switch {
	case p.found.Len() == 0:
		p.emptyView(env, lines)
	case p.lay.grid:
		p.gridView(env, lines)
	default:
		p.listView(env, lines)
	}
	p.sideView(env, lines)
	if p.over != nothing {
		p.overView(env, lines)
	}
	return lines
}

// hintView says what may be searched for, as much of it as there is room for: no
// half of a word that may be typed.
func (p *Page) hintView(env parts.Env) string {
	const between = "  "
	hint := env.Words.Say("gallery.search.hint")
	if room := env.Width - 2; ansi.StringWidth(hint) > room {
		more := between + env.Theme.Icons.More
		all := strings.Split(hint, between)
		for n := len(all) - 1; n > 0 && ansi.StringWidth(hint) > room; n-- {
			hint = strings.Join(all[:n], between) + more
		}
	}
	return parts.Clip(hint, env.Width-2)
}

// sideView puts the rule and the details at the right of the entries.
func (p *Page) sideView(env parts.Env, lines []string) {
	l := p.lay
	if l.split == 0 || p.found.Len() == 0 {
		return
	}
	right := make([]string, len(lines))
	p.cardView(env, right)
	rule := env.Theme.Faint.Render("│")
	for i := l.body.Y - parts.Top; i < len(lines); i++ {
		if !l.grid || lines[i] == "" {
			lines[i] = parts.Fit(lines[i], l.split)
		}
		lines[i] += rule + " " + right[i]
	}
}

// headView is the row over the entries: the search, what is picked, and how many
// there are.
func (p *Page) headView(env parts.Env) string {
	th, say := env.Theme, env.Words.Say
	right := p.countView(env)
	room := env.Width - 2 - ansi.StringWidth(right) - 2
	left := ""
	switch {
	case p.typing:
		left = th.Accent.Render("/") + " " + p.line.View(env, max(room-2, 1), say("gallery.search.empty"))
	case p.line.Value() != "":
		left = th.Accent.Render("/") + " " + th.Text.Render(parts.Clip(p.line.Value(), room-2))
	case p.inTrash():
		left = th.Text.Render(say("gallery.trash"))
	default:
		left = th.Key.Render("/") + " " + th.Quiet.Render(parts.Clip(say("gallery.search.empty"), room-2))
	}
	return " " + parts.Fit(left, room) + "  " + right
}

// countView says how many there are, and what is worth knowing of them.
func (p *Page) countView(env parts.Env) string {
	th, say := env.Theme, env.Words.Say
	sep := th.Quiet.Render(" " + th.Icons.Separator + " ")
	s := ""
	if p.picks.any() {
		n := p.picks.count(p.found, p.near)
		picked := say("gallery.count.picked", number(n))
		if hidden := p.picks.hidden(); hidden > 0 {
			picked = say("gallery.count.picked_of", number(n), number(n+hidden))
		}
		s = th.Accent.Render(picked) + sep
	}
	if p.place.fresh > 0 {
		s += th.Running.Render(say("gallery.count.fresh", number(p.place.fresh))) + sep
	}
	found, all := p.count()
	switch {
	case !p.known:
		return s
	case p.text != "":
		s += th.Quiet.Render(say("gallery.count.found", number(found), number(all)))
	case found == 1:
		s += th.Quiet.Render(say("gallery.count.all", 1))
	default:
		s += th.Quiet.Render(say("gallery.count.all", number(found)))
	}
	if !p.whole {
		s += th.Quiet.Render(th.Icons.More)
	}
	return s
}

// missed says whether nothing fits the search: then there is room to say in full
// what may be searched for.
func (p *Page) missed() bool {
	return p.found.Len() == 0 && p.known && p.whole && p.wrong == "" && p.text != "" && !p.inTrash()
}

// emptyView says what to do where there is nothing.
func (p *Page) emptyView(env parts.Env, lines []string) {
	say := env.Words.Say
	text := say("gallery.empty.first")
	switch {
	case p.wrong != "":
		text = p.wrong
	case !p.known:
		return
	case p.inTrash():
		text = say("gallery.say.trash_empty")
	case p.missed():
		text = say("gallery.empty.found") + "\n\n" + say("gallery.search.hint")
	case p.text != "":
		text = say("gallery.empty.reading")
	}
	y := p.lay.body.Y + 1
	for _, s := range parts.Wrap(text, min(env.Width-8, 70)) {
		parts.Put(lines, y, "    "+env.Theme.Quiet.Render(s))
		y++
	}
}

// Cursor is where the terminal's cursor stands on the screen.
func (p *Page) Cursor(env parts.Env) (x, y int, ok bool) {
	if !p.typing || p.over != nothing {
		return 0, 0, false
	}
	return min(3+p.line.Column(), env.Width-1), parts.Top, true
}
