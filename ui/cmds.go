package ui

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/answers"
	"easel/ui/ask"
	"easel/ui/facts"
	"easel/ui/parts/files"
	"easel/ui/picture"
	"easel/ui/written"
)

// Every command that waits or touches the world is made here, of values: none
// sees the model.

const (
	pause      = 200 * time.Millisecond // between two looks at what changed: the screen needs no more
	second     = 500 * time.Millisecond // between two ticks while something moves
	draftAfter = 700 * time.Millisecond // of a change the draft is saved
	promptsMax = 500                    // earlier prompts that are loaded
)

type (
	tickMsg    struct{}
	changesMsg struct {
		tasks []task.Task
		err   error
	}
	usualMsg []struct {
		provider, model string
		takes           time.Duration
	}
	draftDueMsg   struct{}
	draftSavedMsg struct{ err error }
	saidMsg       struct {
		level ask.Level
		text  string
	}
)

func tick() tea.Cmd { return tea.Tick(second, func(time.Time) tea.Msg { return tickMsg{} }) }
func draftDue() tea.Cmd {
	return tea.Tick(draftAfter, func(time.Time) tea.Msg { return draftDueMsg{} })
}

// listen waits for the next changes. It pauses first, so that a busy engine
// does not make the screen draw more than can be read.
func listen(c Changes, pause time.Duration) tea.Cmd {
	return func() tea.Msg {
		if pause > 0 {
			time.Sleep(pause)
		}
		tasks, err := c.Next(context.Background())
		return changesMsg{tasks, err}
	}
}

func loadPrompts(h History) tea.Cmd {
	return func() tea.Msg {
		list, err := h.Prompts(context.Background(), promptsMax)
		if err != nil {
			return nil // a history that cannot be read is said by others
		}
		return ask.Earlier{Prompts: list}
	}
}

func loadUsual(h History, list [][2]string) tea.Cmd {
	return func() tea.Msg {
		out := make(usualMsg, len(list))
		for i, pair := range list {
			out[i].provider, out[i].model = pair[0], pair[1]
			out[i].takes = h.Usual(pair[0], pair[1])
		}
		return out
	}
}

func saveDraft(h History, r backend.Request) tea.Cmd {
	return func() tea.Msg { return draftSavedMsg{h.SaveDraft(r)} }
}

// submit looks at local references that nobody looked at, and submits.
func submit(e Engine, r backend.Request) tea.Cmd {
	return func() tea.Msg {
		sent := r.Clone()
		for i, ref := range sent.References {
			if ref.Path == "" || ref.Type != "" {
				continue
			}
			seen, err := backend.LookAt(ref)
			if err != nil && ref.URL == "" {
				return ask.Submitted{Request: r, Err: err}
			}
			if err == nil {
				sent.References[i] = seen
			}
		}
		t, err := e.Submit(sent, "")
		return ask.Submitted{Request: r, Task: t, Err: err}
	}
}

// change makes the engine do what a person decided about a task.
func change(e Engine, c ask.Change) tea.Cmd {
	return func() tea.Msg {
		var err error
		switch c.Verb {
		case ask.Look:
			err = e.Look(c.ID)
		case ask.Adopt:
			err = e.Adopt(c.ID, c.Ticket)
		case ask.Resend:
			err = e.Again(c.ID)
		case ask.Lost:
			err = e.Lost(c.ID)
		case ask.Stop:
			err = e.Stop(c.ID)
		case ask.Resume:
			err = e.Resume(c.ID)
		case ask.Download:
			err = e.Download(c.ID)
		}
		return ask.Changed{Change: c, Err: err}
	}
}

func lookAt(a ask.LookAt, home string) tea.Cmd {
	return func() tea.Msg {
		ref := a.Reference
		if rest, ok := strings.CutPrefix(ref.Path, "~/"); ok && home != "" {
			ref.Path = filepath.Join(home, rest)
		}
		seen, err := backend.LookAt(ref)
		return ask.Looked{Asked: a, Reference: seen, Err: err}
	}
}

// edit opens the person's editor on a text: editor is theirs, "" for vi where it
// is. The screen is the editor's until it ends.
func edit(text, editor, none string) tea.Cmd {
	return func() tea.Msg {
		if editor == "" {
			if _, err := exec.LookPath("vi"); err != nil {
				return saidMsg{ask.Warn, none}
			}
			editor = "vi"
		}
		f, err := os.CreateTemp("", "easel-*.txt")
		if err == nil {
			_, err = f.WriteString(text)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			return ask.Edited{Err: err}
		}
		path := f.Name()
		// As git does it: the variable may hold arguments.
		cmd := exec.Command("sh", "-c", editor+` "$1"`, "sh", path)
		if runtime.GOOS == "windows" {
			cmd = exec.Command(editor, path)
		}
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr // the terminal itself, and not who stands before it here
		return tea.Exec(unhurried{cmd}, func(err error) tea.Msg { return edited(path, err) })()
	}
}

// unhurried is a command that has the terminal, and never for less than a moment:
// an editor that ends at once (code, without --wait) would be back before Bubble
// Tea has stopped the clock of its renderer, which then stops the new one, and
// nothing is ever drawn again (charmbracelet/bubbletea#1778).
type unhurried struct{ *exec.Cmd }

// atLeast is many times what stopping takes on a machine that has other things to do.
const atLeast = 100 * time.Millisecond

func (c unhurried) Run() error {
	began := time.Now()
	err := c.Cmd.Run()
	time.Sleep(atLeast - time.Since(began))
	return err
}

// The terminal is the command's from the start.
func (unhurried) SetStdin(io.Reader)  {}
func (unhurried) SetStdout(io.Writer) {}
func (unhurried) SetStderr(io.Writer) {}

// edited reads what the editor left, and takes the file away.
func edited(path string, err error) tea.Msg {
	defer os.Remove(path)
	if err != nil {
		return ask.Edited{Err: err}
	}
	b, err := os.ReadFile(path)
	return ask.Edited{Text: strings.TrimRight(string(b), "\r\n"), Err: err}
}

// viewer names the command that opens a file with the system's viewer; nil where
// there is no display.
func viewer(goos, path string, getenv func(string) string) []string {
	switch goos {
	case "darwin":
		return []string{"open", path}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", path}
	}
	if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
		return nil
	}
	return []string{"xdg-open", path}
}

// view opens a file, and says so, or that the viewer did not start.
func view(command []string, well, ill string) tea.Cmd {
	return func() tea.Msg {
		cmd := exec.Command(command[0], command[1:]...)
		if err := cmd.Start(); err != nil {
			return saidMsg{ask.Bad, ill + ": " + clean(err)}
		}
		go func() { _ = cmd.Wait() }()
		return saidMsg{ask.Info, well}
	}
}

// listFolder reads a folder for the file picker.
func listFolder(l files.List, home string) tea.Cmd {
	return func() tea.Msg {
		path := l.Dir
		if rest, ok := strings.CutPrefix(path, "~"); ok {
			path = home + rest
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(l.Base, path)
		}
		out := files.Listed{Asked: l, Path: filepath.Clean(path)}
		list, err := os.ReadDir(path)
		if err != nil {
			out.Err = err
			return out
		}
		for _, e := range list {
			info, err := os.Stat(filepath.Join(path, e.Name())) // follows links
			if err != nil {
				continue
			}
			out.Entries = append(out.Entries, files.Entry{Name: e.Name(), Folder: info.IsDir(), Bytes: info.Size(), Time: info.ModTime()})
		}
		return out
	}
}

// cellPixels asks the system for the size of the screen in pixels.
func cellPixels(width, height int) tea.Cmd {
	return func() tea.Msg {
		w, h := answers.Pixels(os.Stdout, width, height)
		if w == 0 || h == 0 {
			return nil
		}
		return picture.PixelsEvent{Width: w, Height: h}
	}
}

// drawPicture makes a picture ready for the screen.
func drawPicture(j *picture.Job) tea.Cmd {
	return func() tea.Msg { return drawnMsg{j.Do()} }
}

// awaitFile waits for a disk that did not answer; it may be for ever.
func awaitFile(wait func()) tea.Cmd {
	return func() tea.Msg { wait(); return fileMsg{} }
}

// sendPictures writes a piece of pictures to the terminal, and then says so:
// cells that name them are drawn, and another piece follows, when it is there.
func (m *model) sendPictures(piece string) tea.Cmd {
	return tea.Sequence(m.past(piece), func() tea.Msg { return sentMsg{} })
}

// handOver gives the terminal to somebody else, when it has what it must be sent
// before, and says when it is back.
func (m *model) handOver(before string, then tea.Cmd) tea.Cmd {
	back := func() tea.Msg { return backMsg{} }
	if before == "" {
		return tea.Sequence(then, back)
	}
	return tea.Sequence(m.past(before), then, back)
}

// passing writes between two frames what goes past them. A terminal that is gone
// is noticed by who reads it.
func passing(out *written.Terminal, text string) tea.Cmd {
	return func() tea.Msg { _ = out.Past(text); return nil }
}

// notify tells the terminal that something ended: as a notification (OSC 9), or
// with the bell where that would not pass.
func notify(setting string, tmux bool, text string) tea.Cmd {
	switch {
	case setting == "off":
		return nil
	case setting == "bell" || tmux:
		return tea.Raw("\a")
	}
	return tea.Raw(ansi.Notify(backend.Clean(text)))
}

// past is what is known before the first frame.
type past struct {
	tasks    []task.Task
	records  []task.Record
	draft    backend.Request
	problems []string
}

// remember reads what the first frame shows. It reads the end of one file and
// the whole of a small one, and is done before there is a screen.
func remember(c Config) past {
	p := past{tasks: c.Engine.Tasks()}
	var err error
	if p.records, err = c.History.Recent(facts.Shown); err != nil {
		p.problems = append(p.problems, c.Words.Say("studio.say.history", clean(err)))
	}
	if p.draft, err = c.History.Draft(); err != nil {
		p.problems = append(p.problems, c.Words.Say("studio.say.draft_read", clean(err)))
	}
	return p
}

func tasksOf(f *facts.Facts) []task.Task {
	out := make([]task.Task, 0, f.Len())
	for _, id := range f.Order() {
		t, _ := f.Task(id)
		out = append(out, t)
	}
	return out
}

func clean(err error) string { return backend.Clean(err.Error()) }
