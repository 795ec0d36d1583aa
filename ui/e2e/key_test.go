//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"easel/backend/backendtest"
)

// TestKeyless: a studio that finds no key leaves what another one left behind where it
// is, and says why; with a key it is carried on, and seen.
func TestKeyless(t *testing.T) {
	t.Parallel()
	server := backendtest.NewServer(t, "acedata", backendtest.WithPlan(backendtest.Plan{Polls: 1}))
	h := newHome(t)
	h.config(fmt.Sprintf("[providers.acedata]\nbase_url = %q\nkey_command = 'cat \"$HOME/key\"'\n", server.URL+"/"))
	key := filepath.Join(h.dir, "key")
	write := func() {
		if err := os.WriteFile(key, []byte(server.Key()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write()
	x := h.studio(120, 40)
	x.WaitText("Describe a picture")
	x.Type("a boat")
	polled := make(chan struct{})
	server.Fault(backendtest.StepPoll, backendtest.Fault{Arrived: polled, Never: true})
	x.Press("enter")
	<-polled
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	y := h.studio(120, 40)
	y.WaitFor("the task of the other", func(s Screen) bool { return s.Row("a boat") != "" })
	x.Kill()
	y.WaitText("not asked", "key_command", "No such file")
	write()
	if r := h.command("collect"); r.code != 0 {
		t.Errorf("collect ended with %d: %s", r.code, r.err)
	}
	y.WaitFor("what the other saved", func(s Screen) bool { return s.Row("✓", "a boat") != "" })
	leave(t, y)
	h.one("a boat")
	if n := len(server.Submits()); n != 1 {
		t.Errorf("%d submits", n)
	}
}
