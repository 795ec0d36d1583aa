package backendtest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// attempt sends one submit to grsai, and gives what a client sees of it.
func attempt(ctx context.Context, t *testing.T, client *http.Client, base string) (status int, body string, err error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, "POST", base+"/v1/api/generate", strings.NewReader(`{"model":"nano-banana","prompt":"x","replyType":"async"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+Key)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	res, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

// TestFaults holds that faults are what they say, over a connection and in
// memory alike.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault  Fault
		status int
		body   string // a part of it
		broken bool
		tasks  int
	}{
		"nothing":               {Fault{}, 200, `"status":"running"`, false, 1},
		"an answer":             {Answer(418, "tea"), 418, "tea", false, 0},
		"carried out":           {Fault{Status: 502, Body: "bad", Carry: true}, 502, "bad", false, 1},
		"HTML":                  {HTML(200), 200, "<html>", false, 0},
		"hang-up before":        {Fault{HangUp: BeforeRead}, 0, "", true, 0},
		"hang-up after":         {Fault{HangUp: AfterRead}, 0, "", true, 0},
		"hang-up, carried":      {Fault{HangUp: AfterRead, Carry: true}, 0, "", true, 1},
		"hang-up in between":    {Fault{HangUp: InsideAnswer}, 200, "", true, 1},
		"cut":                   {Fault{Cut: 5}, 200, `{"id"`, true, 1},
		"an answer that is cut": {Fault{Status: 201, Body: "1234567890", Cut: 3}, 201, "123", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Start("grsai", WithPrefix("p"))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			h, err := NewHandler("grsai", WithPrefix("p"))
			if err != nil {
				t.Fatal(err)
			}
			transport := &http.Transport{DisableKeepAlives: true}
			for where, try := range map[string]struct {
				h      *Handler
				client *http.Client
				base   string
			}{"loopback": {s.Handler, &http.Client{Transport: transport}, s.URL}, "memory": {h, h.Client(), h.BaseURL()}} {
				try.h.Fault(StepSubmit, c.fault)
				status, body, err := attempt(t.Context(), t, try.client, try.base)
				if status != c.status || !strings.Contains(body, c.body) || (err != nil) != c.broken || len(try.h.Tasks()) != c.tasks {
					t.Errorf("%s: %d %q, %v, %d tasks", where, status, body, err, len(try.h.Tasks()))
				}
				if status, _, err := attempt(t.Context(), t, try.client, try.base); status != 200 || err != nil {
					t.Errorf("%s: the next is %d, %v", where, status, err)
				}
				if n := len(try.h.Submits()); n != 2 || !try.h.Submits()[0].Faulted {
					t.Errorf("%s: %d submits are remembered", where, n)
				}
			}
		})
	}
}

func TestFaultsInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, err := NewHandler("grsai", WithPlan(Plan{Takes: time.Hour}))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		h.Fault(StepSubmit, Fault{Delay: time.Minute})
		if status, _, err := attempt(t.Context(), t, h.Client(), h.BaseURL()); status != 200 || err != nil || time.Since(start) != time.Minute {
			t.Errorf("a slow answer: %d, %v after %v", status, err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		h.Fault(StepSubmit, Fault{Never: true})
		if _, _, err := attempt(ctx, t, h.Client(), h.BaseURL()); err != context.DeadlineExceeded && !strings.Contains(err.Error(), "deadline") {
			t.Errorf("no answer: %v", err)
		}
		id := h.Tasks()[0].ID
		if v, _ := h.look(id); v.Over || v.Progress != 1 {
			t.Errorf("after two minutes: %+v", v)
		}
		time.Sleep(time.Hour)
		if v, _ := h.look(id); !v.Over || len(v.Images) != 1 {
			t.Errorf("after an hour: %+v", v)
		}
	})
}
