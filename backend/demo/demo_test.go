package demo

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// clock is a time that only moves when it is told to.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// server is a demo on loopback whose time the test moves.
func server(t *testing.T, c *clock) string {
	t.Helper()
	s := httptest.NewServer(Handler(Options{Now: c.now}))
	t.Cleanup(s.Close)
	return s.URL
}

func newClock() *clock { return &clock{at: time.UnixMilli(1_795_000_000_000)} }

// answer is what a request came back with.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

func (a answer) task() map[string]any {
	if d, ok := a.body["data"].(map[string]any); ok {
		return d
	}
	return a.body
}

func send(t *testing.T, method, url, body string) (answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, header: res.Header}
	if err := json.NewDecoder(res.Body).Decode(&a.body); err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return a, nil
}

func submit(t *testing.T, base string, fields map[string]any) answer {
	t.Helper()
	b, _ := json.Marshal(fields)
	a, err := send(t, "POST", base+"/v1/images/tasks", string(b))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func poll(t *testing.T, base, id string) answer {
	t.Helper()
	a, err := send(t, "GET", base+"/v1/images/tasks/"+id, "")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// fetch gives the bytes of a result, and whether it came whole.
func fetch(t *testing.T, url string) (*http.Response, []byte, error) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res, b, err
}

// sketch is the cheapest thing that may be asked for.
func sketch(prompt string) map[string]any {
	return map[string]any{"model": "easel-sketch", "prompt": prompt, "aspect_ratio": "1:1", "size": "0.5K"}
}

// walkTask takes a task of two sketches as JPEG from its submit to its end.
func walkTask(t *testing.T, c *clock, base string) (id string) {
	t.Helper()
	fields := sketch("two cats, 两只猫")
	fields["n"], fields["output_format"] = 2, "jpeg"
	a := submit(t, base, fields)
	id, _ = a.body["task_id"].(string)
	if a.status != 200 || id == "" || a.body["status"] != "queued" || a.body["progress"] != "0%" || a.body["data"] != nil {
		t.Fatalf("submit: %d %v", a.status, a.body)
	}
	early, _, _ := fetch(t, base+"/v1/images/results/"+id+"/1.jpg")
	if early.StatusCode != 404 {
		t.Errorf("a result before it is painted: %d", early.StatusCode)
	}
	c.pass(1800 * time.Millisecond)
	if d := poll(t, base, id).task(); d["status"] != "processing" || d["result_url"] != nil || d["task_id"] != id {
		t.Errorf("while it is painted: %v", d)
	}
	c.pass(3 * time.Second)
	p := poll(t, base, id)
	if d := p.task(); p.body["code"] != "success" || d["status"] != "succeeded" || d["progress"] != "100%" {
		t.Fatalf("at the end: %v", p.body)
	}
	return id
}

func TestATaskFromSubmitToPicture(t *testing.T) {
	c := newClock()
	base := server(t, c)
	id := walkTask(t, c, base)
	d := poll(t, base, id).task()
	urls := d["metadata"].(map[string]any)["result_urls"].([]any)
	if len(urls) != 2 || d["result_url"] != urls[0] {
		t.Fatalf("results: %v", d)
	}
	var files [][]byte
	for _, u := range urls {
		res, b, err := fetch(t, u.(string))
		if err != nil || res.Header.Get("Content-Type") != "image/jpeg" || res.Header.Get("Content-Length") != strconv.Itoa(len(b)) {
			t.Fatalf("%s: %v %v", u, err, res.Header)
		}
		if img, err := jpeg.Decode(bytes.NewReader(b)); err != nil || img.Bounds().Size() != image.Pt(512, 512) {
			t.Fatalf("%s: %v", u, err)
		}
		files = append(files, b)
	}
	if bytes.Equal(files[0], files[1]) {
		t.Error("both variations are the same")
	}
	for _, wrong := range []string{"/3.jpg", "/0.jpg", "/1.png", "/x.jpg", "/1"} {
		if res, _, _ := fetch(t, base+"/v1/images/results/"+id+wrong); res.StatusCode != 404 {
			t.Errorf("%s: %d", wrong, res.StatusCode)
		}
	}

	again := server(t, c) // another process, later
	c.pass(20 * 24 * time.Hour)
	if d := poll(t, again, id).task(); d["status"] != "succeeded" {
		t.Errorf("a later demo does not know the task: %v", d)
	}
	if _, b, _ := fetch(t, again+"/v1/images/results/"+id+"/2.jpg"); !bytes.Equal(b, files[1]) {
		t.Error("a later demo paints another picture")
	}
}

func TestEverySizeIsAcceptedAndExact(t *testing.T) {
	c := newClock()
	base := server(t, c)
	for i, s := range paintSizes {
		format := formats[i%2]
		a := submit(t, base, map[string]any{"model": "easel-paint", "prompt": "a cat", "size": fmt.Sprintf("%dx%d", s.w, s.h), "quality": qualities[i%3], "output_format": format})
		if a.status != 200 {
			t.Errorf("%v: %v", s, a.body)
			continue
		}
		if s != (size{720, 1280}) && s != (size{1200, 800}) {
			continue // the painter's own tests hold it to any size
		}
		c.pass(time.Minute)
		url := poll(t, base, a.body["task_id"].(string)).task()["result_url"].(string)
		_, b, err := fetch(t, url)
		p, wrong := backend.Sniff(b)
		if err != nil || wrong != nil || p != (backend.Picture{Type: format, Width: s.w, Height: s.h}) {
			t.Errorf("%v as %s: got %+v, %v, %v", s, format, p, err, wrong)
		}
	}
}

func TestSketchesFollowTheirRatio(t *testing.T) {
	c := newClock()
	base := server(t, c)
	for ratio, want := range map[string]size{"1:1": {512, 512}, "16:9": {680, 384}, "9:16": {384, 680}, "4:3": {592, 440}, "3:4": {440, 592}, "auto": {440, 592}} {
		f := sketch("a cat")
		f["aspect_ratio"] = ratio
		id := submit(t, base, f).body["task_id"].(string)
		if got, err := readTicket(id); err != nil || got.size != want {
			t.Errorf("%s: %v, want %v", ratio, got.size, want)
		}
	}
	f := sketch("a cat")
	f["aspect_ratio"], f["images"] = "auto", []string{dataURI(t, 60, 40)}
	if got, _ := readTicket(submit(t, base, f).body["task_id"].(string)); got.size != (size{624, 416}) {
		t.Errorf("auto does not follow the reference of 60 x 40: %v", got.size)
	}
}

// refused are changes to a good request, by what the refusal says.
var refused = map[string]map[string]any{
	"model":                {"model": "nano-banana"},
	"prompt is required":   {"prompt": "  "},
	"prompt has 100001":    {"prompt": strings.Repeat("猫", 100_001)},
	"size \"1000x1000\"":   {"size": "1000x1000"},
	"size \"\"":            {"size": ""},
	"size \"01024x1024\"":  {"size": "01024x1024"},
	"takes size, not":      {"aspect_ratio": "1:1"},
	"quality":              {"quality": "ultra"},
	"output_format":        {"output_format": "webp"},
	"n must be":            {"n": 0},
	"n must be 1":          {"n": 5},
	"unknown field":        {"seed": 7},
	"cannot unmarshal":     {"n": "2"},
	"at most 4":            {"images": []string{"http://a/1", "http://a/2", "http://a/3", "http://a/4", "http://a/5"}},
	"not an http address":  {"images": []string{"file:///etc/passwd"}},
	"data URI must be":     {"images": []string{"data:text/html,hello"}},
	"base64 of a data URI": {"images": []string{"data:image/png;base64,%%%"}},
	"not a picture":        {"images": []string{"data:image/png;base64,AAAA"}},
}

func TestWhatIsNotAllowedIsRefused(t *testing.T) {
	base := server(t, newClock())
	good := map[string]any{"model": "easel-paint", "prompt": "a cat", "size": "1024x1024"}
	for name, change := range refused {
		f := map[string]any{}
		for _, m := range []map[string]any{good, change} {
			for k, v := range m {
				f[k] = v
			}
		}
		a := submit(t, base, f)
		if msg, _ := a.body["message"].(string); a.status != 400 || a.body["code"] != "invalid_request" || !strings.Contains(msg, name) {
			t.Errorf("%s: %d %v", name, a.status, a.body)
		}
	}
	for _, f := range []map[string]any{
		{"model": "easel-sketch", "prompt": "x", "size": "1K"},
		{"model": "easel-sketch", "prompt": "x", "aspect_ratio": "21:9", "size": "1K"},
		{"model": "easel-sketch", "prompt": "x", "aspect_ratio": "1:1", "size": "1024x1024"},
		{"model": "easel-sketch", "prompt": "x", "aspect_ratio": "1:1", "size": "1K", "quality": "high"},
		{"model": "easel-sketch", "prompt": "x", "aspect_ratio": "1:1", "size": "1K", "images": []string{"http://a/1", "http://a/2"}},
	} {
		if a := submit(t, base, f); a.status != 400 {
			t.Errorf("%v: %d %v", f, a.status, a.body)
		}
	}
	for _, body := range []string{"{", "[]", `{"model":"easel-sketch"} x`, `"x"`} {
		if a, err := send(t, "POST", base+"/v1/images/tasks", body); err != nil || a.status != 400 {
			t.Errorf("%s: %v %v", body, a, err)
		}
	}
	for _, path := range []string{"/v1/images/tasks/demo_nonsense", "/v2", "/v1/images/tasks"} {
		if a, err := send(t, "GET", base+path, ""); err != nil || (a.status != 404 && a.status != 405) {
			t.Errorf("%s: %v %v", path, a, err)
		}
	}
}

func TestReferencesColourTheTask(t *testing.T) {
	c := newClock()
	base := server(t, c)
	plain := submit(t, base, sketch("mountains")).body["task_id"].(string)
	ids := map[string]string{}
	for name, ref := range map[string]string{
		"file":        dataURI(t, 40, 40),
		"address":     "https://example.com/red.png",
		"own picture": base + "/v1/images/results/" + plain + "/1.png",
	} {
		f := sketch("mountains")
		f["images"] = []string{ref}
		a := submit(t, base, f)
		if a.status != 200 {
			t.Fatalf("%s: %v", name, a.body)
		}
		got, err := readTicket(a.body["task_id"].(string))
		if err != nil || len(got.plan.Palette) == 0 {
			t.Errorf("%s leaves no colours: %v", name, err)
		}
		ids[fmt.Sprint(got.plan.Palette)] = name
	}
	if len(ids) != 3 {
		t.Errorf("different references leave the same colours: %v", ids)
	}
}

func dataURI(t *testing.T, w, h int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, color.RGBA{uint8(200 + i%50), 30, uint8(i % 90), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestManyAtOnce(t *testing.T) {
	c := newClock()
	base := server(t, c)
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() {
			id := submit(t, base, sketch(fmt.Sprint("a cat ", i%3))).body["task_id"].(string)
			for poll(t, base, id).task()["status"] != "succeeded" {
				c.pass(500 * time.Millisecond)
			}
			if _, b, err := fetch(t, base+"/v1/images/results/"+id+"/1.png"); err != nil || backend.TypeOf(b) != "png" {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wait.Wait()
}

func TestOnlyOnePaintsAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &studio{speed: 1, now: time.Now, brush: make(chan struct{}, 1), seen: map[uint64]int{}}
		s.brush <- struct{}{} // somebody paints
		task := sampleTicket()
		task.size, task.start = size{64, 64}, time.Now().Add(-time.Hour)
		var painted []byte
		go func() { painted = s.paint(t.Context(), task, 0) }()
		synctest.Wait()
		if painted != nil {
			t.Fatal("two paint at once")
		}
		w := httptest.NewRecorder() // a poll does not wait for the brush
		r := httptest.NewRequest("GET", "/", nil)
		r.SetPathValue("id", task.String())
		if s.poll(w, r); w.Code != 200 {
			t.Errorf("poll: %d", w.Code)
		}
		<-s.brush
		synctest.Wait()
		if backend.TypeOf(painted) != "jpeg" {
			t.Error("nothing was painted when the brush was free")
		}
	})
}

func TestStartAndClose(t *testing.T) {
	s, err := StartWith(Options{Speed: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Errorf("it listens at %s", s.URL())
	}
	if a := submit(t, s.URL(), sketch("a cat")); a.status != 200 {
		t.Errorf("submit: %v", a)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(s.URL()); err == nil {
		t.Error("it answers after Close")
	}
}
