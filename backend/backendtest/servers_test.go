package backendtest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// call is a request as a document shows it.
type call struct {
	server  string
	method  string // POST unless it says another
	path    string
	header  string // further ones: "Name: value\n…"; "-Name" takes one away
	body    string
	illegal string // what is wrong with it; "" for nothing
	status  int    // of the answer; 200 if not said
	answer  string // a part of the answer
}

func (c call) send(t *testing.T, h *Handler) *httptest.ResponseRecorder {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodPost
	}
	r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
	r.Header.Set("Authorization", "Bearer "+Key)
	r.Header.Set("Accept", "application/json")
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for line := range strings.Lines(c.header) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if bare, ok := strings.CutPrefix(name, "-"); ok {
			r.Header.Del(bare)
			continue
		}
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestDocumentedRequests(t *testing.T) {
	for _, c := range []call{
		{server: "acedata", path: "/nano-banana/tasks", body: `{"id": "4d320ead-4af4-4a55-8f3e-f2afebdf4fd0", "action": "retrieve"}`, answer: `{}`},
		{server: "acedata", path: "/nano-banana/tasks",
			body:   `{"ids": ["1ebe4f2b-59ba-4385-a4ea-0ce8a3fe12ed","1ebe4f2b-59ba-4385-a4ea-0ce8a3fe12ed"], "action": "retrieve_batch"}`,
			answer: `{"count":0,"items":[]}`},
		{server: "acedata", path: "/nano-banana/images",
			body: `{"action":"generate","model":"nano-banana","prompt":"a white siamese cat","count":1,"async":true}`, answer: `"task_id"`},
		{server: "acedata", path: "/nano-banana/images",
			body: `{"action":"generate","model":"nano-banana","prompt":"a white siamese cat"}`, answer: `"success":true`},
		{server: "defapi", path: "/api/image/gen", body: `{"model": "google/gempix2", "prompt": "A beautiful girl dancing in a garden"}`, answer: `{"code":0,"data":{"task_id":"ta`},
		{server: "defapi", path: "/api/image/gen", body: `{"model": "google/gempix2", "prompt": "Put them in a basket",
			"images": ["https://cdn.openai.com/API/docs/images/body-lotion.png", "https://cdn.openai.com/API/docs/images/soap.png"],
			"callback_url": "https://example.com/webhook/image-callback"}`, answer: `"message":"ok"`},
		{server: "grsai", path: "/v1/api/generate", body: `{"model": "nano-banana-2", "prompt": "生成一张边牧与古牧正在抖音直播间直播带货截图",
			"images": [], "aspectRatio": "1:1", "imageSize":"1K", "replyType": "json"}`, answer: `"status":"succeeded"`},
		{server: "grsai", path: "/v1/api/generate", body: `{"model": "gpt-image-2", "prompt": "x", "images": [], "aspectRatio": "1024x1024", "replyType": "json"}`,
			answer: `"results":[{"url":"`},
		{server: "grsai", path: "/v1/api/generate", body: `{"model": "gpt-image-2-vip", "prompt": "x", "aspectRatio": "1600x1200", "replyType": "async"}`,
			answer: `"progress":0,"status":"running"`},
		{server: "uniall", path: "/v1/images/tasks", body: `{"model": "NanoBanana2-0.5K", "task_type": "text2image", "prompt": "A small red cube",
			"aspect_ratio": "1:1", "output_format": "png", "n": 1, "response_format": "url"}`, answer: `"status":"queued"`},
		{server: "uniall", path: "/v1/images/tasks", body: `{"model": "NanoBanana2-0.5K", "task_type": "image2image", "prompt": "Turn it",
			"image": "https://example.com/input.png", "aspect_ratio": "16:9", "output_format": "jpeg", "n": 1, "response_format": "url"}`, answer: `"image2image"`},
		{server: "uniall", path: "/v1/images/tasks", body: `{"model": "gpt-image-2", "task_type": "text2image", "prompt": "A small blue glass sphere",
			"size": "1024x768", "quality": "low", "output_format": "webp", "n": 1, "response_format": "url"}`, answer: `"error":null`},
		{server: "haoee", path: "/v1/images/generations?async=true", header: "ModelName: nano-banana-2",
			body: `{"model":"nano-banana-2","prompt":"一只小猫在炒菜","aspect_ratio":"16:9","image_size":"2K"}`, answer: `{"task_id":"`},
		{server: "haoee", path: "/v1/images/generations?async=true", header: "ModelName: gpt-image-2",
			body: `{"model":"gpt-image-2","prompt":"x","size":"1536x1024","quality":"high","n":2,"image":["https://example.com/a.png"],"response_format":"b64_json"}`},
	} {
		h, err := NewHandler(c.server)
		if err != nil {
			t.Fatal(err)
		}
		w := c.send(t, h)
		if w.Code != 200 || !strings.Contains(w.Body.String(), c.answer) || len(h.Illegal()) > 0 {
			t.Errorf("%s %s\n answers %d %s\n illegal: %q", c.server, c.body, w.Code, w.Body, h.Illegal())
		}
	}
}

func TestUndocumentedRequests(t *testing.T) {
	uniall := func(more string) string {
		return `{"model":"gpt-image-2","prompt":"x","size":"1024x768","response_format":"url"` + more + `}`
	}
	haoee := call{server: "haoee", path: "/v1/images/generations?async=true", header: "ModelName: nano-banana"}
	for _, c := range []call{
		{server: "uniall", path: "/v1/images/tasks", body: uniall(`,"aspect_ratio":"1:1"`), illegal: `field "aspect_ratio" is not allowed`, answer: `{"error":{"code":"invalid_request"`},
		{server: "uniall", path: "/v1/images/tasks", body: uniall(`,"n":9`), illegal: `"n" must be 1 to 8`},
		{server: "uniall", path: "/v1/images/tasks", body: uniall(`,"n":"2"`), illegal: `"n" must be an integer`},
		{server: "uniall", path: "/v1/images/tasks", body: uniall(`,"n":1.5`), illegal: `"n" must be an integer`},
		{server: "uniall", path: "/v1/images/tasks", body: uniall(`,"quality":"best"`), illegal: `must be one of low medium high`},
		{server: "uniall", path: "/v1/images/tasks", body: uniall(`,"image":"https://e.org/a.png","images":["https://e.org/a.png","https://e.org/b.png"]`), illegal: "image and images together"},
		{server: "uniall", path: "/v1/images/tasks", body: uniall(`,"image":"data:image/png;base64,AAAA"`), illegal: "a reference must be url"},
		{server: "uniall", path: "/v1/images/tasks", body: uniall(`,"image":"https://e.org/a.png","task_type":"text2image"`), illegal: "task_type text2image with 1"},
		{server: "uniall", path: "/v1/images/tasks", body: `{"model":"gpt-image-2","prompt":"x","response_format":"url"}`, illegal: "size is required"},
		{server: "uniall", path: "/v1/images/tasks", body: `{"model":"NanoBanana2-1K","prompt":"x","output_format":"webp","response_format":"url"}`, illegal: "must be one of png jpeg"},
		{server: "uniall", path: "/v1/images/tasks/task_x", header: "-Accept", method: "GET", illegal: "no Accept", answer: `{"code":"invalid_request","data":null`},
		{server: "uniall", path: "/v1/images//tasks", body: uniall(""), illegal: "no such address", status: 404},
		{server: "uniall", path: "/v1/images/tasks?x=1", body: uniall(""), illegal: `parameter "x"`},

		{server: "grsai", path: "/v1/api/generate", body: `{"model":"nano-banana-pro","prompt":"x","aspectRatio":"1:8"}`, illegal: `"aspectRatio" must be one of`, answer: `"status":"failed"`},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"gpt-image-2","prompt":"x","imageSize":"1K"}`, illegal: `"imageSize" is not allowed`},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"gpt-image-2","prompt":"x","aspectRatio":"2048x2048"}`, illegal: "must be one of auto"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"gpt-image-2-vip","prompt":"x","aspectRatio":"16:9"}`, illegal: "is no pixel size"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"gpt-image-2-vip","prompt":"x","aspectRatio":"1000x1000"}`, illegal: "no multiple of 16"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"gpt-image-2-vip","prompt":"x","aspectRatio":"3856x1280"}`, illegal: "more than 3840"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"gpt-image-2-vip","prompt":"x","aspectRatio":"2064x656"}`, illegal: "longer than 3:1"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"gpt-image-2-vip","prompt":"x","aspectRatio":"3840x2176"}`, illegal: "too many pixels"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"dall-e","prompt":"x"}`, illegal: `"model" must be one of`},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"nano-banana","prompt":"x","images":["/home/me/a.png"]}`, illegal: "a reference must be"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"nano-banana","prompt":"x","images":["data:image/gif;base64,R0lGODlhAQABAAAAACw="]}`, illegal: "a reference of type gif"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"nano-banana","prompt":"x","replyType":"stream"}`, illegal: "text/event-stream"},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"nano-banana","prompt":""}`, illegal: `"prompt" must not be empty`},
		{server: "grsai", path: "/v1/api/generate", body: `{"model":"nano-banana","prompt":"x"} x`, illegal: "text behind"},
		{server: "grsai", path: "/v1/api/result", method: "GET", illegal: "id is required"},
		{server: "grsai", path: "/v1/api/result?id=1", header: "-Authorization", method: "GET", illegal: "no Authorization", status: 401},

		{server: "defapi", path: "/api/image/gen", body: `{"model":"google/gempix2"}`, illegal: "prompt is required", answer: `{"code":1,"detail":"prompt is required","message":"failed"}`},
		{server: "defapi", path: "/api/image/gen", body: `{"model":"google/gempix2","prompt":"x","images":["https://e.org/1","https://e.org/2","https://e.org/3","https://e.org/4","https://e.org/5"]}`, illegal: "must hold 0 to 4, not 5"},
		{server: "defapi", path: "/api/image/gen", body: `{"model":"google/gempix2","prompt":"x","aspect_ratio":"1:1"}`, illegal: `"aspect_ratio" is not allowed`},
		{server: "defapi", path: "/api/image/gen", body: `{"model":"google/nano-banana","prompt":"x","image_size":"1k"}`, illegal: `"image_size" is not allowed`},
		{server: "defapi", path: "/api/image/gen", body: `{"model":"google/nano-banana-pro","prompt":"x","image_size":"1K"}`, illegal: `must be one of 1k 2k 4k`},
		{server: "defapi", path: "/api/image/gen", header: "Content-Type: text/plain", body: `{"model":"google/gempix2","prompt":"x"}`, illegal: `Content-Type "text/plain"`},
		{server: "defapi", path: "/api/task/query?task_id=x", header: "-Authorization", method: "GET", illegal: "no Authorization", status: 401, answer: `{"code":401,"message":"Invalid API key"}`},

		{server: "acedata", path: "/nano-banana/images", body: `{"action":"edit","model":"nano-banana","prompt":"x"}`, illegal: "action edit with 0", answer: `{"error":{"code":"bad_request"`},
		{server: "acedata", path: "/nano-banana/images", body: `{"action":"generate","model":"nano-banana","prompt":"x","resolution":"2K"}`, illegal: "must be one of 1K,"},
		{server: "acedata", path: "/nano-banana/images", body: `{"action":"generate","model":"nano-banana-pro:official","prompt":"x","count":5}`, illegal: "must be 1 to 4"},
		{server: "acedata", path: "/nano-banana/images", body: `{"action":"generate","model":"nano-banana","prompt":"x","async":"true"}`, illegal: `"async" must be a boolean`},
		{server: "acedata", path: "/nano-banana/tasks", body: `{"action":"retrieve","ids":["a"]}`, illegal: `field "ids" is not allowed`},
		{server: "acedata", path: "/nano-banana/tasks", body: `{"action":"retrieve_batch","ids":[]}`, illegal: `must hold`},

		with(haoee, `{"model":"nano-banana-2","prompt":"x"}`, `says "nano-banana" and the body "nano-banana-2"`),
		with(haoee, `{"model":"nano-banana","prompt":"x","quality":"high"}`, `"quality" is not allowed`),
		with(haoee, `{"model":"nano-banana","prompt":"x","aspect_ratio":"auto"}`, `"aspect_ratio" must be one of`),
		with(haoee, `{"model":"nano-banana","prompt":"x","image":"https://e.org/a.png"}`, `must be a list of strings`),
		{server: "haoee", path: "/v1/images/generations?async=true", body: `{"model":"nano-banana","prompt":"x"}`, illegal: "no header ModelName", answer: `{"error":{"code":"invalid_request"`},
		{server: "haoee", path: "/v1/images/generations", header: haoee.header, body: `{"model":"nano-banana","prompt":"x"}`, illegal: "lacks async=true"},
		{server: "haoee", path: "/v1/images/tasks/abc", method: "GET", header: haoee.header, body: `{"task_id":"abc"}`, illegal: "a GET with a body"},
		{server: "haoee", path: "/v1/images/tasks/", method: "GET", header: haoee.header, illegal: "no such address", status: 404},
	} {
		h, err := NewHandler(c.server)
		if err != nil {
			t.Fatal(err)
		}
		w := c.send(t, h)
		if c.status == 0 {
			c.status = 400
		}
		if all := strings.Join(h.Illegal(), "\n"); w.Code != c.status || !strings.Contains(all, c.illegal) || !strings.Contains(w.Body.String(), c.answer) {
			t.Errorf("%s %s %s: want %d %s %q\n answers %d %s\n illegal: %s", c.server, c.path, c.body, c.status, c.answer, c.illegal, w.Code, w.Body, all)
		}
		if len(h.Tasks()) > 0 {
			t.Errorf("%s %s made a task", c.server, c.body)
		}
	}
}

func with(c call, body, illegal string) call {
	c.body, c.illegal = body, illegal
	return c
}

func TestMultipart(t *testing.T) {
	h, err := NewHandler("uniall")
	if err != nil {
		t.Fatal(err)
	}
	send := func(files int, fields ...string) *httptest.ResponseRecorder {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for i := 0; i < len(fields); i += 2 {
			m.WriteField(fields[i], fields[i+1])
		}
		for range files {
			w, _ := m.CreateFormFile("image", "input.png")
			w.Write(h.Picture("reference", 0))
		}
		m.Close()
		return call{path: "/v1/images/tasks", header: "Content-Type: " + m.FormDataContentType(), body: b.String()}.send(t, h)
	}
	document := []string{"model", "gpt-image-2", "task_type", "image2image", "prompt", "Keep the subject", "size", "1024x1024",
		"quality", "medium", "output_format", "png", "n", "1", "response_format", "url"}
	if w := send(1, document...); w.Code != 200 || len(h.Illegal()) > 0 {
		t.Fatalf("the document's request is answered %d %s", w.Code, w.Body)
	}
	s := h.Submits()[0]
	if s.Count != 1 || len(s.References) != 1 || !bytes.Equal(s.References[0].Bytes, h.Picture("reference", 0)) {
		t.Errorf("read as %d pictures from %d references", s.Count, len(s.References))
	}
	if w := send(2, document...); w.Code != 400 {
		t.Errorf("two files are answered %d %s", w.Code, w.Body)
	}
	if w := send(1, append(document, "images", "https://example.com/b.png")...); w.Code != 400 {
		t.Errorf("a file and an address are answered %d %s", w.Code, w.Body)
	}
}

func TestTaskGoesByItsPlan(t *testing.T) {
	s := NewServer(t, "defapi", WithPrefix("gateway/x/"), WithPlan(Plan{Polls: 2, Hidden: 1, Results: 2}))
	do := func(method, url, body string) (int, string) {
		r, err := http.NewRequest(method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(url, s.URL) {
			r.Header.Set("Authorization", "Bearer "+Key)
			r.Header.Set("Accept", "application/json")
		}
		r.Header.Set("User-Agent", "Mozilla/5.0 (test)")
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	if _, got := do("POST", s.URL+"/api/image/gen", `{"model":"google/gempix2","prompt":"x"}`); !strings.Contains(got, s.Tasks()[0].ID) {
		t.Fatalf("submit: %s", got)
	}
	poll := s.URL + "/api/task/query?task_id=" + s.Tasks()[0].ID
	for _, want := range []string{`"task not found"`, `"pending"`, `"in_progress"`, `"success"`, `"success"`} {
		if _, got := do("GET", poll, ""); !strings.Contains(got, want) {
			t.Fatalf("poll: %s, want %s", got, want)
		}
	}
	var last struct {
		Data struct{ Result []struct{ Image string } }
	}
	_, got := do("GET", poll, "")
	if err := json.Unmarshal([]byte(got), &last); err != nil || len(last.Data.Result) != 2 {
		t.Fatalf("%s: %v", got, err)
	}
	if status, picture := do("GET", last.Data.Result[1].Image, ""); status != 200 || picture != string(s.Picture(s.Tasks()[0].ID, 1)) {
		t.Errorf("the second picture is answered %d with %d bytes", status, len(picture))
	}
	if n := len(s.Requests()); n != 7 || len(s.Downloads()) != 1 {
		t.Errorf("%d requests and %d downloads are remembered", n, len(s.Downloads()))
	}
}

func TestKeyAtTheResultsIsIllegal(t *testing.T) {
	for name, header := range map[string]string{"by its usual header": "Authorization", "by another": "X-Api-Key"} {
		h, err := NewHandler("grsai")
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/output/x/0.png", nil)
		r.Header.Set("User-Agent", "Mozilla/5.0")
		r.Header.Set(header, "Bearer "+Key)
		h.Results().ServeHTTP(httptest.NewRecorder(), r)
		if len(h.Illegal()) != 1 {
			t.Errorf("the key %s is not noticed: %q", name, h.Illegal())
		}
	}
}
