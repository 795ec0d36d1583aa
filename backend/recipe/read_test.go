package recipe

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"easel/backend"
)

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		of   float64
		json string
		want float64
	}{
		{0, `45`, 0.45}, {0, `"45"`, 0.45}, {0, `"45%"`, 0.45}, {0, `" 45 % "`, 0.45}, {0, `0`, 0}, {0, `"100%"`, 1}, {0, `250`, 1},
		{1, `0.45`, 0.45}, {1, `1`, 1}, {1, `"45%"`, 0.45}, {0, `-5`, -1}, {0, `"NaN"`, -1}, {0, `"half"`, -1}, {0, `[45]`, -1}, {0, `null`, -1}, {0, `true`, -1},
	} {
		r := reader{answerForm: answerForm{Progress: []string{"p"}, ProgressOf: c.of}}
		if got := r.progress(gjson.Parse(`{"p":` + c.json + `}`)); got != c.want {
			t.Errorf("%s of %v is %v, want %v", c.json, c.of, got, c.want)
		}
	}
}

// How a task without a status word stands is inferred.
func TestInferred(t *testing.T) {
	r := reader{answerForm: answerForm{ID: []string{"id"}, Images: []string{"a.#.u", "b"}, Failure: []string{"error"}, Finished: []string{"finished"}}}
	for json, want := range map[string]backend.State{
		`{"id":1}`: backend.Running, `{"id":1,"a":[]}`: backend.Running, `{"id":1,"a":[{"u":""}],"b":"x://y"}`: backend.Ready,
		`{"id":1,"a":[{"u":"x://y"}],"finished":7}`: backend.Ready, `{"id":1,"finished":7}`: backend.Failed, `{"id":1,"finished":0}`: backend.Running,
		`{"id":1,"finished":""}`: backend.Running, `{"id":1,"error":"no"}`: backend.Failed, `{"id":1,"error":{}}`: backend.Running,
		`{"id":1,"error":false}`: backend.Running, `{"id":1,"error":"no","b":["x://y"]}`: backend.Ready,
	} {
		s, known := r.snapshot(gjson.Parse(json))
		if !known || s.State != want || s.Ticket != "1" {
			t.Errorf("%s is %s (%v), want %s", json, s.State, known, want)
		}
	}
	for _, json := range []string{`{}`, `[]`, `{"x":1}`, `"id"`, `{"id":{}}`} {
		if s, known := r.snapshot(gjson.Parse(json)); known {
			t.Errorf("%s says %+v", json, s)
		}
	}
}

func TestKindOfCode(t *testing.T) {
	r := reader{codes: map[string]backend.Kind{"used": backend.Invalid, "used_up": backend.Unpaid, "402": backend.Unpaid}}
	for text, want := range map[string]backend.Kind{
		"used_up": backend.Unpaid, " USED_UP ": backend.Unpaid, "used_up: no balance": backend.Unpaid, "used": backend.Invalid,
		"used_upper": "", "unused": "", "402": backend.Unpaid, "4020": "", "": "",
	} {
		if got := r.kindOfCode(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	want := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for json, ok := range map[string]bool{
		`1795176000`: true, `1795176000.25`: true, `1795176000000`: true, `"2026-11-20T12:00:00Z"`: true,
		`-1`: false, `"soon"`: false, `null`: false, `1e300`: false,
	} {
		if got := moment(gjson.Parse(json)); got.Equal(want) != ok || !ok && !got.IsZero() {
			t.Errorf("%s is %v", json, got)
		}
	}
}

// Pictures may come inside the answer, where the recipe says so.
func TestLargeInlinePicture(t *testing.T) {
	picture := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 9<<20)...)
	body := `200 {"code":"success","data":{"status":"SUCCESS","data":{"data":[{"b64_json":"` + base64.StdEncoding.EncodeToString(picture) + `"}]}}}`
	p, _ := open(t, "haoee", body)
	got, err := p.Poll(context.Background(), backend.Job{Ticket: "x"})
	if s := got["x"]; err != nil || len(s.Images) != 1 || len(s.Images[0].Data) != len(picture) || len(s.Answer) > 300 {
		t.Errorf("%v, %.200s", err, s.Answer)
	}
	p, _ = open(t, "uniall", `200 {"code":"success","data":{"result_url":"`+strings.Repeat("x", 9<<20)+`"}}`)
	if _, err := p.Poll(context.Background(), backend.Job{Ticket: "x"}); backend.KindOf(err) != backend.Garbled {
		t.Error(err)
	}
}

func TestUsageIsClean(t *testing.T) {
	for json, want := range map[string]string{
		`{"total":1.50}`: `{"total":1.50}`, `"x"`: "", `null`: "", `{"a":"\u001b[2Jb","c":[1e2]}`: `{"a":"b","c":[1e2]}`,
		`{"a":"` + strings.Repeat("x", 5000) + `"}`: "",
	} {
		if got := string(usage(gjson.Parse(json))); got != want {
			t.Errorf("%.40s is %s, want %s", json, got, want)
		}
	}
}
