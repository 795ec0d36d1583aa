//go:build unix

package e2e

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"easel/backend/backendtest"
)

// at is the section of the config for a provider on loopback.
func at(name, url, key string) string {
	return fmt.Sprintf("[providers.%s]\nbase_url = %q\nkey = %q\n", name, url+"/", key)
}

// TestFive does with each of the five what TestDemo does with the demo. The
// servers fail the test for whatever the documents do not allow.
func TestFive(t *testing.T) {
	prompts := map[string]string{
		"haoee": "a siamese cat", "acedata": "a blue sphere", "defapi": "a red cube on a desk",
		"grsai": "fog over a harbour", "uniall": "一只猫坐在窗台上，水彩 🐈 café",
	}
	for _, name := range backendtest.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := backendtest.NewServer(t, name, backendtest.WithPrefix("/gateway"))
			h := newHome(t)
			h.config(at(name, server.URL, server.Key()))
			x := h.studio(120, 40)
			x.WaitText("Describe a picture", "Provider", name)
			x.Type(prompts[name])
			s := x.WaitText(prompts[name])
			if col, row, _ := s.Find(prompts[name]); s.X != col+ansi.StringWidth(prompts[name]) || s.Y != row {
				t.Errorf("the cursor is not behind the text\n%s", s)
			}
			x.Press("enter")
			x.WaitText("1 running")
			x.WaitFor("the task to be done", func(s Screen) bool { return s.Row("✓", prompts[name]) != "" })
			leave(t, x)
			r := h.one(prompts[name])
			if n := len(server.Submits()); n != 1 {
				t.Errorf("%d submits", n)
			}
			if r.Provider != name || r.Ticket != server.Tasks()[0].ID || r.BaseURL != server.URL {
				t.Errorf("the history has %s %s at %s", r.Provider, r.Ticket, r.BaseURL)
			}
		})
	}
}

// TestWrongKey: the provider rejects the key, the person learns whose and what
// to do, and the next one's task is not held up by it.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	server := backendtest.NewServer(t, "uniall")
	h := newHome(t)
	h.config(at("uniall", server.URL, "sk-of-somebody-else"))
	x := h.studio(120, 40)
	x.WaitText("Describe a picture")
	x.Type("a red cube")
	x.Press("enter")
	s := x.WaitText("key rejected")
	if !s.Has("uniall") || s.Has("sk-of-somebody-else") {
		t.Errorf("it does not say whose key\n%s", s)
	}
	leave(t, x)
	if strings.Contains(string(x.Raw()), "sk-of-somebody-else") {
		t.Error("the key was on the screen")
	}
	list := append(h.tasks(), h.history()...)
	if len(list) != 1 || list[0].Error == nil || list[0].Error.Kind != "unauthorized" {
		t.Errorf("%+v", list)
	}
	if r := h.command("generate", "--json", "a blue cube"); r.code != 5 {
		t.Errorf("generate ends with %d: %s%s", r.code, r.out, r.err)
	}
}

// TestNetworkGone: nobody listens at the base URL. Nothing was sent, so the task
// stays pending, and is sent when the provider is back.
func TestNetworkGone(t *testing.T) {
	t.Parallel()
	server := backendtest.NewServer(t, "grsai")
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := gone.Addr().String()
	gone.Close() // its port refuses now
	h := newHome(t)
	h.config(at("grsai", "http://"+address, server.Key()))
	x := h.studio(80, 24)
	x.WaitText("Describe a picture")
	x.Type("fog over a harbour")
	x.Press("enter")
	x.WaitFor("the row to say why", func(s Screen) bool { return s.Row("fog over", "not reached") != "" })
	x.Press("ctrl+c")
	if code := x.Exit(); code != 0 {
		t.Errorf("exit status %d", code)
	}
	if s := x.Screen(); !s.Has("not sent yet: 1 task") {
		t.Errorf("it does not say what was not sent\n%s", s)
	}
	open := h.tasks()
	if len(open) != 1 || open[0].State != "pending" || open[0].Ticket != "" {
		t.Fatalf("%+v", open)
	}
	back(t, address, server.URL)
	x = h.studio(80, 24)
	x.WaitFor("the task to be done", func(s Screen) bool { return s.Row("✓", "fog over") != "" })
	leave(t, x)
	if n := len(server.Submits()); n != 1 {
		t.Errorf("%d submits", n)
	}
	if r := h.one("fog over a harbour"); r.ID != open[0].ID {
		t.Errorf("%s became %s", open[0].ID, r.ID)
	}
}

// back makes a provider answer at an address.
func back(t *testing.T, address, provider string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(provider)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &http.Server{Handler: httputil.NewSingleHostReverseProxy(to)}
	go proxy.Serve(l)
	t.Cleanup(func() { proxy.Close() })
}

// TestUnsure: the line is cut behind the submit. Nothing is sent twice; the
// person decides.
func TestUnsure(t *testing.T) {
	t.Parallel()
	server := backendtest.NewServer(t, "uniall")
	server.Fault(backendtest.StepSubmit, backendtest.Fault{Carry: true, HangUp: backendtest.AfterRead})
	h := newHome(t)
	h.config(at("uniall", server.URL, server.Key()))
	x := h.studio(120, 40)
	x.WaitText("Describe a picture")
	x.Type("a blue sphere")
	x.Press("enter")
	x.WaitFor("the row to say so", func(s Screen) bool { return s.Row("a blue sphere", "may be charged") != "" })
	leave(t, x)
	x = h.studio(120, 40)
	x.WaitFor("it to be unsure still", func(s Screen) bool { return s.Row("a blue sphere", "may be charged") != "" })
	open := h.tasks()
	if len(open) != 1 || open[0].State != "unsure" || len(server.Submits()) != 1 {
		t.Fatalf("%d submits, and %+v", len(server.Submits()), open)
	}
	x.Press("shift+tab", "u")
	x.WaitText("Adopt a task id")
	x.Press("down", "enter")
	x.WaitText("As the provider's own page shows it")
	x.Type(server.Tasks()[0].ID)
	x.Press("enter")
	x.WaitFor("the task to be done", func(s Screen) bool { return s.Row("✓", "a blue sphere") != "" })
	leave(t, x)
	h.one("a blue sphere")
	if n := len(server.Submits()); n != 1 {
		t.Errorf("%d submits", n)
	}
}
