//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shellAround runs the program from a shell that says afterwards what it was
// typed: a line, to which the test gives the end.
func (h *home) shellAround(answers bool, args ...string) *Terminal {
	h.t.Helper()
	cmd := exec.Command("bash", "-c", `"$0" "$@"; stty -echo; IFS= read -r line; printf 'the shell read <%q>\n' "$line"`, h.exe)
	cmd.Args = append(cmd.Args, args...)
	cmd.Env, cmd.Dir = h.env(), h.dir
	return open(h.t, cmd, 120, 40, answers)
}

// TestAnswersAfterQuitting: a terminal that answers only when the person has
// quit. None of it reaches the shell.
func TestAnswersAfterQuitting(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	for _, early := range []bool{true, false} { // before the program asked its own, and after
		x := newHome(t).shellAround(false)
		if !early {
			x.wait("the question", patience(), func() bool { return strings.Contains(string(x.raw), "\x1b[c") })
		}
		x.WaitText("Describe a picture")
		x.Press("ctrl+c")
		x.wait("the fence", patience(), func() bool { return strings.Contains(string(x.raw), "\x1b[c") })
		x.Answer()
		x.WaitFor("the screen of before", func(s Screen) bool { return !s.Alternate })
		x.Type("\n")
		if s := x.WaitText("the shell read <"); !s.Has("the shell read <''>") {
			t.Errorf("early %v:\n%s", early, s)
		}
		x.Exit()
	}
}

// TestTheEditorHasTheTerminal: an editor gets the terminal itself.
func TestTheEditorHasTheTerminal(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	editor := filepath.Join(h.dir, "editor")
	script := "#!/bin/sh\ntest -t 0 && test -t 1 && echo a terminal > \"$1\"\n"
	if err := os.WriteFile(editor, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	x := h.studio(120, 40, "VISUAL="+editor)
	x.WaitText("Describe a picture")
	x.Press("ctrl+o")
	x.WaitText("▌ a terminal")
	leave(t, x)
}

// TestDoctorAsksTheTerminal: it says what the terminal said, and leaves nothing
// of that for the shell.
func TestDoctorAsksTheTerminal(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	for _, late := range []bool{false, true} {
		x := newHome(t).shellAround(!late, "doctor")
		if late {
			x.wait("the question", patience(), func() bool { return strings.Contains(string(x.raw), "\x1b[c") })
			x.Answer()
		}
		x.WaitText("pictures are shown by: blocks: the terminal (xterm-256color) says of no better way", "All is well.")
		x.Type("\n")
		if s := x.WaitText("the shell read <"); !s.Has("the shell read <''>") {
			t.Errorf("late %v:\n%s", late, s)
		}
		x.Exit()
	}
}
