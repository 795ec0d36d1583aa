package recipe

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"easel/backend"
)

// FuzzParse: a recipe of any text is read or refused with the file's name, and
// one that is read can be followed.
func FuzzParse(f *testing.F) {
	f.Add(small)
	for _, seed := range []string{
		"recipe = 1\nname = \"a\"", "[[models]]\nlike = \"\"\n[[models]]", "[submit]\nbody = [1]", "models = 1", "[[models]]\nsizes_for.a = [\"\"]",
		"[submit.form]\n[poll.batch]", "headers.a = { b = [[[{c = \"{key}\"}]]] }", "\"\" = 1", "spell.ratio.a = [1]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			return
		}
		r, err := Parse("fuzz.toml", []byte(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "fuzz.toml") {
				t.Errorf("%q", err)
			}
			return
		}
		p, err := r.Provider(Options{BaseURL: "https://a.test", Client: &http.Client{Transport: &wireOf{t: t}},
			Key: func(context.Context) (string, error) { return key, nil }})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Models {
			req := m.Fill(backend.Request{Prompt: "x"})
			for range m.References.Min {
				req.References = append(req.References, urls(1)...)
			}
			if p.Check(req) == nil {
				submit1(p, req)
				p.Driver.(backend.Shower).Curl(m, req)
			}
		}
		p.Poll(context.Background(), backend.Job{Ticket: "x"}, backend.Job{Ticket: "y"})
	})
}

// FuzzAnswers: whatever a provider answers, nothing breaks, nothing is told
// that cannot be written down or shown, and an error says what became of it.
func FuzzAnswers(f *testing.F) {
	names := []string{"haoee", "grsai", "uniall", "acedata", "defapi"}
	var providers []*backend.Provider
	transport := &wireOf{}
	for _, name := range names {
		r, err := Embedded(name)
		if err != nil {
			f.Fatal(err)
		}
		p, err := r.Provider(Options{BaseURL: "https://a.test", Client: &http.Client{Transport: transport},
			Key: func(context.Context) (string, error) { return key, nil }})
		if err != nil {
			f.Fatal(err)
		}
		providers = append(providers, p)
		r.text = readRecipe(f, name)
		full, err := load("x.toml", []byte(r.text), false)
		if err != nil {
			f.Fatal(err)
		}
		for _, e := range full.Examples {
			f.Add(max(e.HTTP, 200), e.Answer)
		}
	}
	for _, body := range []string{"", "null", "[]", "\xff", `{"id":"a","results":[{"url":"data:,"}]}`, strings.Repeat("[", 9000), `{"code":{"a":[]},"data":[[["b"]]]}`} {
		f.Add(200, body)
		f.Add(500, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			status = 200
		}
		transport.t, transport.sent = t, nil
		transport.answers = []string{string(append([]byte(json.Number(itoa(status))), " "+body...))}
		for i, p := range providers {
			told, err := submit1(p, usual(p))
			check := func(s backend.Snapshot) { holdSnapshot(t, names[i], s) }
			for _, s := range told {
				check(s)
			}
			if e := backend.AsError(err); e == nil && len(told) == 0 {
				t.Errorf("%s: nothing was told of %q", names[i], body)
			} else if e != nil && (e.Kind == "" || len(told) > 0 && e.Fate != backend.Unknown || strings.Contains(e.Error(), key)) {
				t.Errorf("%s: %q gives %+v", names[i], body, e)
			}
			for _, jobs := range [][]backend.Job{{{Ticket: "t"}}, {{Ticket: "t"}, {Ticket: "u"}}} {
				got, err := p.Poll(context.Background(), jobs...)
				for _, s := range got {
					check(s)
				}
				if e := backend.AsError(err); e != nil && (e.Kind == "" || e.Op != backend.OpPoll || strings.Contains(e.Error(), key)) {
					t.Errorf("%s: %q gives %+v", names[i], body, e)
				}
			}
		}
	})
}

func itoa(n int) string {
	data, _ := json.Marshal(n)
	return string(data)
}

func readRecipe(t testing.TB, name string) string {
	data, err := os.ReadFile(filepath.Join("../../assets/recipes", name+".toml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func usual(p *backend.Provider) backend.Request {
	return p.Models[0].Fill(backend.Request{Prompt: "x"})
}

func holdSnapshot(t *testing.T, name string, s backend.Snapshot) {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Errorf("%s: %+v cannot be written down: %v", name, s, err)
	}
	var back backend.Snapshot
	if err := json.Unmarshal(data, &back); err != nil || bytes.Contains(data, []byte(key)) {
		t.Errorf("%s: %s: %v", name, data, err)
	}
	switch s.State {
	case backend.Queued, backend.Running, backend.Ready, backend.Failed:
	default:
		t.Errorf("%s: the state %q", name, s.State)
	}
	if (s.State == backend.Failed) != (s.Reason != nil) || s.Reason != nil && s.Reason.Kind == "" || s.State != backend.Ready && len(s.Images) > 0 {
		t.Errorf("%s: %+v", name, s)
	}
	if s.Progress > 1 || len(s.Answer) > 4<<10 || !utf8.ValidString(s.Answer) || backend.CleanLines(s.Answer) != s.Answer {
		t.Errorf("%s: progress %v, answer of %d bytes %q", name, s.Progress, len(s.Answer), s.Answer)
	}
	for _, i := range s.Images {
		if i.URL == "" && i.Data == nil {
			t.Errorf("%s: an image of nothing", name)
		}
	}
}
