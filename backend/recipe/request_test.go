package recipe

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"easel/backend"
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
