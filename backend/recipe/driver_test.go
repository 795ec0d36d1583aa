package recipe

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"easel/backend"
)

const key = "sk-secret-0123456789"

// wireOf answers requests in memory and remembers them.
type wireOf struct {
	t       *testing.T
	sent    []sent
	answers []string // STATUS BODY, one after the other; the last again and again
	kind    string   // Content-Type of answers
	broken  bool     // the connection ends behind the answer
}

type sent struct {
	method, url string
	header      http.Header
	body        string
}

func (w *wireOf) RoundTrip(r *http.Request) (*http.Response, error) {
	s := sent{method: r.Method, url: r.URL.String(), header: r.Header.Clone()}
	if r.Body != nil {
		data, err := io.ReadAll(r.Body)
		if err != nil || int64(len(data)) != r.ContentLength {
			w.t.Errorf("a body of %d bytes, told %d: %v", len(data), r.ContentLength, err)
		}
		s.body = string(data)
		r.Body.Close()
	}
	w.sent = append(w.sent, s)
	text := "200 {}"
	if len(w.answers) > 0 {
		text = w.answers[min(len(w.sent), len(w.answers))-1]
	}
	status, body := 0, ""
	fmt.Sscanf(text, "%d", &status)
	_, body, _ = strings.Cut(text, " ")
	var from io.Reader = strings.NewReader(body)
	if w.broken {
		from = io.MultiReader(from, iotest.ErrReader(io.ErrUnexpectedEOF))
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {w.kind}}, Request: r, Body: io.NopCloser(from), ContentLength: -1}, nil
}

// open opens a recipe of the repository before answers.
func open(t *testing.T, name string, answers ...string) (*backend.Provider, *wireOf) {
	t.Helper()
	dir := others
	if _, err := os.Stat(filepath.Join(dir, name+".toml")); err != nil {
		dir = "../../assets/recipes"
	}
	data, err := os.ReadFile(filepath.Join(dir, name+".toml"))
	if err != nil {
		t.Fatal(err)
	}
	return openText(t, string(data), answers...)
}

func openText(t *testing.T, text string, answers ...string) (*backend.Provider, *wireOf) {
	t.Helper()
	r, err := Parse("x.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	w := &wireOf{t: t, answers: answers}
	base := r.BaseURL
	if base == "" {
		base = "https://gateway.test/prefix/"
	}
	p, err := r.Provider(Options{BaseURL: base, Client: &http.Client{Transport: w}, UserAgent: "easel/test",
		Key: func(context.Context) (string, error) { return key, nil }, KeyHint: "$X"})
	if err != nil {
		t.Fatal(err)
	}
	return p, w
}

// ask is the usual request of a model, changed by set: FIELD=VALUE.
func ask(t *testing.T, p *backend.Provider, model string, set ...string) backend.Request {
	t.Helper()
	m, ok := p.Model(model)
	if !ok {
		t.Fatalf("no model %s", model)
	}
	r := m.Fill(backend.Request{Prompt: `a "cat" <&>` + "\n猫"})
	for _, s := range set {
		field, value, _ := strings.Cut(s, "=")
		r = m.Set(r, field, value)
	}
	return r
}

func submit1(p *backend.Provider, r backend.Request) ([]backend.Snapshot, error) {
	var told []backend.Snapshot
	err := p.Submit(context.Background(), r, func(s backend.Snapshot) error {
		told = append(told, s)
		return nil
	})
	return told, err
}

func urls(n int) []backend.Reference {
	out := make([]backend.Reference, n)
	for i := range out {
		out[i].URL = fmt.Sprintf("https://a.test/%d.png", i)
	}
	return out
}

var pixel = []byte("\x89PNG\r\n\x1a\nabc")

func file(t *testing.T) backend.Reference {
	t.Helper()
	path := filepath.Join(t.TempDir(), `my "own" 猫.png`)
	if err := os.WriteFile(path, pixel, 0o600); err != nil {
		t.Fatal(err)
	}
	ref, err := backend.LookAt(backend.Reference{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

const (
	prompt = `"prompt":"a \"cat\" <&>\n猫"`
	data64 = "iVBORw0KGgphYmM="
)

// fal names where to ask, and has the pictures behind a second address.
func TestKeptAddresses(t *testing.T) {
	const at = "https://queue.fal.run/x/requests/abc"
	p, w := open(t, "fal",
		`200 {"request_id":"abc","status":"IN_QUEUE","status_url":"`+at+`/status","response_url":"`+at+`","cancel_url":"`+at+`/cancel"}`,
		`200 {"request_id":"abc","status":"COMPLETED"}`,
		`200 {"images":[{"url":"https://v3.fal.media/a.png"}]}`,
		`200 {}`)
	told, err := submit1(p, ask(t, p, "fal-ai/nano-banana-2"))
	if err != nil || len(told) != 1 || told[0].State != backend.Queued || len(told[0].Kept) != 3 {
		t.Fatalf("%+v, %v", told, err)
	}
	job := backend.Job{Model: "fal-ai/nano-banana-2", Ticket: told[0].Ticket, Kept: told[0].Kept}
	got, err := p.Poll(context.Background(), job)
	if s := got["abc"]; err != nil || s.State != backend.Ready || len(s.Images) != 1 || s.Ticket != "abc" {
		t.Errorf("%+v, %v", got, err)
	}
	if err := p.Driver.(backend.Canceler).Cancel(context.Background(), job); err != nil {
		t.Error(err)
	}
	var asked []string
	for _, s := range w.sent[1:] {
		asked = append(asked, s.method+" "+s.url)
	}
	if want := "GET " + at + "/status|GET " + at + "|PUT " + at + "/cancel"; strings.Join(asked, "|") != want {
		t.Errorf("%q", asked)
	}
	n := len(w.sent)
	for _, kept := range []map[string]string{nil, {"status_url": "https://queue.fal.run.evil.test/status"}, {"status_url": "http://queue.fal.run/status"}} {
		job.Kept = kept
		if _, err := p.Poll(context.Background(), job); err == nil || len(w.sent) != n {
			t.Errorf("%v is asked", kept)
		}
	}
	job.Kept = map[string]string{"status_url": "/x/requests/abc/status", "response_url": at}
	p.Poll(context.Background(), job)
	if got := w.sent[n].url; got != at+"/status" {
		t.Errorf("a path is asked at %s", got)
	}
}

func TestResultThatFails(t *testing.T) {
	kept := map[string]string{"status_url": "https://queue.fal.run/s", "response_url": "https://queue.fal.run/r"}
	for answer, want := range map[string]string{
		`422 {"detail":[{"msg":"flagged","type":"content_policy_violation"}]}`: "failed moderated 422",
		`500 {"detail":"down"}`:  "error unavailable",
		`404 {"detail":"where"}`: "error gone",
		`200 {"images":[]}`:      "error garbled",
		`200 `:                   "error garbled",
		`401 {}`:                 "error unauthorized",
	} {
		p, _ := open(t, "fal", `200 {"status":"COMPLETED"}`, answer)
		got, err := p.Poll(context.Background(), backend.Job{Ticket: "abc", Kept: kept})
		s := got["abc"]
		is := fmt.Sprintf("error %s", backend.KindOf(err))
		if err == nil && s.Reason != nil {
			is = fmt.Sprintf("%s %s %d", s.State, s.Reason.Kind, s.Reason.HTTP)
		}
		if is != want {
			t.Errorf("%s: %s, want %s (%v)", answer, is, want, err)
		}
	}
}

func TestAtOnce(t *testing.T) {
	p, w := open(t, "openai", `200 {"data":[{"b64_json":"`+data64+`"}],"usage":{"total_tokens":12}}`)
	told, err := submit1(p, ask(t, p, "gpt-image-2"))
	if err != nil || len(told) != 1 || told[0].State != backend.Ready || !bytes.Equal(told[0].Images[0].Data, pixel) || told[0].Cost.Amount != "12" || string(told[0].Usage) != `{"total_tokens":12}` {
		t.Errorf("%+v, %v", told, err)
	}
	if _, err := p.Poll(context.Background(), backend.Job{Ticket: "x"}); backend.KindOf(err) != backend.Invalid || len(w.sent) != 1 {
		t.Errorf("a provider without tasks is asked: %v", err)
	}
	for answer, fate := range map[string]backend.Fate{
		`200 {}`: backend.Unknown, `200 {"id":"x"}`: backend.Unknown, `500 {"error":{"message":"down"}}`: backend.Unknown,
		`503 {"error":{"message":"down"}}`: backend.Unknown, `429 {"error":{"message":"slow"}}`: backend.Unsent,
		`400 {"error":{"code":"moderation_blocked","message":"no"}}`: backend.Refused,
	} {
		p, _ := open(t, "openai", answer)
		told, err := submit1(p, ask(t, p, "gpt-image-2"))
		if e := backend.AsError(err); e == nil || e.Fate != fate || len(told) > 0 {
			t.Errorf("%s: %+v, told %+v", answer, e, told)
		}
	}
}

func TestStreamAtOnce(t *testing.T) {
	p, w := open(t, "openai", `200 data: {"type":"image_generation.partial_image","b64_json":"AAAABBBB"}`+"\n\n"+
		`data: {"type":"image_generation.completed","b64_json":"`+data64+`"}`+"\n\n")
	w.kind = "text/event-stream"
	told, err := submit1(p, ask(t, p, "gpt-image-2", "stream=true"))
	if err != nil || len(told) != 2 || told[0].State != backend.Running || len(told[0].Images) > 0 || told[1].State != backend.Ready || !bytes.Equal(told[1].Images[0].Data, pixel) {
		t.Errorf("%+v, %v", told, err)
	}
	p, w = open(t, "openai", `200 data: {"type":"error","error":{"code":"moderation_blocked","message":"no"}}`+"\n\n")
	w.kind = "text/event-stream"
	told, err = submit1(p, ask(t, p, "gpt-image-2", "stream=true"))
	if err != nil || len(told) != 1 || told[0].State != backend.Failed || told[0].Reason.Kind != backend.Moderated {
		t.Errorf("%+v, %v", told, err)
	}
	p, w = open(t, "openai", `200 data: {"type":"image_generation.partial_image","b64_json":"AAAABBBB"}`+"\n\n")
	w.kind = "text/event-stream"
	if _, err = submit1(p, ask(t, p, "gpt-image-2", "stream=true")); backend.AsError(err) == nil || backend.AsError(err).Fate != backend.Unknown {
		t.Errorf("a stream that ended early: %v", err)
	}
}

// A stream that breaks behind an id is no error: the task is polled.
func TestBrokenStream(t *testing.T) {
	for body, want := range map[string]string{
		`data: {"id":"7","status":"running","progress":10}` + "\n\n" + `data: {"status":"running","progress":20}` + "\n\n" + `data: {"id":"7","sta`: "7 7",
		`data: {"id":"7","status":"running"}` + "\n\n":                                     "7",
		`data: {"id":"7","status":"succeeded","results":[]}` + "\n\n" + "data: [DONE]\n\n": "7",
	} {
		p, w := open(t, "grsai", "200 "+body)
		w.kind = "text/event-stream"
		w.broken = true
		told, err := submit1(p, ask(t, p, "nano-banana-2", "replyType=stream"))
		var tickets []string
		for _, s := range told {
			tickets = append(tickets, s.Ticket)
		}
		if err != nil || strings.Join(tickets, " ") != want {
			t.Errorf("%q: told %+v, %v", body, told, err)
		}
	}
}

// No access to a task is not a word on its picture.
func TestForbiddenPoll(t *testing.T) {
	p, _ := open(t, "acedata", `403 {"error":{"code":"forbidden","message":"no"}}`)
	if _, err := p.Poll(context.Background(), backend.Job{Ticket: "x"}); backend.KindOf(err) != backend.Unauthorized {
		t.Error(err)
	}
	if _, err := submit1(p, ask(t, p, "nano-banana-2")); backend.KindOf(err) != backend.Moderated {
		t.Error(err)
	}
}

// An answer that was cut off behind the id does not lose the task.
func TestRescue(t *testing.T) {
	for body, want := range map[string]string{
		`{"id":"14-abc","status":"run`: "14-abc", `{"id":"14-abc"`: "14-abc", `{"id":"14-ab`: "", `{"id":`: "", `<html>`: "", ``: "",
	} {
		p, _ := open(t, "grsai", "200 "+body)
		told, err := submit1(p, ask(t, p, "nano-banana-2"))
		got := ""
		if len(told) > 0 {
			got = told[0].Ticket
		}
		if e := backend.AsError(err); e == nil || e.Fate != backend.Unknown || got != want {
			t.Errorf("%q: ticket %q, %+v", body, got, e)
		}
	}
}

func TestAccess(t *testing.T) {
	r, err := Embedded("uniall")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		base, key string
		kind      backend.Kind
		says      string
	}{
		{"https://a.test/", "", backend.Unauthorized, "no key: it is looked for in $HERE"},
		{"", key, backend.Invalid, "base_url in [providers.night]"},
		{"https://a.test/", key, "", ""},
	} {
		w := &wireOf{t: t}
		p, err := r.Provider(Options{Name: "night", BaseURL: c.base, KeyHint: "$HERE", Client: &http.Client{Transport: w},
			Key: func(context.Context) (string, error) { return c.key, nil }})
		if err != nil {
			t.Fatal(err)
		}
		err = p.Access(context.Background())
		if backend.KindOf(err) != c.kind || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c, err)
		}
		_, sendErr := submit1(p, ask(t, p, "NanoBanana"))
		if e := backend.AsError(sendErr); c.kind != "" && (e.Fate != backend.Unsent || e.Kind != c.kind || len(w.sent) > 0) {
			t.Errorf("%+v: %+v", c, e)
		}
	}
	for _, base := range []string{"a.test", "ftp://a.test", "https://", "https://a.test?x=1", "https://me:pw@a.test"} {
		if _, err := r.Provider(Options{BaseURL: base}); err == nil {
			t.Errorf("%s is a base URL", base)
		}
	}
	p, err := r.Provider(Options{BaseURL: " https://a.test/v1// "})
	if err != nil || p.BaseURL != "https://a.test/v1" || p.Name != "uniall" || p.Title != "UniAll" || p.Recipe != "uniall" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestBatchIsAskedInPieces(t *testing.T) {
	p, w := open(t, "acedata", `200 {"items":[]}`)
	jobs := make([]backend.Job, 120)
	for i := range jobs {
		jobs[i].Ticket = fmt.Sprint("t", i)
	}
	if got, err := p.Poll(context.Background(), jobs...); err != nil || len(got) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if p.Batch != 50 || len(w.sent) != 3 || !strings.Contains(w.sent[2].body, `"t119"`) || strings.Contains(w.sent[2].body, `"t99"`) {
		t.Errorf("%d requests", len(w.sent))
	}
}

func TestBalance(t *testing.T) {
	for _, c := range []struct{ recipe, answer, want string }{
		{"haoee", `200 {"code":true,"data":{"total_available":1234567}}`, "error"},
		{"haoee", `200 {"code":"success","data":{"total_available":1234567}}`, "2.469134 USD"},
		{"haoee", `200 {"data":{"total_available":500000}}`, "1 USD"},
		{"grsai", `200 {"code":0,"data":{"credits":0}}`, "0 credits"},
		{"grsai", `200 {"code":0,"data":{}}`, "error"},
		{"defapi", `200 {"code":0,"data":{"credit":"12.5"}}`, "12.5 credits"},
		{"defapi", `200 {"credit":3}`, "3 credits"},
		{"defapi", `401 {"code":1,"message":"Invalid API key"}`, "error"},
	} {
		p, _ := open(t, c.recipe, c.answer)
		got, err := p.Driver.(backend.Balancer).Balance(context.Background())
		is := got.Amount + " " + got.Unit
		if err != nil {
			is = "error"
		}
		if is != c.want {
			t.Errorf("%s %s: %s, want %s (%v)", c.recipe, c.answer, is, c.want, err)
		}
	}
}

// A driver has only what its recipe describes.
func TestAble(t *testing.T) {
	for name, want := range map[string]string{
		"haoee": "balance", "uniall": "", "acedata": "find", "fal": "cancel", "replicate": "cancel", "openrouter": "balance",
	} {
		p, _ := open(t, name)
		var got []string
		if _, ok := p.Driver.(backend.Canceler); ok {
			got = append(got, "cancel")
		}
		if _, ok := p.Driver.(backend.Finder); ok {
			got = append(got, "find")
		}
		if _, ok := p.Driver.(backend.Balancer); ok {
			got = append(got, "balance")
		}
		if _, ok := p.Driver.(backend.Shower); !ok || strings.Join(got, " ") != want {
			t.Errorf("%s can %v, want %s", name, got, want)
		}
	}
}

func TestFetchOfInlinePictures(t *testing.T) {
	p, w := open(t, "defapi")
	for _, i := range []backend.Image{{Data: pixel}, {URL: "data:image/png;base64," + data64}} {
		var out bytes.Buffer
		if err := p.Fetch(context.Background(), i, &out); err != nil || !bytes.Equal(out.Bytes(), pixel) || len(w.sent) > 0 {
			t.Errorf("%q, %v", out.Bytes(), err)
		}
	}
	if e := backend.AsError(p.Fetch(context.Background(), backend.Image{URL: "data:image/png;base64,!"}, io.Discard)); e == nil || e.Kind != backend.Garbled {
		t.Errorf("%+v", e)
	}
}
