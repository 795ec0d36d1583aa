package backend

import (
	"strings"
	"testing"
	"time"
)

// vip is a model with every rule: sizes by ratio, typed pixels, a count, options
// and references.
func vip() Model {
	return Model{
		ID:     "vip",
		Ratios: []string{"1:1", "16:9", "auto"},
		SizesFor: map[string][]Size{
			"1:1":  {{"1024x1024", "1K"}, {"2048x2048", "2K"}},
			"16:9": {{"1280x720", "1K"}, {"2048x1152", "2K"}},
			"auto": {{"auto", ""}},
		},
		FreeSize:  &FreeSize{MultipleOf: 16, MaxEdge: 3840, MaxRatio: 3, MinPixels: 655360, MaxPixels: 8294400},
		Count:     4,
		PromptMax: 20,
		Options: []Option{
			{Name: "quality", Values: []string{"low", "high"}, Default: "low"},
			{Name: "format", Field: "output_format", Values: []string{"png", "webp"}},
			{Name: "seed", Number: true, Min: 0, Max: 9},
			{Name: "hook", Field: "callback_url", Text: true, Quiet: true},
		},
		References: References{Max: 2, MaxBytes: 2_500_000, Types: []string{"png"}, Ways: []Way{
			{Min: 1, Max: 2, URL: true}, {Min: 1, Max: 1, File: true},
		}},
	}
}

func ask(change func(*Request)) Request {
	r := vip().Fill(Request{Prompt: "a cat"})
	change(&r)
	return r
}

func TestCheck(t *testing.T) {
	file := Reference{Path: "/tmp/a.png", Type: "png", Bytes: 10}
	web := Reference{URL: "https://example.com/a.png"}
	for name, c := range map[string]struct {
		change func(*Request)
		word   string // "" where it passes
		says   string
	}{
		"defaults":            {func(r *Request) {}, "", ""},
		"empty prompt":        {func(r *Request) { r.Prompt = " \n\t" }, "check.prompt.empty", ""},
		"broken prompt":       {func(r *Request) { r.Prompt = "a\xff" }, "check.prompt.utf8", ""},
		"20 wide characters":  {func(r *Request) { r.Prompt = strings.Repeat("猫", 20) }, "", ""},
		"21 characters":       {func(r *Request) { r.Prompt = strings.Repeat("a", 21) }, "check.prompt.long", "at most 20"},
		"unknown ratio":       {func(r *Request) { r.Ratio = "5:4" }, "check.ratio.values", "1:1 16:9 auto"},
		"no ratio":            {func(r *Request) { r.Ratio = "" }, "check.ratio.values", ""},
		"pair":                {func(r *Request) { r.Size = "2048x1152" }, "check.size.pair", "1024x1024"},
		"table":               {func(r *Request) { r.Ratio, r.Size = "16:9", "2048x1152" }, "", ""},
		"no size":             {func(r *Request) { r.Size = "" }, "check.size.under", "1024x1024 2048x2048"},
		"free":                {func(r *Request) { r.Ratio, r.Size = "", "1600x1024" }, "", ""},
		"free with its ratio": {func(r *Request) { r.Ratio, r.Size = "16:9", "1600x896" }, "", ""},
		"free, other ratio":   {func(r *Request) { r.Size = "1600x1024" }, "check.size.pair", ""},
		"free and auto":       {func(r *Request) { r.Ratio, r.Size = "auto", "1600x1024" }, "check.size.pair", ""},
		"free, other words":   {func(r *Request) { r.Ratio, r.Size = "", "1600 x 1024" }, "check.size.form", ""},
		"free, no words":      {func(r *Request) { r.Ratio, r.Size = "", "big" }, "check.size.form", ""},
		"not of 16":           {func(r *Request) { r.Ratio, r.Size = "", "1600x1000" }, "check.size.multiple", "1600x1008"},
		"edge":                {func(r *Request) { r.Ratio, r.Size = "", "3856x2048" }, "check.size.maxedge", "3840"},
		"too long":            {func(r *Request) { r.Ratio, r.Size = "", "3072x1008" }, "check.size.ratio", "3 times"},
		"exactly 3:1":         {func(r *Request) { r.Ratio, r.Size = "", "3072x1024" }, "", ""},
		"few pixels":          {func(r *Request) { r.Ratio, r.Size = "", "800x800" }, "check.size.minpixels", "655360"},
		"fewest pixels":       {func(r *Request) { r.Ratio, r.Size = "", "1024x640" }, "", ""},
		"most pixels":         {func(r *Request) { r.Ratio, r.Size = "", "3840x2160" }, "", ""},
		"many pixels":         {func(r *Request) { r.Ratio, r.Size = "", "3840x2176" }, "check.size.maxpixels", "8294400"},
		"count 0":             {func(r *Request) { r.Count = 0 }, "check.count.range", "1 to 4"},
		"count 5":             {func(r *Request) { r.Count = 5 }, "check.count.range", ""},
		"unknown option":      {func(r *Request) { r.Options["style"] = "x" }, "check.option.names", "quality format seed hook"},
		"field name":          {func(r *Request) { r.Options["output_format"] = "png" }, "check.option.names", ""},
		"option value":        {func(r *Request) { r.Options["quality"] = "" }, "check.option.values", "low high"},
		"number":              {func(r *Request) { r.Options["seed"] = "9" }, "", ""},
		"number, range":       {func(r *Request) { r.Options["seed"] = "10" }, "check.option.range", "from 0 to 9"},
		"number, spelling":    {func(r *Request) { r.Options["seed"] = "+9" }, "check.option.range", ""},
		"text":                {func(r *Request) { r.Options["hook"] = "https://a/b" }, "", ""},
		"text, control":       {func(r *Request) { r.Options["hook"] = "a\x1b[2J" }, "check.option.text", ""},
		"one file":            {func(r *Request) { r.References = []Reference{file} }, "", ""},
		"two addresses":       {func(r *Request) { r.References = []Reference{web, web} }, "", ""},
		"two files":           {func(r *Request) { r.References = []Reference{file, file} }, "check.references.mixed", ""},
		"file and address":    {func(r *Request) { r.References = []Reference{file, web} }, "check.references.mixed", ""},
		"three":               {func(r *Request) { r.References = []Reference{web, web, web} }, "check.references.many", "at most 2"},
		"no picture":          {func(r *Request) { r.References = []Reference{{Path: "/tmp/a"}} }, "check.references.picture", ""},
		"other type":          {func(r *Request) { r.References = []Reference{{Path: "/a", Type: "gif"}} }, "check.references.type", "png"},
		"too large":           {func(r *Request) { r.References = []Reference{{Path: "/a", Type: "png", Bytes: 3e6}} }, "check.references.large", "2.5 MB"},
		"no address":          {func(r *Request) { r.References = []Reference{{URL: "ftp://a/b"}} }, "check.references.url", ""},
		"address, control":    {func(r *Request) { r.References = []Reference{{URL: "http://a/\x1b"}} }, "check.references.url", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := AsError(vip().Check(ask(c.change)))
			switch {
			case c.word == "" && err != nil:
				t.Fatalf("refused: %v", err)
			case c.word == "":
			case err == nil:
				t.Fatalf("passed; want %s", c.word)
			case err.Word != c.word || err.Kind != Invalid || err.Fate != Unsent || err.Field == "":
				t.Errorf("got %s (%+v), want %s", err.Word, err, c.word)
			case !strings.Contains(err.Message, c.says):
				t.Errorf("%q does not say %q", err.Message, c.says)
			}
		})
	}
}

func TestCheckOfModelWithoutParameters(t *testing.T) {
	m := Model{ID: "plain"}
	r := m.Fill(Request{Prompt: "x"})
	if err := m.Check(r); err != nil {
		t.Fatal(err)
	}
	for word, change := range map[string]func(*Request){
		"check.ratio.none":      func(r *Request) { r.Ratio = "1:1" },
		"check.size.none":       func(r *Request) { r.Size = "1K" },
		"check.count.one":       func(r *Request) { r.Count = 2 },
		"check.references.none": func(r *Request) { r.References = []Reference{{URL: "https://a/b"}} },
		"check.option.none":     func(r *Request) { r.Options = map[string]string{"quality": "low"} },
	} {
		bad := r.Clone()
		change(&bad)
		if err := AsError(m.Check(bad)); err == nil || err.Word != word {
			t.Errorf("got %v, want %s", err, word)
		}
	}
}

func TestFillAndFollow(t *testing.T) {
	m := vip()
	r := m.Fill(Request{Prompt: "p", Size: "2048x1152"})
	if r.Ratio != "16:9" || r.Count != 1 || r.Options["quality"] != "low" || r.Options["format"] != "" {
		t.Errorf("a size alone: %+v", r)
	}
	if r := m.Fill(Request{Ratio: "16:9"}); r.Size != "1280x720" {
		t.Errorf("a ratio alone: %+v", r)
	}
	if r := m.Fill(Request{Size: "1600x1024"}); r.Ratio != "" {
		t.Errorf("typed pixels need no ratio: %+v", r)
	}
	if r := m.Set(r, FieldRatio, "1:1"); r.Size != "2048x2048" {
		t.Errorf("a ratio brings the size of the same tier: %+v", r)
	}
	if r := m.Set(r, FieldSize, "1024x1024"); r.Ratio != "1:1" {
		t.Errorf("a size brings its ratio: %+v", r)
	}
	if r := m.Set(m.Set(r, FieldSize, "1600x1024"), FieldRatio, "auto"); r.Size != "auto" || r.Ratio != "auto" {
		t.Errorf("from free to auto: %+v", r)
	}
}

// Whatever steps a person takes through the rows, the request stays legal.
func TestEveryStepOfThePickersIsLegal(t *testing.T) {
	m := vip()
	start := m.Fill(Request{Prompt: "p"})
	seen := map[string]bool{}
	var walk func(r Request, depth int)
	walk = func(r Request, depth int) {
		if err := m.Check(r); err != nil {
			t.Fatalf("%+v: %v", r, err)
		}
		if depth == 0 {
			return
		}
		for _, f := range m.Fields(r) {
			for _, v := range f.Values {
				seen[f.Name+"="+v.Value] = true
				walk(m.Set(r, f.Name, v.Value), depth-1)
			}
		}
	}
	walk(start, 3)
	for _, want := range []string{"ratio=auto", "size=2048x1152", "quality=high", "format=", "format=webp", "count=4"} {
		if !seen[want] {
			t.Errorf("%s is not offered", want)
		}
	}
	if seen["hook="] {
		t.Error("a quiet option has a row")
	}
}

func TestAdapt(t *testing.T) {
	r := ask(func(r *Request) {
		r.Ratio, r.Size, r.Count = "16:9", "2048x1152", 4
		r.Options["quality"], r.Options["hook"] = "high", "https://a/b"
	})
	other := Model{
		ID: "other", Ratios: []string{"1:1", "16:9"}, Sizes: []Size{{"1K", ""}, {"2K", ""}}, Count: 2,
		Options: []Option{{Name: "quality", Values: []string{"auto", "high"}, Default: "auto"}},
	}
	got, changes := other.Adapt(r)
	if err := other.Check(got); err != nil {
		t.Fatal(err)
	}
	if got.Ratio != "16:9" || got.Size != "1K" || got.Count != 2 || got.Options["quality"] != "high" || got.Model != "other" {
		t.Errorf("got %+v", got)
	}
	var says []string
	for _, c := range changes {
		says = append(says, c.String())
	}
	if want := "size 2048x1152 → 1K, count 4 → 2, hook https://a/b is not sold here"; strings.Join(says, ", ") != want {
		t.Errorf("changes: %q, want %q", strings.Join(says, ", "), want)
	}
	if _, changes := vip().Adapt(r); changes != nil {
		t.Errorf("a legal request was changed: %v", changes)
	}
	if r.Options["hook"] == "" {
		t.Error("Adapt wrote into its argument")
	}
}

func TestWay(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	both := Reference{Path: "/a.png", Type: "png", URL: "https://a/1.png", Until: now.Add(time.Hour)}
	only := func(url, file bool, most int) Model {
		return Model{ID: "m", References: References{Max: 4, Ways: []Way{{Min: 1, Max: most, URL: url, File: file}}}}
	}
	if w, err := only(true, false, 4).Way([]Reference{both}, now); err != nil || !w.URL {
		t.Errorf("an earlier result goes by its address: %v %v", w, err)
	}
	if _, err := only(true, false, 4).Way([]Reference{both}, now.Add(2*time.Hour)); AsError(err).Word != "check.references.local" {
		t.Errorf("an address that is gone: %v", err)
	}
	if w, err := only(false, true, 1).Way([]Reference{both}, now); err != nil || !w.File {
		t.Errorf("or as a file: %v %v", w, err)
	}
	if _, err := only(false, true, 1).Way([]Reference{{URL: "https://a/b"}}, now); AsError(err).Word != "check.references.remote" {
		t.Errorf("files only: %v", err)
	}
	mixed := []Reference{{Path: "/b.png", Type: "png"}, {URL: "https://a/b"}}
	if w, err := only(true, true, 4).Way(mixed, now); err != nil || !w.URL || !w.File {
		t.Errorf("mixed: %v %v", w, err)
	}
}
