//go:build unix

package e2e

import (
	"bytes"
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/backendtest"
)

// Hangup closes the terminal, as a lost connection does.
func (x *Terminal) Hangup() {
	x.t.Helper()
	if err := x.tty.Close(); err != nil {
		x.t.Fatal(err)
	}
}

// answersLate is a provider whose first answer to a submit comes a while after
// answers is closed; arrived gets a value when the submit is there.
func answersLate(t *testing.T) (server *backendtest.Server, arrived, answers chan struct{}) {
	server = backendtest.NewServer(t, "acedata", backendtest.WithPlan(backendtest.Plan{Takes: 2 * time.Second}))
	arrived, answers = make(chan struct{}), make(chan struct{})
	server.Fault(backendtest.StepSubmit, backendtest.Fault{Arrived: arrived, Held: answers, Delay: 700 * time.Millisecond})
	return server, arrived, answers
}

// accounted holds that the task whose submit was under way has its id, and is
// done after the next start; that nothing was sent twice, and nothing is left.
func accounted(t *testing.T, h *home, server *backendtest.Server, prompt string) {
	t.Helper()
	open := h.tasks()
	if len(open) != 1 || open[0].Ticket == "" || open[0].State == backend.Unsure {
		t.Fatalf("left behind: %+v", open)
	}
	if r := h.command("collect"); r.code != 0 {
		t.Errorf("collect ended with %d: %s", r.code, r.err)
	}
	h.one(prompt)
	if n := len(server.Submits()); n != 1 {
		t.Errorf("%d submits", n)
	}
	filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && (strings.HasPrefix(d.Name(), ".easel-") || strings.HasSuffix(path, ".new")) {
			t.Errorf("%s is left", path)
		}
		return nil
	})
}

// TestLeftInTheMiddle: the studio is told to end, or its terminal goes, while
// a submit waits for its answer. It waits for that, and ends by itself.
func TestLeftInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(x *Terminal){
		"SIGHUP":            func(x *Terminal) { x.Signal(syscall.SIGHUP) },
		"SIGTERM":           func(x *Terminal) { x.Signal(syscall.SIGTERM) },
		"a closed terminal": func(x *Terminal) { x.Hangup() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, arrived, answers := answersLate(t)
			h := newHome(t)
			h.config(at("acedata", server.URL, server.Key()))
			x := h.studio(80, 24)
			x.WaitText("Describe a picture")
			x.Type("a boat")
			x.Press("enter")
			<-arrived
			end(x)
			close(answers)
			x.Exit()
			if x.cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
				t.Errorf("it was ended: %v", x.cmd.ProcessState)
			}
			accounted(t, h, server, "a boat")
		})
	}
}

// TestCommandsLeftInTheMiddle: the same without a screen.
func TestCommandsLeftInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			server, arrived, answers := answersLate(t)
			h := newHome(t)
			h.config(at("acedata", server.URL, server.Key()))
			cmd := exec.Command(h.exe, "generate", "a boat")
			cmd.Env, cmd.Dir = h.env(), h.dir
			var said bytes.Buffer
			cmd.Stdout, cmd.Stderr = &said, &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-arrived
			cmd.Process.Signal(signal)
			close(answers)
			var exit *exec.ExitError
			if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 3 {
				t.Errorf("it ended with %v: %s", err, &said)
			}
			accounted(t, h, server, "a boat")
		})
	}
}

// TestNohup: a signal that the shell took away ends nothing: collect goes on
// when the terminal is gone.
func TestNohup(t *testing.T) {
	t.Parallel()
	server, arrived, answers := answersLate(t)
	h := newHome(t)
	h.config(at("acedata", server.URL, server.Key()))
	cmd := exec.Command("sh", "-c", `trap "" HUP; exec "$0" generate "a boat"`, h.exe)
	cmd.Env, cmd.Dir = h.env(), h.dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-arrived
	cmd.Process.Signal(syscall.SIGHUP)
	close(answers)
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, &said)
	}
	h.one("a boat")
}

// goOn brings a suspended program back, as a shell does: when it is stopped, for
// one that has let the terminal go may still be letting its tasks go.
func (x *Terminal) goOn() {
	x.t.Helper()
	x.stopped()
	x.Signal(syscall.SIGCONT)
}

// stopped waits until the program is stopped.
func (x *Terminal) stopped() {
	x.t.Helper()
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(x.cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		x.t.Fatalf("%v, %v", err, status)
	}
}

// TestSuspended: Ctrl+Z leaves the tasks to another easel; a studio that comes
// back shows what became of them, and goes on.
func TestSuspended(t *testing.T) {
	t.Parallel()
	server := backendtest.NewServer(t, "acedata", backendtest.WithPlan(backendtest.Plan{Polls: 1}))
	h := newHome(t)
	h.config(at("acedata", server.URL, server.Key()))
	x := h.studio(80, 24)
	x.WaitText("Describe a picture")
	x.Type("a boat")
	polled := make(chan struct{})
	server.Fault(backendtest.StepPoll, backendtest.Fault{Arrived: polled, Never: true})
	x.Press("enter")
	<-polled
	x.Press("ctrl+z")
	if r := h.command("collect"); r.code != 0 {
		t.Errorf("collect ended with %d: %s", r.code, r.err)
	}
	h.one("a boat")
	x.goOn()
	x.WaitFor("what the other saved", func(s Screen) bool { return s.Row("✓", "a boat") != "" })
	x.Press("ctrl+u")
	x.Type("a second boat")
	x.Press("enter")
	x.WaitFor("its own", func(s Screen) bool { return s.Row("✓", "a second boat") != "" })
	leave(t, x)
	if n := len(server.Submits()); n != 2 {
		t.Errorf("%d submits", n)
	}
}
