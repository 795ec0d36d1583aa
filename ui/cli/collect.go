package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"easel/backend"
	"easel/backend/task"
)

func (p *Program) collectCommand() *cobra.Command {
	var watch, asJSON bool
	cmd := &cobra.Command{
		Use:   "collect",
		Short: p.Words.Say("cli.collect"),
		Long:  p.Words.Say("cli.collect_long"),
		Args:  p.exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.needs(); err != nil {
				return err
			}
			return p.collect(cmd.Context(), watch, asJSON)
		},
	}
	cmd.Flags().BoolVar(&watch, "watch", false, p.Words.Say("cli.flag_watch"))
	cmd.Flags().BoolVar(&asJSON, "json", false, p.Words.Say("cli.flag_json"))
	return cmd
}

// collection is one run of collect.
type collection struct {
	p     *Program
	json  bool
	tasks map[string]task.Task // as they are now, those that were open at the start or came since
	order []string
	told  map[string]bool
	fails bool
	err   error // stdout is gone
}

// collect lets the engine work until nothing goes on, or for ever with watch.
func (p *Program) collect(ctx context.Context, watch, asJSON bool) error {
	work, err := p.Work("collect")
	if err != nil {
		return fail(Wrong, err)
	}
	defer p.close(ctx, work)
	follower := work.Engine.Follow()
	defer follower.Close()
	if err := work.Engine.Start(context.WithoutCancel(ctx)); err != nil {
		return fail(Wrong, err)
	}
	c := &collection{p: p, json: asJSON, tasks: map[string]task.Task{}, told: map[string]bool{}}
	list := work.Engine.Tasks()
	for i := len(list) - 1; i >= 0; i-- { // oldest first
		c.note(list[i])
		if list[i].State == backend.Ready {
			work.Engine.Download(list[i].ID) // an error: it is being done already
		}
	}
	c.follow(ctx, follower, watch)
	p.close(ctx, work)
	for _, t := range work.Engine.Tasks() {
		c.note(t)
	}
	return c.end()
}

// follow notes changes until nothing goes on by itself.
func (c *collection) follow(ctx context.Context, f *task.Follower, watch bool) {
	for c.err == nil && (watch || c.moving()) {
		next, cancel := context.WithTimeout(ctx, time.Second) // a wait may end without an event
		list, err := f.Next(next)
		cancel()
		for _, t := range list {
			c.note(t)
		}
		if ctx.Err() != nil || (err != nil && next.Err() == nil) {
			return
		}
	}
}

// note keeps a task as it is now, and prints it the moment that it is over.
func (c *collection) note(t task.Task) {
	if _, known := c.tasks[t.ID]; !known {
		c.order = append(c.order, t.ID)
	}
	c.tasks[t.ID] = t
	if !t.Over() || c.told[t.ID] {
		return
	}
	c.told[t.ID] = true
	c.fails = c.fails || t.State == backend.Failed
	c.print(t)
}

// print gives a task to stdout, and says what is not simply done.
func (c *collection) print(t task.Task) {
	if c.json {
		if err := c.p.printJSON(t.Record()); err != nil {
			c.err = err
		}
	} else {
		c.p.printFiles(t)
	}
	c.p.tell(t)
}

func (c *collection) moving() bool {
	for _, t := range c.tasks {
		if !settled(t) {
			return true
		}
	}
	return false
}

// end prints what is left, and gives the status: 1 if something failed in this
// run, else 3 if something is left, else 0.
func (c *collection) end() error {
	left := 0
	for _, id := range c.order {
		if t := c.tasks[id]; !t.Over() {
			left++
			c.print(t)
		}
	}
	switch {
	case c.err != nil:
		return fail(Wrong, c.err)
	case c.fails:
		return fail(Failed, nil)
	case left > 0:
		return fail(Open, nil)
	}
	if len(c.order) == 0 && isTerm(c.p.Err) {
		fmt.Fprintln(c.p.Err, c.p.Words.Say("cli.nothing_open"))
	}
	return nil
}
