//go:build unix

package e2e

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"easel/backend/backendtest"
)

// TestResizeStorm: a window that is dragged about does no harm, and the screen
// is in the end as if it had always had that size.
func TestResizeStorm(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	x := h.studio(120, 40)
	x.WaitText("Describe a picture")
	x.Type("a lighthouse [slow] 灯塔")
	x.Press("enter")
	x.WaitText("1 running")
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		x.Resize(1+random.IntN(200), 1+random.IntN(60))
	}
	x.Type("!")
	for _, size := range sizes {
		x.Resize(size.width, size.height)
		s := x.WaitFor("the screen to be whole at "+size.name, func(s Screen) bool {
			_, footer, _ := s.Find("ctrl+g keys")
			return s.Has("easel", "Studio", "1 running", "▌ a lighthouse [slow] 灯塔!") &&
				s.Row("a lighthouse", "demo", "s/~9s") != "" && footer == size.height-1 &&
				strings.HasPrefix(s.Lines[1], strings.Repeat("─", size.width))
		})
		if col, row, _ := s.Find("灯塔!"); s.X != col+5 || s.Y != row {
			t.Errorf("the cursor is not behind the text\n%s", s)
		}
	}
	leave(t, x)
}

// TestTooSmall: without room it says how much it wants, and comes back with the
// room.
func TestTooSmall(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	x := h.studio(30, 8)
	x.WaitText("40x10", "30x8")
	x.Resize(40, 10)
	x.WaitText("Describe a picture")
	x.Type("a cube")
	x.WaitText("▌ a cube")
	x.Resize(12, 3)
	x.WaitFor("it to say so", func(s Screen) bool { return !s.Has("▌ a cube") && s.Has("easel") })
	x.Resize(80, 24)
	x.WaitText("▌ a cube")
	leave(t, x)
}

// colours are the SGR sequences that set one.
var colours = regexp.MustCompile(`\x1b\[(?:[0-9;:]*[;:])?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:][0-9;:]*)?m`)

// TestNoColor: NO_COLOR is obeyed, and state is said by icons and words.
func TestNoColor(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for _, vars := range [][]string{nil, {"NO_COLOR=1"}} {
		x := h.studio(120, 40, vars...)
		x.WaitText("Describe a picture")
		x.Type("a cube [broke]")
		x.Press("enter")
		x.WaitFor("the task to fail", func(s Screen) bool { return s.Row("✗", "a cube", "balance too low") != "" })
		leave(t, x)
		found := colours.FindAll(x.Raw(), -1)
		if with := vars == nil; (len(found) > 0) != with {
			t.Errorf("%v: %d colours, such as %q", vars, len(found), found[:min(len(found), 3)])
		}
		x = h.studio(120, 40)
		x.WaitText("cube")
		x.Press("ctrl+u")
		x.WaitText("Describe a picture")
		leave(t, x)
	}
}

// TestNoTerminal: without a terminal on stdout the studio says what works
// instead, and writes no escape sequence anywhere.
func TestNoTerminal(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	r := h.command()
	if r.code != 2 || r.out != "" || !strings.Contains(r.err, "easel generate") || strings.Contains(r.err, "\x1b") {
		t.Errorf("ended with %d, said %q and %q", r.code, r.out, r.err)
	}
	cmd := exec.Command("sh", "-c", `"$0" | cat; echo over`, h.exe)
	cmd.Env, cmd.Dir = h.env(), h.dir
	x := Open(t, cmd, 200, 24)
	if x.Exit(); !x.Screen().Has("easel generate") || strings.Contains(string(x.Raw()), "\x1b") {
		t.Errorf("it said %q", x.Raw())
	}
	if _, err := os.Stat(h.dir + "/data"); err == nil {
		t.Error("it made a data directory for nothing")
	}
}

// TestKilled: the program is killed while a task runs, and the next start takes
// the task up: nothing is sent twice.
func TestKilled(t *testing.T) {
	t.Parallel()
	server := backendtest.NewServer(t, "acedata", backendtest.WithPlan(backendtest.Plan{Polls: 1}))
	h := newHome(t)
	h.config(at("acedata", server.URL, server.Key()))
	x := h.studio(120, 40)
	x.WaitText("Describe a picture")
	x.Type("a comet over a valley")
	polled := make(chan struct{})
	server.Fault(backendtest.StepPoll, backendtest.Fault{Arrived: polled, Never: true})
	x.Press("enter")
	<-polled // the task has an id, and its state was asked for
	x.Kill()
	if open := h.tasks(); len(open) != 1 || open[0].Ticket == "" {
		t.Fatalf("%+v", open)
	}
	x = h.studio(120, 40)
	x.WaitFor("the task to be done", func(s Screen) bool { return s.Row("✓", "a comet") != "" })
	leave(t, x)
	h.one("a comet over a valley")
	if n := len(server.Submits()); n != 1 {
		t.Errorf("%d submits", n)
	}
}

// TestFinishedWhileAway: what ended while easel was not running is fetched at
// the next start, and said.
func TestFinishedWhileAway(t *testing.T) {
	t.Parallel()
	h := newHome(t, "EASEL_DEMO_SPEED=0.1") // none is over before the studio is left, however slow the machine is
	x := h.studio(80, 24)
	x.WaitText("Describe a picture")
	for _, prompt := range []string{"one", "two", "three"} {
		x.Press("ctrl+u")
		x.Type(prompt)
		x.WaitText("▌ " + prompt)
		x.Press("enter")
	}
	x.WaitText("3 running")
	x.WaitFor("all to have an id", func(s Screen) bool {
		return s.Row("one", "queued") != "" && s.Row("two", "queued") != "" && s.Row("three", "queued") != ""
	})
	leave(t, x)
	h.vars = append(h.vars, "EASEL_DEMO_SPEED=1000") // the demo's clock runs ahead: they are all over
	x = h.studio(80, 24)
	x.WaitText("3 finished while you were away")
	x.WaitFor("all to be saved", func(s Screen) bool {
		return s.Row("✓", "one") != "" && s.Row("✓", "two") != "" && s.Row("✓", "three") != ""
	})
	leave(t, x)
	for _, prompt := range []string{"one", "two", "three"} {
		h.one(prompt)
	}
}

// TestTwoStudios: each carries out what it was asked, both show all of it, and
// what one leaves behind the other takes up.
func TestTwoStudios(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	x, y := h.studio(80, 24), h.studio(80, 24)
	x.WaitText("Describe a picture")
	y.WaitText("Describe a picture")
	x.Type("one")
	x.Press("enter")
	y.WaitFor("the task of the other, saved", func(s Screen) bool { return s.Row("✓", "one") != "" })
	y.Type("two [stuck]")
	y.Press("enter")
	x.WaitFor("the task of the other, running", func(s Screen) bool { return s.Row("two", "demo") != "" })
	for _, reads := range [][]string{{"tasks"}, {"history"}, {"models"}, {"doctor"}} {
		if r := h.command(reads...); r.code != 0 {
			t.Errorf("easel %v ended with %d: %s", reads, r.code, r.err)
		}
	}
	if r := h.command("generate", "three"); r.code != 0 {
		t.Errorf("generate ended with %d: %s", r.code, r.err)
	}
	x.WaitFor("the task of generate", func(s Screen) bool { return s.Row("✓", "three") != "" })
	y.Kill()
	leave(t, x)
	if r := h.command("tasks", "--json"); !strings.Contains(r.out, "two [stuck]") {
		t.Errorf("%s%s", r.out, r.err)
	}
	h.one("one")
	h.one("three")
}

// TestTerminated: a signal or a closed window ends the studio as quitting does.
func TestTerminated(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			x := h.studio(80, 24)
			x.WaitText("Describe a picture")
			x.Type("a draft")
			x.WaitText("▌ a draft")
			x.Signal(signal)
			x.Exit()
			if s := x.Screen(); s.Alternate || !s.Cursor {
				t.Errorf("the terminal is left in a state\n%s", s)
			}
			x = h.studio(80, 24)
			x.WaitText("▌ a draft")
			leave(t, x)
		})
	}
}

// TestNotice: a task that ends while the terminal is not focused says so.
func TestNotice(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	x := h.studio(80, 24)
	x.WaitText("Describe a picture")
	x.Type("a lamp")
	x.Press("enter")
	x.WaitText("1 running")
	x.Blur()
	x.WaitFor("the task to be done", func(s Screen) bool { return s.Row("✓", "a lamp") != "" })
	leave(t, x)
	if !strings.Contains(string(x.Raw()), "\x1b]9;") {
		t.Error("nothing told the terminal")
	}
}

// TestPasteOfLines: what is pasted keeps its lines and submits nothing, however
// long it is.
func TestPasteOfLines(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	x := h.studio(80, 24)
	x.WaitText("Describe a picture")
	x.Paste("first line\nsecond line\n\nlast line")
	x.WaitText("last line")
	x.Press("ctrl+u")
	x.WaitText("Describe a picture")
	x.Paste(strings.Repeat("a long story ", 8000) + "the end")
	x.WaitText("the end")
	if len(h.tasks()) > 0 {
		t.Error("a paste was sent")
	}
	leave(t, x)
}
