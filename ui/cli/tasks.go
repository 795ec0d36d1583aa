package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"easel/backend"
	"easel/backend/task"
	"easel/history"
)

// answerTime is how long tasks look and again wait for the provider.
const answerTime = time.Minute

// passedTime is the same where another easel asks: of an answer without news only
// that one knows.
const passedTime = 5 * time.Second

func (p *Program) tasksCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "tasks",
		Short: p.Words.Say("cli.tasks"),
		Args:  p.exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.needs(); err != nil {
				return err
			}
			return p.tasks(asJSON)
		},
	}
	cmd.PersistentFlags().BoolVar(&asJSON, "json", false, p.Words.Say("cli.flag_json"))
	for _, w := range p.ways() {
		cmd.AddCommand(p.wayCommand(w, &asJSON))
	}
	return cmd
}

// tasks lists what is not over, the newest first. It only reads.
func (p *Program) tasks(asJSON bool) error {
	store, err := p.Store()
	if err != nil {
		return fail(Wrong, err)
	}
	list, err := store.Unfinished()
	if err != nil {
		return fail(Wrong, err)
	}
	var t table
	for _, x := range list {
		if asJSON {
			if err := p.printJSON(x.Record()); err != nil {
				return fail(Wrong, err)
			}
			continue
		}
		t.add(x.Short(), p.stateNow(x), x.Request.Provider, x.Request.Model, span(time.Since(x.Created)), oneLine(x.Request.Prompt))
	}
	t.print(p.Out, p.width())
	if len(list) == 0 && !asJSON && isTerm(p.Err) {
		p.say("cli.nothing_open")
	}
	p.damaged(store)
	return nil
}

// stateNow is the state of a task, and what a person must know of it.
func (p *Program) stateNow(t task.Task) string {
	word := p.stateWord(t.State)
	switch {
	case t.Asking:
		return word + " (" + p.Words.Say("cli.asking") + ")"
	case t.Held:
		return word + " (" + p.Words.Say("cli.held") + ")"
	case t.IsLate(time.Now()):
		return word + " (" + p.Words.Say("cli.late") + ")"
	}
	return word
}

// damaged says which lines of the journal or the history cannot be read.
func (p *Program) damaged(store *history.Store) {
	for _, problem := range store.Problems() {
		fmt.Fprintf(p.Err, "easel: %s:%d: %s\n", problem.File, problem.Line, backend.Clean(problem.Message))
	}
}

// way is one of the ways out of unsure and of waiting.
type way struct {
	name   string
	ticket bool // a second argument: the provider's id
	over   bool // for a task that is over: a stopped one
	do     func(e *task.Engine, id, ticket string) error
	// until says when the command has its answer; nil: at once.
	until func(before, now task.Task) bool
}

func (p *Program) ways() []way {
	heard := func(before, now task.Task) bool { return answered(before, now) && now.State != backend.Ready }
	return []way{
		{name: "look", do: func(e *task.Engine, id, _ string) error { return e.Look(id) }, until: heard},
		{name: "adopt", ticket: true, do: func(e *task.Engine, id, ticket string) error { return e.Adopt(id, ticket) }},
		{name: "again", do: func(e *task.Engine, id, _ string) error { return e.Again(id) },
			until: func(before, now task.Task) bool {
				sent := now.Sends > before.Sends && answered(before, now)
				return onDisk(now) || sent || now.Held && now.Asked.After(before.Asked) // no key, here or elsewhere
			}},
		{name: "lost", do: func(e *task.Engine, id, _ string) error { return e.Lost(id) }},
		{name: "stop", do: func(e *task.Engine, id, _ string) error { return e.Stop(id) }},
		{name: "resume", over: true, do: func(e *task.Engine, id, _ string) error { return e.Resume(id) }, until: wentOn},
	}
}

// wentOn says whether a stopped task goes on, as far as it does by itself.
func wentOn(before, now task.Task) bool {
	switch {
	case now.State == backend.Canceled:
		return false
	case now.Over(), now.Idle(): // it may be unsure, as it was
		return true
	}
	return now.State != backend.Ready && now.Asked.After(before.Asked)
}

// ends says whether there is an answer. A task that is being sent has none yet, and
// becomes unsure if who sends it leaves.
func (w way) ends(before, now task.Task) bool { return !beingSent(now) && w.until(before, now) }

func beingSent(t task.Task) bool { return t.State == backend.Pending && t.InDoubt }

// answered says whether the provider said something, or failed to, since
// before.
func answered(before, now task.Task) bool {
	return now.State != before.State || now.Asked.After(before.Asked) || now.Trouble != nil
}

func (p *Program) wayCommand(w way, asJSON *bool) *cobra.Command {
	use, args := w.name+" ID", p.exactly(1)
	if w.ticket {
		use, args = use+" TICKET", p.exactly(2)
	}
	return &cobra.Command{
		Use:   use,
		Short: p.Words.Say("cli.tasks_" + w.name),
		Args:  args,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.needs(); err != nil {
				return err
			}
			return p.decide(cmd.Context(), w, append(args, ""), *asJSON)
		},
	}
}

// decide carries out what a person decided about a task.
func (p *Program) decide(ctx context.Context, w way, args []string, asJSON bool) error {
	if err := p.exists(args[0]); err != nil && !w.over {
		return err
	}
	work, err := p.Work("tasks " + w.name)
	if err != nil {
		return fail(Wrong, err)
	}
	defer p.close(ctx, work)
	follower := work.Engine.Follow()
	defer follower.Close()
	if err := work.Engine.Start(context.WithoutCancel(ctx)); err != nil {
		return fail(Wrong, err)
	}
	before, err := work.Engine.Task(args[0])
	if err != nil {
		return fail(Wrong, err)
	}
	if err := w.do(work.Engine, before.ID, args[1]); err != nil {
		return fail(Wrong, err)
	}
	if w.until != nil {
		p.hear(ctx, w, work, follower, before)
	}
	p.close(ctx, work)
	now, err := work.Engine.Task(before.ID)
	if err != nil {
		return fail(Wrong, err)
	}
	return p.decided(w, now, asJSON)
}

// hear waits for the answer to a decision about a task: for as long as it is being
// sent, else for a while.
func (p *Program) hear(ctx context.Context, w way, work *Work, f *task.Follower, before task.Task) {
	most, passed := answerTime, false
	if now, err := work.Engine.Task(before.ID); err == nil {
		passed = now.Engine != work.Store.Engine() && work.Store.Alive(now.Engine)
	}
	if passed {
		p.say("cli.tasks_passed")
		most = passedTime
	}
	begun := time.Now()
	enough := func(t task.Task) bool {
		late := time.Since(begun) > most && (passed || !beingSent(t))
		return late || w.ends(before, t)
	}
	show := p.progress(work, before)
	wait(ctx, f, before, enough, show.draw)
	show.clear()
}

// exists says whether a task is open, before anything is locked or started.
func (p *Program) exists(id string) error {
	store, err := p.Store()
	if err != nil {
		return fail(Wrong, err)
	}
	list, err := store.Unfinished()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail(Wrong, err)
	}
	found := 0
	for _, t := range list {
		if t.ID == id {
			return nil
		}
		if len(id) >= 4 && len(id) <= len(t.ID) && t.ID[len(t.ID)-len(id):] == id {
			found++
		}
	}
	switch found {
	case 0:
		return p.wrong("cli.task_unknown", backend.Clean(id))
	case 1:
		return nil
	}
	return p.wrong("cli.task_several", backend.Clean(id))
}

// decided prints the task as it is after a decision. A decision that is carried
// out ends with 0; look and again end as the task stands.
func (p *Program) decided(w way, t task.Task, asJSON bool) error {
	if asJSON {
		if err := p.printJSON(t.Record()); err != nil {
			return fail(Wrong, err)
		}
	} else {
		p.printFiles(t)
		p.tell(t)
	}
	switch {
	case w.until == nil:
		return nil
	case w.name == "again" && onDisk(t) && !t.Over():
		return nil
	}
	if status := outcome(t); status != Saved {
		return fail(status, nil)
	}
	return nil
}
