//go:build unix

package answers

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/creack/pty"
)

// heard is a program that keeps what it hears, and tells it when ctrl+x comes.
type heard struct {
	text   string
	keys   []string
	events []string
	told   chan heard
}

func (h *heard) Init() tea.Cmd  { return nil }
func (h *heard) View() tea.View { return tea.NewView("") }
func (h *heard) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch {
		case msg.String() == "ctrl+x":
			h.told <- *h
			*h = heard{told: h.told}
		case msg.Text != "":
			h.text += msg.Text
		default:
			h.keys = append(h.keys, msg.String())
		}
	case tea.PasteMsg:
		h.text += msg.Content
	case tea.ColorProfileMsg, tea.WindowSizeMsg, tea.EnvMsg, tea.PasteStartMsg, tea.PasteEndMsg:
	default:
		h.events = append(h.events, fmt.Sprintf("%T", msg))
	}
	return h, nil
}

// TestAnswersThroughAProgram cuts every answer at every place in a real terminal
// that a real program reads: the rest comes when the program has read the first
// piece and waited for as long as it does.
func TestAnswersThroughAProgram(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	go func() { _, _ = io.Copy(io.Discard, master) }()
	taken := make(chan int, 100)  // how many bytes were read
	more := make(chan bool, 1000) // what a wait says
	r := New(tty)
	r.filter.asked = time.Time{}
	r.read = func(p []byte) (int, error) {
		n, err := tty.Read(p)
		taken <- n
		return n, err
	}
	r.wait = func(time.Duration) bool { return <-more }
	told := make(chan heard)
	p := tea.NewProgram(&heard{told: told}, tea.WithInput(r), tea.WithOutput(tty), tea.WithoutSignals(),
		tea.WithEnvironment([]string{"TERM=xterm-256color", "SSH_TTY=x"}))
	ended := make(chan error, 1)
	go func() { _, err := p.Run(); ended <- err }()
	defer func() {
		p.Quit()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	send := func(s string) {
		if _, err := io.WriteString(master, s); err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(s); { // it is read
			select {
			case k := <-taken:
				n += k
			case err := <-ended:
				t.Fatal("ended", err)
			}
		}
	}
	raw := make(chan struct{})
	go func() { p.Send(nil); close(raw) }() // the loop runs: the terminal is raw
	<-raw
	send("\x18")
	<-told
	for name, seq := range asked {
		for cut := 1; cut < len(seq); cut++ {
			for _, paste := range []bool{false, true} {
				for _, paused := range []bool{false, true} {
					before, after := "ab", "cd"
					if paste {
						before, after = "\x1b[200~ab", "cd\x1b[201~"
					}
					mayBeKey := cut <= 2 && !paste
					send(before + seq[:cut])
					if mayBeKey {
						more <- !paused
					}
					send(seq[cut:] + after + "\x18")
					got := <-told
					at := fmt.Sprintf("%s after %q, a pause %v, in a paste %v", name, seq[:cut], paused, paste)
					if got.text != "abcd" {
						t.Fatalf("%s: %q was typed", at, got.text)
					}
					if len(got.events) != 1 && !(paste && !answer([]byte(seq))) {
						t.Fatalf("%s: heard %v", at, got.events)
					}
					if isKey := mayBeKey && paused; isKey != (len(got.keys) == 1) {
						t.Fatalf("%s: keys %v", at, got.keys)
					}
				}
			}
		}
	}
}

// TestReaderGivesEverything: nothing is lost or torn for the want of room.
func TestReaderGivesEverything(t *testing.T) {
	text := strings.Repeat("\x1b[200~ab\x1b_Gi=31;OK\x1b\\cd\x1b[201~\x1b[A界", 500)
	in := strings.NewReader(text)
	r := &Reader{read: in.Read, wait: func(time.Duration) bool { return true }}
	var all bytes.Buffer
	for p := make([]byte, 7); ; {
		n, err := r.Read(p)
		all.Write(p[:n])
		if err == io.EOF {
			break
		}
	}
	want := strings.Repeat("\x1b[200~abcd\x1b[201~\x1b_Gi=31;OK\x1b\\\x1b[A界", 500)
	if all.String() != want {
		t.Errorf("%d bytes, want %d", all.Len(), len(want))
	}
}

// TestTwoReadersAtOnce: nothing is lost, given twice or torn while one goroutine
// reads still and another one already. Which of them has what is open.
func TestTwoReadersAtOnce(t *testing.T) {
	const n = 2000
	text := strings.Repeat("a\x1b_Gi=31;OK\x1b\\", n)
	in := strings.NewReader(text)
	r := &Reader{read: func(p []byte) (int, error) { return in.Read(p[:min(len(p), 5)]) }, wait: func(time.Duration) bool { return true }}
	got := make(chan string)
	for range 2 {
		go func() {
			var all bytes.Buffer
			_, _ = io.Copy(&all, struct{ io.Reader }{r})
			got <- all.String()
		}()
	}
	all := <-got + <-got
	if k, a := strings.Count(all, "a"), strings.Count(all, "\x1b_Gi=31;OK\x1b\\"); k != n || a != n || len(all) != len(text) {
		t.Errorf("%d keys and %d answers of %d, %d bytes of %d", k, a, n, len(all), len(text))
	}
}

func TestReadableWaitsForBytes(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if readable(r, time.Millisecond) {
		t.Error("nothing was written")
	}
	go func() { _, _ = w.Write([]byte("x")) }()
	if !readable(r, time.Minute) {
		t.Error("something was written")
	}
}

func TestPixelsOfATerminal(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	if err := pty.Setsize(master, &pty.Winsize{Cols: 80, Rows: 24, X: 800, Y: 480}); err != nil {
		t.Fatal(err)
	}
	if w, h := Pixels(tty, 80, 24); w != 800 || h != 480 {
		t.Error(w, h)
	}
	if w, h := Pixels(tty, 81, 24); w != 0 || h != 0 {
		t.Errorf("%d %d of another size", w, h)
	}
}
