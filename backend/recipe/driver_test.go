package recipe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
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

// What is sent for a request, to the byte: the fields in the recipe's order,
// each in its own type, and nothing that is empty.
func TestWhatIsSent(t *testing.T) {
	for _, c := range []struct {
		recipe, model string
		set           []string
		refs          []backend.Reference
		url, body     string
	}{
		{"haoee", "nano-banana-2", nil, nil, "https://maas.haoee.com/v1/images/generations?async=true",
			`{"model":"nano-banana-2",` + prompt + `,"image_size":"1K","response_format":"url"}`},
		{"haoee", "gpt-image-2", []string{"size=1536x1024", "count=2", "webhook=https://me.test/?a=b&c"}, urls(1),
			"https://maas.haoee.com/v1/images/generations?async=true&webhook=https%3A%2F%2Fme.test%2F%3Fa%3Db%26c",
			`{"model":"gpt-image-2",` + prompt + `,"image":["https://a.test/0.png"],"response_format":"url","size":"1536x1024","quality":"auto","n":2}`},
		{"haoee", "flux-kontext-max", []string{"ratio=16:9", "response_format=b64_json"}, []backend.Reference{file(t)}, "https://maas.haoee.com/v1/images/generations?async=true",
			`{"model":"flux-kontext-max",` + prompt + `,"aspect_ratio":"16:9","image":["` + data64 + `"],"response_format":"b64_json"}`},
		{"grsai", "nano-banana-2", []string{"ratio=1:8", "size=4K"}, []backend.Reference{urls(1)[0], file(t)}, "https://grsaiapi.com/v1/api/generate",
			`{"model":"nano-banana-2",` + prompt + `,"images":["https://a.test/0.png","data:image/png;base64,` + data64 + `"],"aspectRatio":"1:8","imageSize":"4K","replyType":"async"}`},
		{"grsai", "gpt-image-2", []string{"ratio=16:9", "replyType=json"}, nil, "https://grsaiapi.com/v1/api/generate",
			`{"model":"gpt-image-2",` + prompt + `,"aspectRatio":"16:9","replyType":"json"}`},
		{"grsai", "gpt-image-2-vip", []string{"size=1600x1200"}, nil, "https://grsaiapi.com/v1/api/generate",
			`{"model":"gpt-image-2-vip",` + prompt + `,"aspectRatio":"1600x1200","replyType":"async"}`},
		{"uniall", "gpt-image-2", []string{"size=2048x1152", "count=3"}, nil, "https://gateway.test/prefix/v1/images/tasks",
			`{"model":"gpt-image-2","task_type":"text2image",` + prompt + `,"size":"2048x1152","quality":"medium","output_format":"png","n":3,"response_format":"url"}`},
		{"uniall", "NanoBanana", nil, urls(1), "https://gateway.test/prefix/v1/images/tasks",
			`{"model":"NanoBanana","task_type":"image2image",` + prompt + `,"aspect_ratio":"1:1","output_format":"png","response_format":"url","image":"https://a.test/0.png"}`},
		{"uniall", "NanoBanana2-4K", []string{"ratio=auto"}, urls(2), "https://gateway.test/prefix/v1/images/tasks",
			`{"model":"NanoBanana2-4K","task_type":"image2image",` + prompt + `,"output_format":"png","response_format":"url","images":["https://a.test/0.png","https://a.test/1.png"]}`},
		{"acedata", "nano-banana:official", nil, nil, "https://api.acedata.cloud/nano-banana/images",
			`{"action":"generate","model":"nano-banana:official",` + prompt + `,"count":1,"resolution":"1K","async":true}`},
		{"acedata", "nano-banana-pro", []string{"ratio=3:2", "size=4K", "count=4", "async=false"}, []backend.Reference{file(t)}, "https://api.acedata.cloud/nano-banana/images",
			`{"action":"edit","model":"nano-banana-pro",` + prompt + `,"count":4,"aspect_ratio":"3:2","resolution":"4K","image_urls":["data:image/png;base64,` + data64 + `"]}`},
		{"defapi", "google/gempix2", []string{"callback_url=https://me.test/hook"}, urls(4), "https://api.defapi.org/api/image/gen",
			`{"model":"google/gempix2",` + prompt + `,"images":["https://a.test/0.png","https://a.test/1.png","https://a.test/2.png","https://a.test/3.png"],"callback_url":"https://me.test/hook"}`},
		{"defapi", "google/nano-banana-pro", []string{"size=2K"}, nil, "https://api.defapi.org/api/image/gen",
			`{"model":"google/nano-banana-pro",` + prompt + `,"aspect_ratio":"auto","image_size":"2k"}`},

		{"openai", "gpt-image-2", []string{"compression=0", "stream=true"}, nil, "https://api.openai.com/v1/images/generations",
			`{"model":"gpt-image-2",` + prompt + `,"size":"auto","n":1,"quality":"auto","output_format":"png","output_compression":0,"stream":true,"partial_images":2}`},
		{"gemini", "gemini-3-pro-image", []string{"ratio=16:9"}, []backend.Reference{file(t), file(t)}, "https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro-image:generateContent",
			`{"contents":[{"role":"user","parts":[{"text":"a \"cat\" <&>\n猫"},{"inlineData":{"mimeType":"image/png","data":"` + data64 + `"}},{"inlineData":{"mimeType":"image/png","data":"` + data64 + `"}}]}],` +
				`"generationConfig":{"responseModalities":["TEXT","IMAGE"],"imageConfig":{"aspectRatio":"16:9","imageSize":"1K"}}}`},
		{"gemini", "gemini-nano-banana-2.1", nil, nil, "https://generativelanguage.googleapis.com/v1beta/models/gemini-nano-banana-2.1:generateContent",
			`{"contents":[{"role":"user","parts":[{"text":"a \"cat\" <&>\n猫"}]}],"generationConfig":{"responseModalities":["TEXT","IMAGE"],"imageConfig":{"imageSize":"1K"}}}`},
		{"fal", "fal-ai/nano-banana-2", []string{"safety=4", "seed=7", "search=false", "webhook=https://me.test"}, nil, "https://queue.fal.run/fal-ai/nano-banana-2?fal_webhook=https%3A%2F%2Fme.test",
			`{` + prompt + `,"aspect_ratio":"auto","resolution":"1K","num_images":1,"safety_tolerance":"4","seed":7,"enable_web_search":false}`},
		{"fal", "fal-ai/nano-banana-2", nil, urls(1), "https://queue.fal.run/fal-ai/nano-banana-2/edit",
			`{` + prompt + `,"aspect_ratio":"auto","resolution":"1K","num_images":1,"image_urls":["https://a.test/0.png"]}`},
		{"replicate", "google/nano-banana-pro", nil, nil, "https://api.replicate.com/v1/models/google/nano-banana-pro/predictions",
			`{"input":{` + prompt + `,"aspect_ratio":"match_input_image","resolution":"2K","output_format":"jpg"}}`},
		{"openrouter", "google/gemini-3.1-flash-image", nil, urls(1), "https://openrouter.ai/api/v1/images",
			`{"model":"google/gemini-3.1-flash-image",` + prompt + `,"n":1,"aspect_ratio":"auto","resolution":"1K","input_references":[{"type":"image_url","image_url":{"url":"https://a.test/0.png"}}]}`},
		{"piapi", "nano-banana-pro", nil, nil, "https://api.piapi.ai/api/v1/task",
			`{"model":"gemini","task_type":"nano-banana-pro","input":{` + prompt + `,"aspect_ratio":"1:1","resolution":"1K","output_format":"png"}}`},
	} {
		p, w := open(t, c.recipe)
		r := ask(t, p, c.model, c.set...)
		r.References = c.refs
		_, err := submit1(p, r)
		if len(w.sent) != 1 {
			t.Errorf("%s %s: sent %d requests: %v", c.recipe, c.model, len(w.sent), err)
			continue
		}
		s := w.sent[0]
		if s.method != "POST" || s.url != c.url || s.body != c.body {
			t.Errorf("%s %s %v:\n got  %s %s\n      %s\n want %s\n      %s", c.recipe, c.model, c.set, s.method, s.url, s.body, c.url, c.body)
		}
		if !json.Valid([]byte(s.body)) || s.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s %s", c.recipe, s.header.Get("Content-Type"), s.body)
		}
	}
}

func TestHeads(t *testing.T) {
	for name, want := range map[string]http.Header{
		"haoee":     {"Authorization": {"Bearer " + key}, "Modelname": {"nano-banana-2"}},
		"gemini":    {"X-Goog-Api-Key": {key}},
		"fal":       {"Authorization": {"Key " + key}},
		"piapi":     {"X-Api-Key": {key}},
		"replicate": {"Authorization": {"Bearer " + key}},
	} {
		p, w := open(t, name)
		submit1(p, ask(t, p, p.Models[0].ID))
		for h, v := range want {
			if got := w.sent[0].header.Get(h); got != v[0] {
				t.Errorf("%s: %s is %q, want %q", name, h, got, v[0])
			}
		}
		if a := w.sent[0].header.Get("Authorization"); want.Get("Authorization") == "" && a != "" {
			t.Errorf("%s: Authorization is %q", name, a)
		}
	}
	p, w := open(t, "replicate")
	submit1(p, ask(t, p, p.Models[0].ID, "prefer=wait"))
	if got := w.sent[0].header.Get("Prefer"); got != "wait" {
		t.Errorf("Prefer: %q", got)
	}
}

// A key may be written with the word that stands before it.
func TestKeyWithItsWord(t *testing.T) {
	r, err := Embedded("grsai")
	if err != nil {
		t.Fatal(err)
	}
	for _, written := range []string{key, "Bearer " + key, " bearer  " + key + "\n"} {
		w := &wireOf{t: t}
		p, err := r.Provider(Options{Client: &http.Client{Transport: w}, Key: func(context.Context) (string, error) { return written, nil }})
		if err != nil {
			t.Fatal(err)
		}
		submit1(p, ask(t, p, "nano-banana-2"))
		if got := w.sent[0].header.Get("Authorization"); got != "Bearer "+key {
			t.Errorf("%q is sent as %q", written, got)
		}
		p.Driver.(backend.Balancer).Balance(context.Background())
		if got := w.sent[1]; got.body != `{"apiKey":"`+key+`"}` || got.method != "POST" || got.url != "https://grsaiapi.com/client/openapi/getAPIKeyCredits" {
			t.Errorf("%+v", got)
		}
	}
}

func TestMultipart(t *testing.T) {
	for _, c := range []struct{ recipe, model, url, file, fields string }{
		{"haoee", "gpt-image-2", "https://maas.haoee.com/v1/images/edits?async=true", "image",
			`{"model":"gpt-image-2","n":"1",` + prompt + `,"quality":"auto","response_format":"url","size":"auto"}`},
		{"uniall", "gpt-image-2", "https://gateway.test/prefix/v1/images/tasks", "image",
			`{"model":"gpt-image-2","n":"1","output_format":"png",` + prompt + `,"quality":"medium","response_format":"url","size":"1024x1024","task_type":"image2image"}`},
		{"openai", "gpt-image-2", "https://api.openai.com/v1/images/edits", "image[]",
			`{"model":"gpt-image-2","n":"1","output_format":"png",` + prompt + `,"quality":"auto","size":"auto"}`},
	} {
		p, w := open(t, c.recipe)
		r := ask(t, p, c.model)
		r.References = []backend.Reference{file(t)}
		submit1(p, r)
		kind, params, _ := mime.ParseMediaType(w.sent[0].header.Get("Content-Type"))
		if kind != "multipart/form-data" || w.sent[0].url != c.url {
			t.Errorf("%s: %s to %s", c.recipe, kind, w.sent[0].url)
			continue
		}
		form, err := multipart.NewReader(strings.NewReader(w.sent[0].body), params["boundary"]).ReadForm(1 << 20)
		if err != nil {
			t.Errorf("%s: %v", c.recipe, err)
			continue
		}
		fields := map[string]string{}
		for name, values := range form.Value {
			fields[name] = values[0]
		}
		var got bytes.Buffer
		e := json.NewEncoder(&got)
		e.SetEscapeHTML(false)
		e.Encode(fields)
		if strings.TrimSpace(got.String()) != c.fields {
			t.Errorf("%s:\n got  %s want %s", c.recipe, got.String(), c.fields)
		}
		head := form.File[c.file]
		if len(head) != 1 || head[0].Header.Get("Content-Type") != "image/png" || head[0].Filename != "image.png" {
			t.Errorf("%s: files %+v", c.recipe, form.File)
			continue
		}
		f, _ := head[0].Open()
		if data, _ := io.ReadAll(f); !bytes.Equal(data, pixel) {
			t.Errorf("%s: the file has %d bytes", c.recipe, len(data))
		}
	}
}

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

func TestIDsStayInTheirPlace(t *testing.T) {
	p, w := open(t, "uniall", `404 {"code":"task_not_exist"}`)
	p.Poll(context.Background(), backend.Job{Ticket: "../../admin?x=1#y/猫"})
	if got := w.sent[0].url; got != "https://gateway.test/prefix/v1/images/tasks/..%2F..%2Fadmin%3Fx=1%23y%2F%E7%8C%AB" {
		t.Error(got)
	}
	p, w = open(t, "defapi", `404 {}`)
	p.Poll(context.Background(), backend.Job{Ticket: "a&b=c d"})
	if got := w.sent[0].url; got != "https://api.defapi.org/api/task/query?task_id=a%26b%3Dc+d" {
		t.Error(got)
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
