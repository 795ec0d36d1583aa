package ui

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi/kitty"

	"easel/ui/words"
)

// screenOf is a terminal that keeps all that it is sent, and can be waited on.
type screenOf struct {
	mu    sync.Mutex
	text  bytes.Buffer
	wrote *sync.Cond
	ended bool
}

func (s *screenOf) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrote.Broadcast()
	return s.text.Write(p)
}

// until waits for a text, and gives all that was written up to now.
func (s *screenOf) until(t *testing.T, text string) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for !strings.Contains(s.text.String(), text) {
		if s.ended {
			t.Fatalf("%q never came: %q", text, s.text.String()[max(0, s.text.Len()-3000):])
		}
		s.wrote.Wait()
	}
	return s.text.String()
}

// TestKittyThroughTheRealLoop plays a kitty terminal to the whole program: it
// answers the question while the person types.
func TestKittyThroughTheRealLoop(t *testing.T) {
	w, err := words.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	out := &screenOf{}
	out.wrote = sync.NewCond(&out.mu)
	defer time.AfterFunc(time.Minute, func() {
		out.mu.Lock()
		defer out.mu.Unlock()
		out.ended = true
		out.wrote.Broadcast()
	}).Stop()
	c := Config{
		Engine: &fakeEngine{}, Changes: make(fakeChanges), History: &fakeHistory{records: shelf(t)},
		Providers: providers(), Start: "uniall", Words: w, Getenv: func(string) string { return "" },
	}
	m := newModel(c, time.Now, remember(c))
	in, keyboard := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	p := tea.NewProgram(m, tea.WithContext(ctx), tea.WithFPS(120), tea.WithInput(in), tea.WithOutput(out), tea.WithWindowSize(120, 40),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithColorProfile(colorprofile.ANSI256), tea.WithoutSignals())
	ended := make(chan struct{})
	go func() { defer close(ended); _, _ = p.Run() }()
	defer func() { cancel(); keyboard.Close(); <-ended }()
	feed := func(s string) { _, _ = io.WriteString(keyboard, s) }

	out.until(t, "a=q")
	feed("a red \x1b_Gi=31;OK\x1b\\\x1b[6;20;10t\x1bP>|kitty(0.41.1)\x1b\\\x1b[?62c")
	feed("cube")
	feed("\x1b[Z") // to the tasks
	cell := string([]rune{kitty.Placeholder, kitty.Diacritic(3), kitty.Diacritic(4)})
	all := out.until(t, cell)
	if sent, shown := strings.Index(all, "a=T,U=1"), strings.Index(all, string(kitty.Placeholder)); sent < 0 || sent > shown {
		t.Errorf("sent at %d, shown at %d", sent, shown)
	}
	// Over SSH there are 256 colours: the id is one of them, and stays what it is.
	id := regexp.MustCompile(`a=T,[^;]*i=(\d+)`).FindStringSubmatch(all)
	if id == nil || !strings.Contains(all, "\x1b[38;5;"+id[1]+"m"+string(kitty.Placeholder)) {
		t.Errorf("no cell has the colour %v", id)
	}
	feed("\x03")
	<-ended
	if got := m.studio.Request().Prompt; got != "a red cube" {
		t.Errorf("the prompt is %q", got)
	}
}
