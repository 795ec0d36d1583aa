package ui

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"easel/backend"
	"easel/backend/task"
	"easel/history"
	"easel/history/search"
	"easel/ui/answers"
	"easel/ui/words"
	"easel/ui/written"
)

// Engine is what the screen asks of the engine; *task.Engine fulfils it. Every
// method may write to disk, so they are called from commands.
type Engine interface {
	Submit(r backend.Request, out string) (task.Task, error)
	Tasks() []task.Task
	Look(id string) error
	Adopt(id, ticket string) error
	Again(id string) error
	Lost(id string) error
	Stop(id string) error
	Resume(id string) error
	Download(id string) error
}

// Changes tells which tasks changed; *task.Follower fulfils it.
type Changes interface {
	Next(ctx context.Context) ([]task.Task, error)
}

// History is what the screen asks of the past; *history.Store fulfils it.
type History interface {
	Recent(n int) ([]task.Record, error)
	Prompts(ctx context.Context, limit int) ([]string, error)
	Draft() (backend.Request, error)
	SaveDraft(backend.Request) error
	Usual(provider, model string) time.Duration

	// Index is of all that was ever made: its end at once, the whole behind it,
	// as IndexNews tells.
	Index() (*search.Index, error)
	IndexNews(ctx context.Context, x *search.Index, epoch int) (*search.Index, error)
	Entry(e search.Entry) (task.Record, error)
	Mark(m history.Mark, ids ...string) error
	Trash(ids ...string) error
	Restore(ids ...string) error
	Trashed(ctx context.Context) (history.Emptied, error)
	EmptyTrash(ctx context.Context) (history.Emptied, error)
}

// Config is what the studio needs. Engine must be started, and Changes must
// follow it since before that, so that nothing is missed.
type Config struct {
	Engine    Engine
	Changes   Changes
	History   History
	Providers []*backend.Provider
	Since     time.Time // when the engine was started; zero: now
	Me        string    // the engine's name in its tasks, where several may be at work
	Start     string    // the provider that is selected where the draft names none
	Words     *words.Words
	Notify    string // auto, bell, off
	Pictures  string // auto, or a picture.Way
	Thumbs    string // the folder of thumbnails; "" keeps none
	Mouse     bool
	NoColor   bool
	Version   string
	Log       *slog.Logger
	Getenv    func(string) string // nil: the process's own environment
	Notes     []string            // said once at the start: a config that others can read, …
}

// Result is how the studio ended.
type Result struct {
	// Asked is true when the person quit; false when a signal or the end of the
	// context ended the studio.
	Asked bool
}

// Run shows the studio until the person leaves or ctx ends. The error is about
// the terminal: none is there, or it went away.
func Run(ctx context.Context, c Config) (Result, error) {
	if c.Getenv == nil {
		c.Getenv = os.Getenv
	}
	m := newModel(c, time.Now, remember(c))
	m.dir, _ = os.Getwd() // without one, the file picker begins at the root
	out := written.To(os.Stdout)
	m.past = func(text string) tea.Cmd { return passing(out, text) }
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(120), tea.WithOutput(out)}
	if answers.Pieces && term.IsTerminal(os.Stdin.Fd()) {
		in := answers.New(os.Stdin)
		m.asking.tell = in.Asked
		options = append(options, tea.WithInput(in))
	}
	_, err := tea.NewProgram(m, options...).Run()
	out.End()
	if s := m.book.Break(); s != "" { // told to end in the middle of a picture; it belongs to the studio's screen
		_, _ = os.Stdout.WriteString(ansi.SetModeAltScreenSaveCursor + s + ansi.ResetModeAltScreenSaveCursor)
	}
	if m.draft.dirty {
		if e := c.History.SaveDraft(m.studio.Request()); e != nil && c.Log != nil {
			c.Log.Warn("the draft is not saved", "error", e)
		}
	}
	if ctx.Err() != nil || errors.Is(err, tea.ErrInterrupted) {
		err = nil // told to end, by a signal: that is no error of the terminal's
	}
	return Result{Asked: m.asked}, err
}
