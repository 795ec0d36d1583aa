package recipe

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"easel/backend"
)

func TestShorten(t *testing.T) {
	long := strings.Repeat("iVBORw0KGgo", 90_000)
	for body, want := range map[string]string{
		"":                       "",
		`{"id":"x"}`:             `{"id":"x"}`,
		`{"b64":"` + long + `"}`: `{"b64":"iVBORw0KGgoiVBORw0KGgoiVBORw0KGg… (990000 characters)"}`,
		`{"b64":"` + long[:5000]: `{"b64":"iVBORw0KGgoiVBORw0KGgoiVBORw0KGg… (4999 characters)"`,
		`{"a":"` + strings.Repeat("word ", 200) + `"}`:  `{"a":"` + strings.Repeat("word ", 200) + `"}`,
		`{"a":"b\"` + strings.Repeat("c", 500) + `\\"}`: `{"a":"b\"` + strings.Repeat("c", 29) + `… (505 characters)"}`,
		"\xff": "\uFFFD",
	} {
		if got := shorten([]byte(body)); got != want {
			t.Errorf("%.60q gives %.200q, want %.200q", body, got, want)
		}
	}
	for _, body := range []string{strings.Repeat("猫", 5000), strings.Repeat(`"猫 猫",`, 2000), strings.Repeat(`"`, 9000), strings.Repeat(" ", 9000)} {
		got := shorten([]byte(body))
		if len(got) > maxAnswer || !utf8.ValidString(got) || !strings.HasSuffix(got, "…") {
			t.Errorf("%.20q gives %d bytes", body, len(got))
		}
	}
}

func TestCurl(t *testing.T) {
	p, w := open(t, "grsai")
	r := ask(t, p, "nano-banana-2", "replyType=stream")
	r.Prompt = "it's $HOME `x`"
	ref := file(t)
	r.References = []backend.Reference{ref}
	m, _ := p.Model(r.Model)
	got, err := p.Driver.(backend.Shower).Curl(m, r)
	path := strings.ReplaceAll(ref.Path, "'", `'\''`)
	want := `curl -X POST 'https://grsaiapi.com/v1/api/generate' -N \
  -H 'Accept: text/event-stream' \
  -H "Authorization: Bearer $GRSAI_API_KEY" \
  -H 'Content-Type: application/json' \
  -d '{"model":"nano-banana-2","prompt":"it'\''s $HOME ` + "`x`" + `","images":["data:image/png;base64,'"$(base64 -w0 '` + path + `')"'"],"aspectRatio":"auto","imageSize":"1K","replyType":"stream"}'`
	if err != nil || got != want || len(w.sent) > 0 {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	p, _ = open(t, "uniall")
	r = ask(t, p, "NanoBanana")
	r.Prompt, r.References = "@a", []backend.Reference{ref}
	m, _ = p.Model(r.Model)
	got, err = p.Driver.(backend.Shower).Curl(m, r)
	for _, part := range []string{"--form-string 'prompt=@a'", "-F 'image=@" + path + ";type=image/png'", `-H "Authorization: Bearer $UNIALL_API_KEY"`} {
		if err != nil || !strings.Contains(got, part) || strings.Contains(got, "Content-Type") {
			t.Errorf("%v\n%s\nlacks %s", err, got, part)
		}
	}
}

// An earlier result whose address is gone goes as its file.
func TestAddressThatIsGone(t *testing.T) {
	p, w := open(t, "grsai")
	r := ask(t, p, "nano-banana-2")
	ref := file(t)
	ref.URL, ref.Until = "https://a.test/old.png", time.Now().Add(-time.Minute)
	r.References = []backend.Reference{ref, {URL: "https://a.test/new.png"}}
	submit1(p, r)
	if want := `"images":["data:image/png;base64,` + data64 + `","https://a.test/new.png"]`; len(w.sent) != 1 || !strings.Contains(w.sent[0].body, want) {
		t.Errorf("%+v", w.sent)
	}
	ref.Until = time.Now().Add(time.Hour)
	r.References = []backend.Reference{ref}
	submit1(p, r)
	if want := `"images":["https://a.test/old.png"]`; !strings.Contains(w.sent[1].body, want) {
		t.Errorf("%s", w.sent[1].body)
	}
}
