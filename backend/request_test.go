package backend

import "testing"

func TestSame(t *testing.T) {
	base := func() Request {
		return Request{Provider: "p", Model: "m", Prompt: "a cat", Ratio: "1:1", Size: "1K", Count: 1,
			Options: map[string]string{"quality": "high"}, References: []Reference{{Path: "/a.png"}, {URL: "https://example.com/b.png"}}}
	}
	for name, c := range map[string]struct {
		change func(*Request)
		same   bool
	}{
		"itself":            {func(r *Request) {}, true},
		"no count is one":   {func(r *Request) { r.Count = 0 }, true},
		"found on the disk": {func(r *Request) { r.References[0].SHA256, r.References[0].Bytes = "ab", 7 }, true},
		"provider":          {func(r *Request) { r.Provider = "q" }, false},
		"model":             {func(r *Request) { r.Model = "n" }, false},
		"prompt":            {func(r *Request) { r.Prompt += "s" }, false},
		"ratio":             {func(r *Request) { r.Ratio = "" }, false},
		"size":              {func(r *Request) { r.Size = "2K" }, false},
		"count":             {func(r *Request) { r.Count = 2 }, false},
		"option":            {func(r *Request) { r.Options["quality"] = "low" }, false},
		"one option more":   {func(r *Request) { r.Options["seed"] = "1" }, false},
		"no references":     {func(r *Request) { r.References = nil }, false},
		"other file":        {func(r *Request) { r.References[0].Path = "/c.png" }, false},
		"other address":     {func(r *Request) { r.References[1].URL += "?" }, false},
		"other order":       {func(r *Request) { r.References[0], r.References[1] = r.References[1], r.References[0] }, false},
	} {
		r := base()
		c.change(&r)
		if r.Same(base()) != c.same || base().Same(r) != c.same {
			t.Errorf("%s: want %v", name, c.same)
		}
	}
	a, b := base(), base()
	a.References[0].SHA256, b.References[0].SHA256 = "ab", "cd"
	if a.Same(b) {
		t.Error("a file that became another picture is the same")
	}
	b.References[0] = Reference{Path: "/copy.png", SHA256: "ab"}
	if !a.Same(b) {
		t.Error("a copy of a picture is another one")
	}
}
