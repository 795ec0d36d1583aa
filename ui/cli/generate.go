package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"easel/backend"
	"easel/backend/task"
)

// promptMax is the most of a prompt that is read from stdin, in bytes; no
// provider takes a megabyte.
const promptMax = 1 << 20

func (p *Program) generateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "generate [flags] PROMPT|-",
		Short: p.Words.Say("cli.generate"),
		Long:  p.Words.Say("cli.generate_long"),
		Args:  p.onePrompt,
	}
	a := p.askedFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.generate(cmd.Context(), a, args[0])
	}
	p.completeRequest(cmd, a)
	return cmd
}

func (p *Program) onePrompt(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return p.wrong("cli.prompt_missing")
	case 1:
		return nil
	}
	return p.wrong("cli.prompt_many", len(args))
}

// generate checks everything that can be checked, then submits, waits and
// says what came of it.
func (p *Program) generate(ctx context.Context, a *asked, arg string) error {
	if err := p.needs(); err != nil {
		return err
	}
	if a.timeout <= 0 {
		return p.wrong("cli.timeout_zero", a.timeout.String())
	}
	r, out, err := p.checked(ctx, a, arg)
	if err != nil {
		return err
	}
	work, err := p.Work("generate")
	if err != nil {
		return fail(Wrong, err)
	}
	t, err := p.carryOut(ctx, work, a, r, out)
	if err != nil {
		return err
	}
	return p.report(t, a)
}

// checked judges the request, the access and the output folder, in the order in
// which a person would mend them. Nothing is written yet.
func (p *Program) checked(ctx context.Context, a *asked, arg string) (backend.Request, string, error) {
	var none backend.Request
	prompt, err := p.prompt(ctx, arg)
	if err != nil {
		return none, "", err
	}
	list, err := p.Providers()
	if err != nil {
		return none, "", fail(Wrong, err)
	}
	provider, err := p.pick(list, a)
	if err != nil {
		return none, "", err
	}
	r, err := a.request(provider, prompt)
	if err != nil {
		return none, "", fail(Wrong, err)
	}
	if err := access(ctx, provider); err != nil {
		return none, "", fail(statusOf(err), err)
	}
	out, err := p.outFolder(a)
	if err != nil {
		return none, "", err
	}
	store, err := p.Store()
	if err != nil {
		return none, "", fail(Wrong, err)
	}
	if err := store.Check(task.Task{Request: r, Out: out, Created: time.Now()}); err != nil {
		return none, "", fail(Wrong, err)
	}
	return r, out, nil
}

// access says whether a request could be sent to a provider.
func access(ctx context.Context, provider *backend.Provider) error {
	if provider.Access == nil {
		return nil
	}
	return provider.Access(ctx)
}

// prompt gives the argument, or for "-" what stdin says, without the line break
// at its end.
func (p *Program) prompt(ctx context.Context, arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	type read struct {
		text []byte
		err  error
	}
	done := make(chan read, 1)
	go func() {
		b, err := io.ReadAll(io.LimitReader(p.In, promptMax+1))
		done <- read{b, err}
	}()
	select {
	case <-ctx.Done():
		return "", fail(Failed, nil)
	case got := <-done:
		switch {
		case got.err != nil:
			return "", fail(Wrong, got.err)
		case len(got.text) > promptMax:
			return "", p.wrong("cli.prompt_huge")
		}
		text := strings.TrimSuffix(string(got.text), "\n")
		return strings.TrimSuffix(text, "\r"), nil
	}
}

// carryOut submits the request and waits. It leaves with the engine closed and
// gives the task as it is then.
func (p *Program) carryOut(ctx context.Context, work *Work, a *asked, r backend.Request, out string) (task.Task, error) {
	defer p.close(ctx, work)
	follower := work.Engine.Follow()
	defer follower.Close()
	if err := work.Engine.Start(context.WithoutCancel(ctx)); err != nil {
		return task.Task{}, fail(Wrong, err)
	}
	p.warnOfTwin(work, r)
	t, err := work.Engine.Submit(r, out)
	if err != nil {
		if e := backend.AsError(err); e.Kind == backend.Unauthorized {
			return t, fail(NoAccess, err)
		}
		return t, fail(Wrong, err)
	}
	enough := settled
	if a.noWait {
		enough = func(t task.Task) bool { return settled(t) || onDisk(t) }
	}
	waiting, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	show := p.progress(work, t)
	t = wait(waiting, follower, t, enough, show.draw)
	show.clear()
	if ctx.Err() != nil {
		work.Engine.Drop(t.ID) // an error: it was sent, and stays in flight
	}
	p.close(ctx, work)
	if now, err := work.Engine.Task(t.ID); err == nil {
		t = now
	}
	return t, nil
}

// warnOfTwin says that an unsure task asked for the same. The studio asks before
// it sends; a script cannot be asked, and what it calls for is what it gets: it
// is another task, and a line says what it may cost.
func (p *Program) warnOfTwin(work *Work, r backend.Request) {
	for _, t := range work.Engine.Tasks() {
		if t.State == backend.Unsure && t.Request.Same(r) {
			fmt.Fprintln(p.Err, "easel: "+p.Words.Say("cli.twin", t.Short(), backend.Clean(r.Provider)))
			return
		}
	}
}

// close ends the work, and says what went wrong with it.
func (p *Program) close(ctx context.Context, work *Work) {
	if _, err := work.End(ctx); err != nil {
		fmt.Fprintln(p.Err, "easel: "+p.explain(err))
	}
}

// report prints what came of the task, and gives the status.
func (p *Program) report(t task.Task, a *asked) error {
	status := outcome(t)
	if a.noWait && status == Open && onDisk(t) && t.State != backend.Unsure {
		status = Saved
	}
	if a.json {
		if err := p.printJSON(t.Record()); err != nil {
			return fail(Wrong, err)
		}
	} else if a.noWait && !t.Over() {
		fmt.Fprintln(p.Out, t.ID)
	} else {
		p.printFiles(t)
	}
	if a.noWait && status == Saved && !t.Over() {
		return nil
	}
	p.tell(t)
	if status == Saved {
		return nil
	}
	return fail(status, nil)
}
