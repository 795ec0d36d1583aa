package demo

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"easel/assets"
	"easel/backend"
	"easel/backend/recipe"
)

// provider is the demo as a client of its recipe sees it.
func provider(t *testing.T, c *clock) *backend.Provider {
	t.Helper()
	r, err := Recipe()
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Provider(recipe.Options{BaseURL: server(t, c), UserAgent: "easel/test", Local: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRecipeReadsItsExamples(t *testing.T) {
	data, err := assets.Recipes.ReadFile("recipes/demo.toml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Parse("demo.toml", data) // with every check, examples too
	if err != nil {
		t.Fatal(err)
	}
	if r.Name != "demo" || r.KeyEnv != "" || len(r.Models) != len(models) {
		t.Errorf("%+v", r)
	}
}

// last gives the last snapshot of a submit.
func last(t *testing.T, p *backend.Provider, r backend.Request) (backend.Snapshot, error) {
	t.Helper()
	var got backend.Snapshot
	err := p.Submit(t.Context(), r, func(s backend.Snapshot) error { got = s; return nil })
	return got, err
}

func TestEverythingThatIsOfferedIsAccepted(t *testing.T) {
	p := provider(t, newClock())
	if err := p.Access(t.Context()); err != nil {
		t.Errorf("the demo wants a key: %v", err)
	}
	tried := 0
	for _, m := range p.Models {
		try := func(r backend.Request) {
			tried++
			got, err := last(t, p, r)
			if err != nil || got.State != backend.Queued || got.Ticket == "" {
				t.Errorf("%+v: %+v, %v", r, got, err)
			}
		}
		base := m.Fill(backend.Request{Provider: "demo", Model: m.ID, Prompt: "a \"cat\"\n两只猫 🐈"})
		for _, ratio := range m.Ratios {
			for _, size := range m.SizesOf(ratio) {
				r := base.Clone()
				r.Ratio, r.Size = ratio, size.Value
				try(r)
			}
		}
		for _, o := range m.Options {
			for _, v := range o.Values {
				try(m.Set(base, o.Name, v))
			}
		}
		for n := 1; n <= m.Count; n++ {
			r := base.Clone()
			r.Count = n
			try(r)
		}
	}
	if tried < len(paintSizes)+2*len(sketchRatios)+8 {
		t.Errorf("only %d requests were tried", tried)
	}
}

func TestReferencesAreSentBothWays(t *testing.T) {
	p := provider(t, newClock())
	path := filepath.Join(t.TempDir(), "red.png")
	img := image.NewRGBA(image.Rect(0, 0, 30, 20))
	for i := range img.Pix {
		img.Pix[i] = []byte{200, 40, 30, 255}[i%4]
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := backend.LookAt(backend.Reference{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	address := backend.Reference{URL: "https://example.com/a.png"}
	for _, refs := range [][]backend.Reference{{file}, {address}, {file, address}, {address, file, file, address}} {
		r := p.Models[0].Fill(backend.Request{Prompt: "mountains", References: refs})
		got, err := last(t, p, r)
		if err != nil {
			t.Errorf("%d references: %v", len(refs), err)
			continue
		}
		if k, err := readTicket(got.Ticket); err != nil || len(k.plan.Palette) == 0 {
			t.Errorf("%d references leave no colours: %v", len(refs), err)
		}
	}
}

func TestTheWholeWayThroughTheRecipe(t *testing.T) {
	c := newClock()
	p := provider(t, c)
	r := p.Models[1].Fill(backend.Request{Prompt: "a cat", Ratio: "16:9", Size: "0.5K", Count: 2})
	s, err := last(t, p, r)
	if err != nil {
		t.Fatal(err)
	}
	job := backend.Job{Model: r.Model, Ticket: s.Ticket}
	var states []backend.State
	for range 40 {
		got, err := p.Poll(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		if s = got[job.Ticket]; len(states) == 0 || states[len(states)-1] != s.State {
			states = append(states, s.State)
		}
		c.pass(200 * time.Millisecond)
	}
	if !slices.Equal(states, []backend.State{backend.Queued, backend.Running, backend.Ready}) || len(s.Images) != 2 {
		t.Fatalf("%v, then %+v", states, s)
	}
	for _, i := range s.Images {
		var b bytes.Buffer
		if err := p.Fetch(t.Context(), i, &b); err != nil {
			t.Fatal(err)
		}
		if got, err := backend.Sniff(b.Bytes()); err != nil || got != (backend.Picture{Type: "png", Width: 680, Height: 384}) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestWordsThroughTheRecipe(t *testing.T) {
	c := newClock()
	p := provider(t, c)
	ask := func(prompt string) backend.Request {
		return p.Models[1].Fill(backend.Request{Prompt: prompt})
	}
	refusal := func(prompt string) *backend.Error {
		_, err := last(t, p, ask(prompt))
		if e := backend.AsError(err); e != nil {
			return e
		}
		return &backend.Error{}
	}
	if e := refusal("[broke]"); e.Kind != backend.Unpaid || e.Fate != backend.Refused {
		t.Errorf("[broke]: %+v", e)
	}
	if e := refusal("[busy]"); e.Kind != backend.RateLimited || e.After != 2*time.Second || e.Fate != backend.Unsent {
		t.Errorf("[busy]: %+v", e)
	}
	if e := refusal("[lost]"); e.Fate != backend.Unknown || e.Kind == "" {
		t.Errorf("[lost]: %+v", e)
	}
	after := func(prompt string, d time.Duration) (backend.Snapshot, error) {
		s, err := last(t, p, ask(prompt))
		if err != nil {
			t.Fatal(err)
		}
		c.pass(d)
		got, err := p.Poll(context.Background(), backend.Job{Model: p.Models[1].ID, Ticket: s.Ticket})
		return got[s.Ticket], err
	}
	if s, err := after("[fail]", time.Minute); err != nil || s.State != backend.Failed || s.Reason == nil || s.Reason.Kind == backend.Moderated {
		t.Errorf("[fail]: %+v %v", s, err)
	}
	if s, err := after("[refuse]", time.Minute); err != nil || s.State != backend.Failed || s.Reason == nil || s.Reason.Kind != backend.Moderated {
		t.Errorf("[refuse]: %+v %v", s, err)
	}
	if _, err := after("[vanish]", time.Minute); backend.KindOf(err) != backend.Gone {
		t.Errorf("[vanish]: %v", err)
	}
	if _, err := after("[flaky]", 2*time.Second); backend.KindOf(err) != backend.Unavailable {
		t.Errorf("[flaky]: %v", err)
	}
}
