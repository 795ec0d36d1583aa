package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// object is a task as JSON shows it, without what a Record keeps for the
// studio, and with null where a task is not finished.
type object struct {
	task.Record
	Finished *time.Time `json:"finished"`
}

// printJSON prints a task as one line of JSON.
func (p *Program) printJSON(r task.Record) error {
	o := object{Record: r}
	if !r.Finished.IsZero() {
		o.Finished = &r.Finished
	}
	o.Sent, o.Working, o.Ready, o.Answer, o.URLs = time.Time{}, time.Time{}, time.Time{}, "", nil
	if o.Options == nil {
		o.Options = map[string]string{}
	}
	if o.References == nil {
		o.References = []task.RecordReference{}
	}
	if o.Files == nil {
		o.Files = []task.File{}
	}
	return p.encode(o)
}

// encode prints a value as one line of JSON.
func (p *Program) encode(v any) error {
	e := json.NewEncoder(p.Out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// printFiles prints the path of every picture that is saved, one a line.
func (p *Program) printFiles(t task.Task) {
	for _, f := range t.Files {
		if f.Path != "" {
			fmt.Fprintln(p.Out, f.Path)
		}
	}
}

// warn says on stderr which pictures claim to be so large that opening them may
// do harm.
func (p *Program) warn(t task.Task) {
	for _, f := range t.Files {
		if f.Vast() {
			fmt.Fprintln(p.Err, "easel: "+p.Words.Say("cli.vast", f.Path, f.Width, f.Height))
		}
	}
}

// tell says on stderr what became of a task that is not simply done.
func (p *Program) tell(t task.Task) {
	p.warn(t)
	why := ""
	if t.Error != nil {
		why = p.problem(t.Error)
	} else if t.Trouble != nil {
		why = p.problem(t.Trouble)
	}
	said := ""
	switch t.State {
	case backend.Done:
		if outcome(t) == Saved {
			return
		}
		said = p.Words.Say("cli.told_some", t.Short())
	case backend.Failed:
		said = p.Words.Say("cli.told_failed", t.Short())
	case backend.Canceled:
		if said = p.Words.Say("cli.told_canceled", t.Short()); !t.Sent.IsZero() {
			said = p.Words.Say("cli.told_stopped", t.Short(), t.Request.Provider)
		}
		why = ""
	case backend.Unsure:
		said = p.Words.Say("cli.told_unsure", t.Short(), t.Request.Provider)
	case backend.Pending:
		said = p.Words.Say("cli.told_pending", t.Short())
		if t.Asking {
			said = p.Words.Say("cli.told_asking", t.Short())
		}
	case backend.Ready:
		said = p.readyStill(t)
	default:
		said = p.Words.Say("cli.told_flight", t.Short(), t.Request.Provider)
	}
	switch {
	case why == "":
	case t.State == backend.Failed:
		said += ": " + why
	default:
		said = p.Words.Say("cli.because", said, why)
	}
	fmt.Fprintln(p.Err, "easel: "+said)
}

// readyStill says that a picture is not saved yet, and when its address may die
// where the provider says how long they live.
func (p *Program) readyStill(t task.Task) string {
	list, err := p.Providers()
	at := slices.IndexFunc(list, func(one *backend.Provider) bool { return one.Name == t.Request.Provider })
	if err != nil || at < 0 || list[at].Lasts <= 0 || t.ReadyAt.IsZero() {
		return p.Words.Say("cli.told_ready", t.Short())
	}
	return p.Words.Say("cli.told_until", t.Short(), stamp(t.ReadyAt.Add(list[at].Lasts)))
}

// stateWord is a state in the person's language.
func (p *Program) stateWord(s backend.State) string { return p.Words.Say("studio.state." + string(s)) }

// stamp is a moment as people read it here: the day only if it is not today.
func stamp(t time.Time) string {
	t = t.Local()
	if time.Since(t) < 20*time.Hour && time.Now().Local().Day() == t.Day() {
		return t.Format("15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

// span is a duration as people read it: 45s, 3m20s, 2h05m.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}

// oneLine is text fit for a line of a list.
func oneLine(s string) string { return strings.Join(strings.Fields(backend.Clean(s)), " ") }
