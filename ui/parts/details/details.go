// Package details is the card of one task: how it stands, what was asked for,
// what came back and where it is, and what to do if it went wrong. It stands
// where a picture will be. It reads a task and draws; keys are the page's.
package details

import (
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/facts"
	"easel/ui/parts"
	"easel/ui/parts/tasklist"
)

// Results gives the indexes of the results of a task that there are: those that
// are saved, else those whose address is known.
func Results(t task.Task) []int {
	var saved, known []int
	for i, f := range t.Files {
		if f.Path != "" {
			saved = append(saved, i)
		}
	}
	for i := range t.Images {
		known = append(known, i)
	}
	if len(saved) > 0 {
		return saved
	}
	return known
}

// View draws the card in h lines of at most w cells. result is the index in
// Results that is shown; why, if not empty, is the reason for which its picture
// is not.
func View(env parts.Env, f *facts.Facts, t task.Task, result int, why string, w, h int) []string {
	c := card{env: env, w: w}
	c.state(f, t)
	if why != "" {
		c.text(env.Theme.Unsure, why, 3)
	}
	c.trouble(f, t)
	c.blank()
	c.prompt(t, max(2, min(6, h/4)))
	c.blank()
	c.files(t, result)
	c.asked(f, t)
	return tight(c.lines, max(h, 0))
}

// tight keeps to h lines. Blank ones go, the last first, where all the others
// then have room.
func tight(lines []string, h int) []string {
	more := len(lines) - h
	blank := 0
	for _, s := range lines {
		if s == "" {
			blank++
		}
	}
	if more > 0 && more <= blank {
		for i := len(lines) - 1; more > 0; i-- {
			if lines[i] == "" {
				lines = slices.Delete(lines, i, i+1)
				more--
			}
		}
	}
	return lines[:min(len(lines), h)]
}

// card collects the lines.
type card struct {
	env   parts.Env
	w     int
	lines []string
}

func (c *card) blank() { c.lines = append(c.lines, "") }

// text adds wrapped text, clean, at most n lines of it (0: all).
func (c *card) text(style lipgloss.Style, s string, n int) {
	rows := parts.Wrap(backend.CleanLines(s), c.w)
	if n > 0 && len(rows) > n {
		rows = rows[:n]
		rows[n-1] = parts.Clip(rows[n-1]+" …", c.w)
		if !strings.HasSuffix(rows[n-1], "…") {
			rows[n-1] = parts.Clip(rows[n-1], c.w-1) + "…"
		}
	}
	for _, r := range rows {
		c.lines = append(c.lines, style.Render(r))
	}
}

// field adds a labelled value, clean, wrapped under itself.
func (c *card) field(label, value string, style lipgloss.Style) {
	if value == "" {
		return
	}
	const col = 12
	name := parts.Fit(c.env.Words.Say("studio.details."+label), col-1) + " "
	rows := fold(backend.Clean(value), max(c.w-col, 8))
	for i, r := range rows {
		if i > 0 {
			name = parts.Blank(col)
		}
		c.lines = append(c.lines, c.env.Theme.Quiet.Render(name)+style.Render(parts.Clip(r, c.w-col)))
	}
}

// fold breaks a value into rows of w cells: at spaces, else behind a slash, else
// anywhere. Nothing is added, so that a path can be copied off the screen.
func fold(s string, w int) []string {
	var rows []string
	row, used := "", 0
	add := func(piece string) {
		for n := ansi.StringWidth(piece); used+n > w; n = ansi.StringWidth(piece) {
			if used > 0 && n <= w {
				rows, row, used = append(rows, strings.TrimRight(row, " ")), "", 0
				continue
			}
			head := ansi.Truncate(piece, w-used, "")
			if head == "" && used == 0 {
				return // a character wider than the row
			}
			rows, row, used = append(rows, row+head), "", 0
			piece = piece[len(head):]
		}
		row, used = row+piece, used+ansi.StringWidth(piece)
	}
	for len(s) > 0 {
		i := strings.IndexAny(s, " /") + 1
		if i == 0 {
			i = len(s)
		}
		add(s[:i])
		s = s[i:]
	}
	return append(rows, row)
}

func (c *card) state(f *facts.Facts, t task.Task) {
	th, say := c.env.Theme, c.env.Words.Say
	word, style := say("studio.state."+string(t.State)), th.Text
	switch {
	case t.State == backend.Done:
		style = th.Done
	case t.State == backend.Failed:
		style = th.Failed
	case t.State == backend.Unsure, t.Asking, t.Held, t.IsLate(c.env.Now):
		style = th.Unsure
		if t.State != backend.Unsure {
			word, _ = tasklist.Outcome(c.env, t)
		}
	case !t.Over():
		style = th.Running
	}
	line := tasklist.Icon(c.env, t) + " " + style.Render(word)
	if d := tasklist.Time(c.env, f, t); d != "" {
		line += "  " + th.Quiet.Render(d)
	}
	if bar := tasklist.Bar(c.env, t, min(20, c.w-30)); bar != "" {
		line += "  " + bar + "  " + th.Quiet.Render(strconv.Itoa(int(t.Progress*100))+"%")
	}
	c.lines = append(c.lines, parts.Clip(line, c.w))
}

// trouble says what is wrong, in whose words, and what to do.
func (c *card) trouble(f *facts.Facts, t task.Task) {
	th, say := c.env.Theme, c.env.Words.Say
	e, style := t.Error, th.Failed
	if t.State == backend.Unsure {
		style = th.Unsure
	}
	if e == nil {
		e, style = t.Trouble, th.Unsure
	}
	if e != nil && t.State != backend.Canceled {
		msg := c.env.Words.Error(e)
		if e.HTTP != 0 && !strings.Contains(msg, strconv.Itoa(e.HTTP)) {
			msg += " (HTTP " + strconv.Itoa(e.HTTP) + ")"
		}
		c.text(style, msg, 6)
		if e.TraceID != "" {
			c.text(th.Quiet, say("studio.details.trace", e.TraceID), 2)
		}
	}
	if s := Advice(c.env, f, t); s != "" {
		c.text(th.Text, "→ "+s, 4)
	}
}

// Advice says what a person can do about a task that did not go well, "" if it
// goes well.
func Advice(env parts.Env, f *facts.Facts, t task.Task) string {
	say := env.Words.Say
	switch {
	case t.State == backend.Unsure:
		return say("studio.advice.unsure")
	case t.Asking:
		return say("studio.advice.asking")
	case t.Held:
		return say("studio.advice.held", t.Request.Provider)
	case t.State == backend.Canceled:
		return say("studio.advice.canceled")
	case t.IsLate(env.Now):
		return say("studio.advice.late")
	case t.State == backend.Ready && slices.ContainsFunc(t.Fetches, func(d task.Download) bool { return d.Tries > 0 }):
		return fetchAdvice(env, f, t)
	case t.State == backend.Failed:
		hint := ""
		if p := f.Provider(t.Request.Provider); p != nil {
			hint = p.KeyHint
		}
		return env.Words.Advice(t.Error, hint)
	}
	return ""
}

// fetchAdvice says how long a picture that is not saved yet may be had, where
// the provider says how long its addresses live.
func fetchAdvice(env parts.Env, f *facts.Facts, t task.Task) string {
	p := f.Provider(t.Request.Provider)
	if p == nil || p.Lasts <= 0 || t.ReadyAt.IsZero() {
		return env.Words.Say("studio.advice.fetch")
	}
	dies := t.ReadyAt.Add(p.Lasts)
	key := "studio.advice.fetch_until"
	if !dies.After(env.Now) {
		key = "studio.advice.fetch_dead"
	}
	return env.Words.Say(key, dies.Local().Format("2006-01-02 15:04"))
}

func (c *card) prompt(t task.Task, n int) {
	p := t.Request.Prompt
	if len(p) > 4000 {
		p = strings.ToValidUTF8(p[:4000], "")
	}
	c.text(c.env.Theme.Text, p, n)
}

// files says what came back: the real size beside what was asked for.
func (c *card) files(t task.Task, result int) {
	th := c.env.Theme
	list := Results(t)
	if len(list) == 0 {
		return
	}
	at := list[max(0, min(result, len(list)-1))]
	if at < len(t.Files) && t.Files[at].Path != "" {
		file := t.Files[at]
		size, fit := Size(c.env, t, file)
		style := th.Text
		if fit == Other {
			style = th.Unsure
		}
		if file.Vast() {
			size += "  " + c.env.Words.Say("studio.details.vast")
			style = th.Unsure
		}
		c.field("pixels", size, style)
		c.field("file", strings.TrimSpace(strings.ToUpper(file.Format)+"  "+parts.Bytes(file.Bytes)), th.Text)
		c.field("path", file.Path, th.Text)
	} else if at < len(t.Images) {
		c.field("url", t.Images[at].URL, th.Text)
	}
	c.blank()
}

// Size says the size of a picture, and whether it is the one that was asked for.
func Size(env parts.Env, t task.Task, f task.File) (string, Fit) {
	if f.Width == 0 || f.Height == 0 {
		return "", Unasked
	}
	size, fit := strconv.Itoa(f.Width)+"x"+strconv.Itoa(f.Height), Fits(t, f)
	switch fit {
	case Same:
		size += " " + env.Words.Say("studio.details.as_asked") + " " + env.Theme.Icons.Done
	case Other:
		size += "  " + env.Words.Say("studio.details.not_asked", asked(t))
	}
	return size, fit
}

// Under is what stands under a picture where there is room: what was asked for,
// what it cost, and what the model made of the prompt.
func Under(env parts.Env, f *facts.Facts, t task.Task, w, h int) []string {
	c := card{env: env, w: w}
	c.asked(f, t)
	return c.lines[:min(len(c.lines), max(h, 0))]
}

// Fit says whether a picture has the size that was asked for.
type Fit int

// How a picture fits.
const (
	Unasked Fit = iota // no pixels were asked for, and the form is right or was not asked for
	Same
	Other
)

// Fits compares a picture with what was asked for: pixels by pixels, a ratio
// within three in a hundred.
func Fits(t task.Task, f task.File) Fit {
	if f.Width == 0 || f.Height == 0 {
		return Unasked
	}
	if w, h, ok := backend.ParsePixels(t.Request.Size); ok {
		if w == f.Width && h == f.Height {
			return Same
		}
		return Other
	}
	if w, h, ok := backend.ParseRatio(t.Request.Ratio); ok {
		got, want := float64(f.Width)/float64(f.Height), w/h
		if got > want*1.03 || got < want/1.03 {
			return Other
		}
	}
	return Unasked
}

func asked(t task.Task) string {
	if _, _, ok := backend.ParsePixels(t.Request.Size); ok {
		return t.Request.Size
	}
	return t.Request.Ratio
}

func (c *card) asked(f *facts.Facts, t task.Task) {
	th, r := c.env.Theme, t.Request
	c.field("model", r.Provider+" · "+r.Model, th.Text)
	var bits []string
	for _, s := range []string{r.Ratio, r.Size} {
		if s != "" {
			bits = append(bits, s)
		}
	}
	for _, name := range optionNames(f, r) {
		bits = append(bits, r.Options[name])
	}
	if r.Count > 1 {
		bits = append(bits, "×"+strconv.Itoa(r.Count))
	}
	c.field("asked", strings.Join(bits, " · "), th.Text)
	var refs []string
	for _, ref := range r.References {
		refs = append(refs, ref.Name())
	}
	c.field("references", strings.Join(refs, ", "), th.Text)
	if t.Cost != nil {
		c.field("cost", strings.TrimSpace(t.Cost.Amount+" "+t.Cost.Unit), th.Text)
	}
	c.field("revised", t.Revised, th.Text)
	c.field("ticket", t.Ticket, th.Text)
	c.field("id", t.Short(), th.Text)
	if !t.Created.IsZero() {
		c.field("created", t.Created.Local().Format("2006-01-02 15:04:05"), th.Text)
	}
}

// optionNames gives the names of a request's options in the order of its model,
// those that the model does not know (any more) behind.
func optionNames(f *facts.Facts, r backend.Request) []string {
	var names, rest []string
	if p := f.Provider(r.Provider); p != nil {
		m, _ := p.Model(r.Model)
		for _, o := range m.Options {
			if _, ok := r.Options[o.Name]; ok {
				names = append(names, o.Name)
			}
		}
	}
	for name := range r.Options {
		if !slices.Contains(names, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	return append(names, rest...)
}
