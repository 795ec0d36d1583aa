//go:build unix

package e2e

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// Terminal is a program in a pseudo-terminal, and what an emulator makes of its
// output. The emulator answers what a terminal is asked: attributes, colours,
// modes; it knows synchronized output, so that no half-drawn frame is seen.
type Terminal struct {
	t     testing.TB
	cmd   *exec.Cmd
	tty   *os.File
	begun time.Time     // before the exec
	ended chan struct{} // closed when the program is over and its output is read
	err   error         // how it ended; set before ended is closed

	mu      sync.Mutex
	emu     *vt.Emulator
	raw     []byte    // everything that was written, if kept
	keep    bool      // whether to keep it
	count   int64     // bytes that were written
	read    time.Time // when the last of them came
	framing bool      // in the middle of a frame
	visible bool      // the cursor
	title   string
	want    *want

	speech  sync.Mutex
	silent  bool   // it does not answer
	answers []byte // that it did not give
}

// want is what a test waits for.
type want struct {
	ok  func() bool // called with mu held, between frames
	at  time.Time   // when the bytes came that made it true
	met chan struct{}
}

// patience bounds every wait: it is what a hung program costs, not a timing.
func patience() time.Duration {
	if raceDetector {
		return 90 * time.Second
	}
	return 45 * time.Second
}

// Open starts a program in a terminal of w x h cells. It is killed at the end of
// the test if it runs still.
func Open(t testing.TB, cmd *exec.Cmd, w, h int) *Terminal {
	t.Helper()
	return open(t, cmd, w, h, true)
}

// open is Open. A terminal that does not answer is silent until Answer.
func open(t testing.TB, cmd *exec.Cmd, w, h int, answers bool) *Terminal {
	t.Helper()
	x := &Terminal{t: t, cmd: cmd, emu: vt.NewEmulator(w, h), visible: true, keep: true, ended: make(chan struct{})}
	x.emu.SetCallbacks(vt.Callbacks{
		Title:       func(s string) { x.title = s },
		EnableMode:  func(m ansi.Mode) { x.set(m, true) },
		DisableMode: func(m ansi.Mode) { x.set(m, false) },
	})
	x.emu.RegisterCsiHandler(ansi.Command('?', '$', 'p'), x.mode)
	x.emu.RegisterCsiHandler('r', x.margins)
	x.begun = time.Now()
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)})
	if err != nil {
		t.Fatal(err)
	}
	x.tty = tty
	x.silent = !answers
	go io.Copy(answerer{x}, reader{x.emu}) // ends when the pipe is closed
	go x.follow()
	t.Cleanup(func() {
		x.Kill()
		x.emu.InputPipe().(io.Closer).Close()
		tty.Close()
	})
	return x
}

// reader hides the emulator's other methods from io.Copy.
type reader struct{ io.Reader }

// answerer takes what the terminal answers. The emulator waits for it.
type answerer struct{ x *Terminal }

func (a answerer) Write(p []byte) (int, error) {
	a.x.speech.Lock()
	defer a.x.speech.Unlock()
	if a.x.silent {
		a.x.answers = append(a.x.answers, p...)
		return len(p), nil
	}
	return a.x.tty.Write(p)
}

// Answer gives the answers that a silent terminal kept to itself, and makes it
// answer from now on.
func (x *Terminal) Answer() {
	x.t.Helper()
	x.speech.Lock()
	defer x.speech.Unlock()
	x.silent = false
	if _, err := x.tty.Write(x.answers); err != nil {
		x.t.Fatal(err)
	}
}

// mode answers for the modes that the emulator leaves to us.
func (x *Terminal) mode(p ansi.Params) bool {
	n, _, _ := p.Param(0, 0)
	switch m := ansi.DECMode(n); m {
	case ansi.ModeSynchronizedOutput, ansi.ModeUnicodeCore:
		io.WriteString(x.emu.InputPipe(), ansi.ReportMode(m, ansi.ModeReset))
		return true
	}
	return false
}

// margins leaves out those that go beyond the screen: a frame that was made before
// the screen became smaller, after which the emulator would scroll rows that are
// not there. All is drawn anew behind it.
func (x *Terminal) margins(p ansi.Params) bool {
	bottom, _, _ := p.Param(1, 0)
	return bottom > x.emu.Height()
}

// set takes in that a mode is set or reset. The cursor's is for both screens,
// as in real terminals; when a frame begins or ends, what was there before is
// whole.
func (x *Terminal) set(m ansi.Mode, on bool) {
	switch m {
	case ansi.ModeTextCursorEnable:
		x.visible = on
	case ansi.ModeSynchronizedOutput:
		x.framing = x.framing && on
		x.judge()
		x.framing = on
	}
}

// follow reads the output until the program is over.
func (x *Terminal) follow() {
	defer close(x.ended)
	piece := make([]byte, 64<<10)
	for {
		n, err := x.tty.Read(piece)
		x.take(piece[:n])
		if err != nil { // EIO: nobody holds the other end any more
			break
		}
	}
	x.err = x.cmd.Wait()
}

func (x *Terminal) take(piece []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(piece) == 0 {
		return
	}
	x.read = time.Now()
	x.count += int64(len(piece))
	if x.keep {
		x.raw = append(x.raw, piece...)
	}
	x.emu.Write(piece)
	x.judge()
}

// judge looks whether what a test waits for is there; x.mu is held.
func (x *Terminal) judge() {
	w := x.want
	if w == nil || x.framing {
		return
	}
	if w.ok() {
		w.at, x.want = x.read, nil
		close(w.met)
	}
}

// WaitFor waits until the screen is as ok wants it, and gives that screen. The
// test fails if that never happens; what says what was waited for.
func (x *Terminal) WaitFor(what string, ok func(Screen) bool) Screen {
	x.t.Helper()
	var seen Screen
	x.wait(what, patience(), func() bool {
		seen = x.snapshot()
		return ok(seen)
	})
	return seen
}

// WaitText waits until every one of the texts is on the screen.
func (x *Terminal) WaitText(texts ...string) Screen {
	x.t.Helper()
	return x.WaitFor(strings.Join(texts, " + "), func(s Screen) bool { return s.Has(texts...) })
}

// WaitGone waits until the text is not on the screen.
func (x *Terminal) WaitGone(text string) Screen {
	x.t.Helper()
	return x.WaitFor("no "+text, func(s Screen) bool { return !s.Has(text) })
}

// wait waits until ok, and gives the time at which the bytes came that made it
// true. ok is called with x.mu held.
func (x *Terminal) wait(what string, most time.Duration, ok func() bool) time.Time {
	x.t.Helper()
	w := &want{ok: ok, met: make(chan struct{})}
	x.mu.Lock()
	x.want = w
	x.judge()
	x.mu.Unlock()
	deadline := time.NewTimer(most)
	defer deadline.Stop()
	select {
	case <-w.met:
		return w.at
	case <-deadline.C:
	case <-x.ended:
		what += ", but the program ended"
	}
	select {
	case <-w.met:
		return w.at
	default:
	}
	x.t.Fatalf("waited for %s\n%s", what, x.Screen())
	return time.Time{}
}

// Screen is what is shown now.
func (x *Terminal) Screen() Screen {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.snapshot()
}

// Raw is everything that the program wrote so far.
func (x *Terminal) Raw() []byte {
	x.mu.Lock()
	defer x.mu.Unlock()
	return bytes.Clone(x.raw)
}

// Bytes says how many bytes the program wrote so far.
func (x *Terminal) Bytes() int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.count
}

// Type writes text as a person's keys do.
func (x *Terminal) Type(text string) {
	x.t.Helper()
	if _, err := io.WriteString(x.tty, text); err != nil {
		x.t.Fatal(err)
	}
}

// Paste writes text in the brackets of a paste.
func (x *Terminal) Paste(text string) {
	x.t.Helper()
	x.Type(ansi.BracketedPasteStart + text + ansi.BracketedPasteEnd)
}

// Press presses keys by name: enter, esc, tab, up, ctrl+p, alt+enter, q …
func (x *Terminal) Press(keys ...string) {
	x.t.Helper()
	for _, k := range keys {
		seq, ok := sequence(k)
		if !ok {
			x.t.Fatalf("there is no key %q", k)
		}
		x.Type(seq)
	}
}

var sequences = map[string]string{
	"enter": "\r", "tab": "\t", "esc": "\x1b", "space": " ", "backspace": "\x7f", "delete": "\x1b[3~",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
	"pgup": "\x1b[5~", "pgdown": "\x1b[6~", "shift+tab": "\x1b[Z", "f1": "\x1bOP",
}

// sequence is what a terminal without any keyboard protocol sends for a key.
func sequence(name string) (string, bool) {
	if seq, ok := sequences[name]; ok {
		return seq, true
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		seq, ok := sequence(rest)
		return "\x1b" + seq, ok
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return string(rest[0] & 0x1f), len(rest) == 1
	}
	return name, len([]rune(name)) == 1
}

// Resize gives the terminal another size, as dragging its window does.
func (x *Terminal) Resize(w, h int) {
	x.t.Helper()
	x.mu.Lock()
	x.emu.Resize(w, h)
	x.mu.Unlock()
	if err := pty.Setsize(x.tty, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		x.t.Fatal(err)
	}
}

// Blur takes the focus from the terminal, if the program wants to know.
func (x *Terminal) Blur() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.emu.Blur()
}

// Signal sends a signal to the program.
func (x *Terminal) Signal(s os.Signal) {
	x.t.Helper()
	if err := x.cmd.Process.Signal(s); err != nil {
		x.t.Fatal(err)
	}
}

// Kill ends the program at once, as a crash does, and waits for its end.
func (x *Terminal) Kill() {
	x.cmd.Process.Signal(syscall.SIGKILL) // an error says that it is over already
	<-x.ended
}

// Exit waits for the program's end and gives its status.
func (x *Terminal) Exit() int {
	x.t.Helper()
	select {
	case <-x.ended:
	case <-time.After(patience()):
		x.t.Fatalf("the program does not end\n%s", x.Screen())
	}
	var exit *exec.ExitError
	if x.err != nil && !errors.As(x.err, &exit) {
		x.t.Fatal(x.err)
	}
	return x.cmd.ProcessState.ExitCode()
}
