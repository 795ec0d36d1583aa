package details

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/facts"
	"easel/ui/parts"
	"easel/ui/words"
)

func TestFits(t *testing.T) {
	for _, c := range []struct {
		ratio, size string
		w, h        int
		want        Fit
	}{
		{"16:9", "2048x1152", 2048, 1152, Same},
		{"16:9", "2048x1152", 1376, 768, Other},
		{"16:9", "2K", 1376, 768, Unasked}, // 1.79: as near as pixels of eight get
		{"16:9", "2K", 1024, 1024, Other},
		{"auto", "2K", 1024, 768, Unasked},
		{"", "", 1024, 768, Unasked},
		{"1:1", "", 0, 0, Unasked},
	} {
		r := task.Task{Request: backend.Request{Ratio: c.ratio, Size: c.size}}
		if got := Fits(r, task.File{Width: c.w, Height: c.h}); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestResults(t *testing.T) {
	half := task.Task{Files: []task.File{{}, {Path: "/b"}}, Images: []backend.Image{{URL: "a"}, {URL: "b"}}}
	if got := Results(half); len(got) != 1 || got[0] != 1 {
		t.Errorf("what is saved counts: %v", got)
	}
	half.Files = nil
	if got := Results(half); len(got) != 2 {
		t.Errorf("else what is known: %v", got)
	}
}

// A picture that could not be fetched says until when it can be.
func TestAddressThatMayDie(t *testing.T) {
	now := time.Date(2026, 11, 20, 17, 45, 0, 0, time.Local)
	w, err := words.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lasts, age time.Duration
		says       string
	}{
		{0, time.Hour, "The download did not work yet. It is tried again by itself; d tries now."},
		{2 * time.Hour, time.Hour, "while the address lives, until about 2026-11-20 18:45; d tries now."},
		{2 * time.Hour, 3 * time.Hour, "the address has probably died at 2026-11-20 16:45. It is kept: d tries all the same."},
	} {
		f := &facts.Facts{Providers: []*backend.Provider{{Name: "p", Lasts: c.lasts}}}
		one := task.Task{Request: backend.Request{Provider: "p"}, State: backend.Ready, ReadyAt: now.Add(-c.age), Fetches: []task.Download{{Tries: 10}}}
		if got := Advice(parts.Env{Words: w, Now: now}, f, one); !strings.Contains(got, c.says) {
			t.Errorf("%q, want %q", got, c.says)
		}
	}
}

// What fold breaks can be put together again, and no row is too wide.
func FuzzFold(f *testing.F) {
	f.Add("/home/ann/Pictures/easel/2026-11-20/174512-白色暹罗猫-k3f9x2-1.png", 12)
	f.Add("a b  c", 1)
	f.Fuzz(func(t *testing.T, s string, w int) {
		s = strings.Join(strings.Fields(backend.Clean(s)), " ")
		w = 2 + max(w, -w)%60
		rows := fold(s, w)
		for _, r := range rows {
			if ansi.StringWidth(r) > w {
				t.Errorf("%q in %d: a row of %d cells: %q", s, w, ansi.StringWidth(r), r)
			}
		}
		if got := strings.Join(rows, ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%q became %q", s, got)
		}
	})
}
