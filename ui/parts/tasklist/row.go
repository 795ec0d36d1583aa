package tasklist

import (
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/facts"
	"easel/ui/parts"
)

// columns are the widths of a row's parts; 0 leaves a part out.
type columns struct{ prompt, provider, model, middle, time int }

const (
	lead = 4 // the cursor, the icon and the spaces behind them
	gap  = 2 // between the parts
)

// layout gives the parts of a row the room that there is: the prompt has the
// rest, and what says least goes first.
func layout(w int, f *facts.Facts) columns {
	c := columns{middle: 12, time: 9}
	for _, p := range f.Providers {
		c.provider = max(c.provider, min(ansi.StringWidth(p.Name), 12))
	}
	rest := func() int {
		n := w - lead
		for _, part := range []int{c.provider, c.model, c.middle, c.time} {
			if part > 0 {
				n -= part + gap
			}
		}
		return n
	}
	if w >= 110 {
		c.model = 18
	}
	if rest() < 20 {
		c.provider = 0
	}
	if rest() < 16 {
		c.time = 0
	}
	if rest() < 10 {
		c.middle = 0
	}
	c.prompt = max(rest(), 0)
	return c
}

// View draws h rows.
func (l *List) View(env parts.Env, f *facts.Facts, focused bool, w, h int) []string {
	out := make([]string, 0, max(h, 0))
	c := layout(w, f)
	for _, id := range l.Visible(f, h) {
		t, _ := f.Task(id)
		out = append(out, row(env, f, t, c, id == l.cursor, focused))
	}
	return out
}

func row(env parts.Env, f *facts.Facts, t task.Task, c columns, here, focused bool) string {
	th := env.Theme
	var b strings.Builder
	b.Grow(160)
	mark, prompt := " ", th.Text
	if here {
		mark = th.Quiet.Render("›")
		if focused {
			mark, prompt = th.Accent.Render("›"), th.Selected
		}
	}
	b.WriteString(mark + " " + Icon(env, t) + " ")
	b.WriteString(prompt.Render(parts.Fit(Title(t), c.prompt)))
	if c.provider > 0 {
		b.WriteString("  " + th.Quiet.Render(parts.Fit(backend.Clean(t.Request.Provider), c.provider)))
	}
	if c.model > 0 {
		b.WriteString("  " + th.Quiet.Render(parts.Fit(backend.Clean(t.Request.Model), c.model)))
	}
	text, style := Outcome(env, t)
	room := c.middle + c.time + gap
	switch {
	case c.middle == 0:
	case c.time == 0:
		b.WriteString("  " + style.Render(parts.Clip(text, c.middle)))
	case t.State == backend.Failed || t.State == backend.Unsure || t.Asking || t.Held:
		b.WriteString("  " + style.Render(parts.Clip(text, room)))
	default:
		time := Time(env, f, t)
		left := max(c.middle, room-ansi.StringWidth(time)-gap)
		middle := style.Render(parts.Fit(text, left))
		if bar := Bar(env, t, c.middle-2); bar != "" {
			middle = parts.Fit(bar, left)
		}
		b.WriteString("  " + middle + th.Quiet.Render(parts.Right(time, room-left)))
	}
	return b.String()
}

// Title is the first line of a prompt that says something, cut to what a row
// can show.
func Title(t task.Task) string {
	s := t.Request.Prompt
	if len(s) > 600 {
		s = strings.ToValidUTF8(s[:600], "")
	}
	return strings.Join(strings.Fields(backend.Clean(s)), " ")
}

// Icon is the state of a task in one cell.
func Icon(env parts.Env, t task.Task) string {
	th := env.Theme
	switch {
	case t.State == backend.Unsure, t.Asking:
		return th.Unsure.Render(th.Icons.Unsure)
	case t.Held:
		return th.Unsure.Render(th.Icons.Paused)
	case t.State == backend.Pending:
		return th.Running.Render(th.Icons.Pending)
	case t.State == backend.Done:
		return th.Done.Render(th.Icons.Done)
	case t.State == backend.Failed:
		return th.Failed.Render(th.Icons.Failed)
	case t.State == backend.Canceled:
		return th.Quiet.Render(th.Icons.Canceled)
	}
	// It moves half a second away from the time at the other end of the row: the
	// renderer writes all that lies between two changes of a frame.
	frames := th.Icons.Spinner
	return th.Running.Render(frames[int((env.Now.UnixMilli()+500)/1000)%len(frames)])
}

// Outcome says in a few words how a task stands, and in which style.
func Outcome(env parts.Env, t task.Task) (string, lipgloss.Style) {
	say, th := env.Words.Say, env.Theme
	switch {
	case t.State == backend.Unsure:
		return say("studio.row.unsure"), th.Unsure
	case t.Asking:
		return say("studio.row.asking"), th.Unsure
	case t.Held:
		return say("studio.row.held"), th.Unsure
	case t.State == backend.Failed:
		return reason(env, t), th.Failed
	case t.State == backend.Canceled:
		return say("studio.state.canceled"), th.Quiet
	case t.State == backend.Done:
		return Pixels(t), th.Quiet
	case t.IsLate(env.Now):
		return say("studio.row.late"), th.Unsure
	case t.Trouble != nil:
		return say("studio.kind." + string(t.Trouble.Kind)), th.Unsure
	}
	return say("studio.state." + string(t.State)), th.Quiet
}

func reason(env parts.Env, t task.Task) string {
	if t.Error == nil {
		return env.Words.Say("studio.state.failed")
	}
	if t.Error.Kind == backend.Unavailable {
		return env.Words.Say("studio.row.failed") // it was reached, and failed
	}
	return env.Words.Say("studio.kind." + string(t.Error.Kind))
}

// Pixels is the size of what was saved, with how many there are: "2048x1152 ×2".
func Pixels(t task.Task) string {
	n, s := 0, ""
	for _, f := range t.Files {
		if f.Path == "" {
			continue
		}
		if n++; n == 1 && f.Width > 0 {
			s = strconv.Itoa(f.Width) + "x" + strconv.Itoa(f.Height)
		}
	}
	if n > 1 {
		s = strings.TrimSpace(s + " ×" + strconv.Itoa(n))
	}
	return s
}

// Bar draws the progress of a task in w cells, "" where it is not told.
func Bar(env parts.Env, t task.Task, w int) string {
	if t.Progress < 0 || t.State != backend.Running || w < 3 || t.Trouble != nil || t.IsLate(env.Now) {
		return ""
	}
	return env.Theme.Progress(t.Progress, w, env.Theme.Accent)
}

// Time says how long a task took, or takes so far and usually takes.
func Time(env parts.Env, f *facts.Facts, t task.Task) string {
	began := facts.Began(t)
	if t.Over() {
		end := t.ReadyAt
		if end.IsZero() {
			end = t.Finished
		}
		if t.State == backend.Failed {
			end = t.Finished
		}
		if !end.After(began) || began.IsZero() || t.State == backend.Canceled {
			return ""
		}
		return Duration(end.Sub(began))
	}
	if facts.Waits(t) {
		return ""
	}
	so := Duration(env.Now.Truncate(time.Second).Sub(began.Truncate(time.Second)))
	if usual := f.Usual(t.Request.Provider, t.Request.Model); usual > 0 && !t.IsLate(env.Now) {
		so += "/~" + Duration(usual)
	}
	return so
}

// Duration says a length of time in at most five cells: "12s", "2m05s", "3h10m",
// "4d".
func Duration(d time.Duration) string {
	two := func(n int) string {
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	}
	s := max(int(d/time.Second), 0)
	switch {
	case s < 60:
		return strconv.Itoa(s) + "s"
	case s < 3600 && s%60 == 0:
		return strconv.Itoa(s/60) + "m"
	case s < 3600:
		return strconv.Itoa(s/60) + "m" + two(s%60) + "s"
	case s < 24*3600:
		return strconv.Itoa(s/3600) + "h" + two(s/60%60) + "m"
	}
	return strconv.Itoa(s/(24*3600)) + "d"
}
