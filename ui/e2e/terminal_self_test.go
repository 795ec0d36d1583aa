//go:build unix

package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// tinyVar makes the test binary behave as a tiny program, for the tests of
// Terminal itself.
const tinyVar = "EASEL_E2E_TINY"

// tiny is that program: it says what it is asked for.
func tiny(what string) {
	old, err := term.MakeRaw(os.Stdin.Fd())
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	defer term.Restore(os.Stdin.Fd(), old)
	in := bufio.NewReader(os.Stdin)
	switch what {
	case "echo": // the bytes of what is typed, until q
		fmt.Print(ansi.SetModeBracketedPaste, ansi.SetWindowTitle("tiny"), "ready\r\n")
		for {
			b, err := in.ReadByte()
			if err != nil || b == 'q' {
				os.Exit(7)
			}
			fmt.Printf("%02x ", b)
		}
	case "ask": // the terminal's answers
		fmt.Print(ansi.RequestModeSynchronizedOutput, ansi.RequestBackgroundColor, ansi.RequestPrimaryDeviceAttributes)
		answers, _ := in.ReadString('c')
		fmt.Printf("%q\r\n", answers)
	case "size":
		changed := make(chan os.Signal, 1)
		signal.Notify(changed, syscall.SIGWINCH)
		for {
			w, h, _ := term.GetSize(os.Stdout.Fd())
			fmt.Printf("%dx%d\r\n", w, h)
			<-changed
		}
	case "margins": // scrolls beyond a small screen
		fmt.Print("ready\r", ansi.SetTopBottomMargins(1, 46), ansi.ScrollDown(2), "still here")
		in.ReadByte()
	case "frames": // a frame that is never whole until the end
		fmt.Print("ready\r", ansi.SetModeSynchronizedOutput, "half ")
		in.ReadByte()
		fmt.Print("\r猫 whole", ansi.ResetModeSynchronizedOutput)
		in.ReadByte()
	}
}

func openTiny(t *testing.T, what string) *Terminal {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), tinyVar+"="+what)
	return Open(t, cmd, 60, 5)
}

func TestTerminalKeys(t *testing.T) {
	x := openTiny(t, "echo")
	x.WaitText("ready")
	x.Press("enter", "ctrl+p", "alt+enter", "shift+tab", "a")
	x.Paste("b\nc")
	s := x.WaitText("0d 10 1b 0d 1b 5b 5a 61 1b 5b 32 30 30 7e 62 0a 63 1b 5b 32", "30 31 7e")
	if s.Title != "tiny" {
		t.Errorf("title %q", s.Title)
	}
	x.Press("q")
	if code := x.Exit(); code != 7 {
		t.Errorf("exit status %d", code)
	}
	if n := int64(len(x.Raw())); n != x.Bytes() || n < 60 {
		t.Errorf("%d bytes kept of %d", n, x.Bytes())
	}
}

func TestTerminalAnswers(t *testing.T) {
	s := openTiny(t, "ask").WaitText(`c"`)
	for _, want := range []string{`[?2026;2$y`, `]11;rgb:`, `[?62`} {
		if !strings.Contains(strings.Join(s.Lines, ""), want) {
			t.Errorf("no %s in\n%s", want, s)
		}
	}
}

func TestTerminalResize(t *testing.T) {
	x := openTiny(t, "size")
	x.WaitText("60x5")
	x.Resize(44, 9)
	if s := x.WaitText("44x9"); s.Width != 44 || s.Height != 9 {
		t.Errorf("the emulator has %dx%d", s.Width, s.Height)
	}
}

func TestTerminalShowsWholeFrames(t *testing.T) {
	x := openTiny(t, "frames")
	x.WaitText("ready")
	x.Type("x")
	s := x.WaitFor("anything else", func(s Screen) bool { return s.Lines[0] != "ready" })
	if s.Lines[0] != "猫 whole" || s.X != 8 {
		t.Errorf("half a frame was seen\n%s", s)
	}
	if col, row, ok := s.Find("whole"); col != 3 || row != 0 || !ok {
		t.Errorf("found at %d,%d %v", col, row, ok)
	}
}

// A frame for a larger screen than there is does no harm.
func TestTerminalMargins(t *testing.T) {
	x := openTiny(t, "margins")
	x.WaitText("still here")
	x.Press("q")
	x.Exit()
}
