// Package cli is easel without a screen: the commands, their flags, what they
// print, and the statuses they end with.
//
// Results go to stdout, everything else to stderr. What a request may be is
// judged by backend, what happens to a task by backend/task; how the program is
// put together is main's business, which hands it over as a Program. JSON and
// exit statuses never depend on the language.
package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"easel/backend"
	"easel/backend/task"
	"easel/history"
	"easel/ui/words"
)

// Program is what main has put together for the commands. Everything that
// costs time or touches the disk is a function, called by the commands that
// need it.
type Program struct {
	Version string
	Words   *words.Words
	Env     func(string) string
	Environ []string // all of it, for what finds out about the terminal

	In, Out, Err *os.File

	Config    Config
	DataDir   string        // absolute; "" if the config is wrong
	Pictures  string        // absolute: output_dir
	Shown     string        // how pictures are to be shown: the config's "pictures"
	Default   func() string // the provider that is taken where none is named
	Access    func() []Access
	Recipes   func() ([]Recipe, error)                                  // every recipe, and what is wrong with recipes and sections
	Providers func() ([]*backend.Provider, error)                       // those that are there; nothing is started
	Online    func() (list []*backend.Provider, stop func(), err error) // the same, with the demo started
	Known     func(name string) (*backend.Provider, error)              // one of any recipe, there or not; nil: no such recipe
	Store     func() (*history.Store, error)                            // for reading
	Work      func(what string) (*Work, error)                          // the engine, not started
	Studio    func() (pending int, err error)                           // it hears signals itself
}

// Config is what became of reading config.toml.
type Config struct {
	Path     string // absolute
	Exists   bool
	Err      error    // it cannot be followed
	Warnings []string // in the person's language
	Example  []byte   // what config init writes
}

// Access says where the key of a provider that is there comes from; "" if there
// is none.
type Access struct{ Name, Source string }

// Recipe is a recipe that was read, for doctor and models.
type Recipe struct {
	Name, File string // File is "" for one that is built in
	Models     int
	Err        error // an example reads otherwise than it says
}

// Work is an engine, one of those that work in the data directory.
type Work struct {
	Engine    *task.Engine
	Store     *history.Store
	Providers []*backend.Provider
	Log       *slog.Logger
	// Close stops the work (see task.Engine.Close) and leaves the directory to others.
	Close func(context.Context) (pending int, err error)

	pending int
	ended   bool
}

// closeTime is how long leaving waits for the answer to a submit that was sent,
// so that quitting makes no task unsure without need.
const closeTime = 10 * time.Second

// End closes the work, also after ctx ended; a second time it does nothing. It
// gives the number of tasks that were not sent.
func (w *Work) End(ctx context.Context) (pending int, err error) {
	if w.ended {
		return w.pending, nil
	}
	w.ended = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	w.pending, err = w.Close(ctx)
	return w.pending, err
}

// The exit statuses.
const (
	Saved    = 0 // all saved; all well
	Failed   = 1
	Wrong    = 2 // the call or the config is wrong, or the output cannot be written
	Open     = 3 // not known yet: left in flight, unsure, some saved and some not
	Refused  = 4 // by moderation
	NoAccess = 5 // key missing, empty or rejected; balance
)

// exit is an error that names the status; without err it was told already.
type exit struct {
	status int
	err    error
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

func fail(status int, err error) error { return &exit{status, err} }

// exitStatus is the status that an error names, Saved if it names none.
func exitStatus(err error) int {
	if e, ok := errors.AsType[*exit](err); ok {
		return e.status
	}
	return Saved
}

// wrong is a mistake in the call, said by a text of the catalogue.
func (p *Program) wrong(key string, args ...any) error {
	return fail(Wrong, errors.New(p.Words.Say(key, args...)))
}

// Run carries out a command line (without the program's name) and gives the
// exit status. The context ends with a signal.
func Run(ctx context.Context, p *Program, args []string) int {
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return p.end(err)
}

// end says an error on stderr and gives its status.
func (p *Program) end(err error) int {
	if err == nil {
		return Saved
	}
	status := Wrong // whatever cobra complains about is the call
	e, ok := errors.AsType[*exit](err)
	if ok {
		status = e.status
	}
	if !ok || e.err != nil {
		fmt.Fprintln(p.Err, "easel: "+p.explain(err))
	}
	return status
}

// explain says an error in the person's language where the catalogue has it.
func (p *Program) explain(err error) string {
	if l, ok := errors.AsType[*history.LockedError](err); ok {
		if l.PID == 0 { // it has not said yet who it is
			return p.Words.Say("cli.locked_somebody", p.DataDir, l.Path)
		}
		return p.Words.Say("cli.locked", l.What, fmt.Sprint(l.PID), stamp(l.Since), p.DataDir, l.Host, l.Path)
	}
	if e, ok := errors.AsType[*backend.Error](err); ok {
		return p.problem(e)
	}
	return backend.CleanLines(err.Error())
}

// problem says an error of a provider or a check in one line; of a key that the
// provider rejects also where the key is looked for.
func (p *Program) problem(e *backend.Error) string {
	said := p.Words.Error(e)
	if e.Field != "" {
		said = e.Field + ": " + said
	}
	if e.Provider != "" {
		said = e.Provider + ": " + said
	}
	if e.HTTP != 0 {
		said += fmt.Sprintf(" (HTTP %d)", e.HTTP)
	}
	if e.TraceID != "" {
		said += " [trace " + backend.Clean(e.TraceID) + "]"
	}
	if hint := p.keyHint(e.Provider); hint != "" && e.Kind == backend.Unauthorized && e.HTTP != 0 {
		said = p.Words.Say("cli.key_where", said, hint)
	}
	return said
}

// keyHint is where the key of a provider that is there is looked for.
func (p *Program) keyHint(name string) string {
	list, err := p.Providers()
	if i := slices.IndexFunc(list, func(x *backend.Provider) bool { return x.Name == name }); err == nil && i >= 0 {
		return list[i].KeyHint
	}
	return ""
}

// say prints a text of the catalogue on stderr.
func (p *Program) say(key string, args ...any) {
	fmt.Fprintln(p.Err, p.Words.Say(key, args...))
}

// statusOf is the exit status that an error of a check or an access calls for.
func statusOf(err error) int {
	switch backend.KindOf(err) {
	case backend.Unauthorized, backend.Unpaid:
		return NoAccess
	case backend.Moderated:
		return Refused
	case backend.Invalid:
		return Wrong
	}
	return Failed
}
