package e2e

import (
	"strings"
	"syscall"
	"testing"

	"easel/backend"
	"easel/backend/backendtest"
)

// TestStopped: what a studio has that is stopped (kill -STOP) others carry on, as
// with Ctrl+Z, although it cannot let its tasks go; when it goes on, it shows what
// became of them, and does nothing twice.
func TestStopped(t *testing.T) {
	t.Parallel()
	server := backendtest.NewServer(t, "acedata", backendtest.WithPlan(backendtest.Plan{Polls: 1}))
	h := newHome(t)
	h.config(at("acedata", server.URL, server.Key()))
	x := h.studio(80, 24)
	x.WaitText("Describe a picture")
	for _, prompt := range []string{"a boat", "a ship"} {
		polled := make(chan struct{})
		server.Fault(backendtest.StepPoll, backendtest.Fault{Arrived: polled, Never: true})
		x.Press("ctrl+u")
		x.Type(prompt)
		x.WaitText("▌ " + prompt)
		x.Press("enter")
		<-polled
	}
	x.stop()
	id := ""
	for _, r := range h.tasks() {
		if r.Prompt == "a ship" {
			id = r.ID
		}
	}
	if r := h.command("tasks", "stop", id); r.code != 0 {
		t.Errorf("stop ended with %d: %s", r.code, r.err)
	}
	if r := h.command("tasks", "resume", id); r.code != 0 && r.code != 3 || strings.Contains(r.err, "passed on") {
		t.Errorf("resume ended with %d: %s", r.code, r.err)
	}
	if r := h.command("collect"); r.code != 0 {
		t.Errorf("collect ended with %d: %s", r.code, r.err)
	}
	h.one("a boat")
	h.one("a ship")
	x.Signal(syscall.SIGCONT)
	x.WaitFor("what the others saved", func(s Screen) bool {
		return s.Row("✓", "a boat") != "" && s.Row("✓", "a ship") != ""
	})
	leave(t, x)
	if n := len(server.Submits()); n != 2 {
		t.Errorf("%d submits", n)
	}
	for _, r := range h.history() {
		if r.State != backend.Done {
			t.Errorf("%s is %s", r.Prompt, r.State)
		}
	}
}

// stop stops the program, and waits until it is.
func (x *Terminal) stop() {
	x.t.Helper()
	x.Signal(syscall.SIGSTOP)
	x.stopped()
}
