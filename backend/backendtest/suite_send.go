package backendtest

import (
	"bytes"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"testing"
	"time"

	"easel/backend"
)

// everyAllowedValueIsSent holds description and code to each other: what may be
// asked for arrives as the documents want it.
func everyAllowedValueIsSent(t *testing.T, s Subject) {
	b := s.inMemory(t)
	sent, wrong := 0, 0
	for _, m := range b.p.Models {
		for r := range b.variants(m) {
			sent++
			if !b.arrives(m, r) {
				wrong++
			}
			if wrong == 20 {
				t.Fatal("and so on")
			}
		}
	}
	t.Logf("%d requests of %d models", sent, len(b.p.Models))
}

// arrives submits a request, and holds what arrived to what the documents want.
func (b *bench) arrives(m backend.Model, r backend.Request) bool {
	b.Helper()
	if _, err := b.submit(r); err != nil {
		b.Errorf("%s %s %s %v x%d is refused: %v", r.Model, r.Ratio, r.Size, r.Options, r.Count, err)
		return false
	}
	got := b.last(StepSubmit)
	wrong := differ(b.subject.Server, want(b.subject.Server, m, r), got.Fields)
	if len(wrong) > 0 {
		b.Errorf("%s %s %s %v x%d: %s", r.Model, r.Ratio, r.Size, r.Options, r.Count, strings.Join(wrong, "; "))
	}
	return len(wrong) == 0
}

// variants are the legal requests of a model: each ratio and size, and with each
// of these every value of every option, and every count.
func (b *bench) variants(m backend.Model) iter.Seq[backend.Request] {
	return func(yield func(backend.Request) bool) {
		for base := range b.shapes(m) {
			if !yield(base) {
				return
			}
			for _, o := range m.Options {
				for _, value := range optionValues(o) {
					if !yield(m.Set(base, o.Name, value)) {
						return
					}
				}
			}
			for n := 2; n <= m.Count; n++ {
				if !yield(m.Set(base, backend.FieldCount, strconv.Itoa(n))) {
					return
				}
			}
		}
	}
}

// shapes are the ratios and sizes of a model, typed ones among them.
func (b *bench) shapes(m backend.Model) iter.Seq[backend.Request] {
	return func(yield func(backend.Request) bool) {
		usual := b.usualOf(m)
		usual.Ratio, usual.Size = "", ""
		for _, ratio := range orNone(m.Ratios) {
			sizes := []string{}
			for _, size := range m.SizesOf(ratio) {
				sizes = append(sizes, size.Value)
			}
			for _, size := range orNone(sizes) {
				r := usual.Clone()
				r.Ratio, r.Size = ratio, size
				if !yield(r) {
					return
				}
			}
		}
		for _, size := range typed(m) {
			r := usual.Clone()
			r.Size = size
			if !yield(r) {
				return
			}
		}
	}
}

// typed are sizes that nobody lists and that may be typed.
func typed(m backend.Model) []string {
	if m.FreeSize == nil {
		return nil
	}
	var out []string
	for _, size := range []string{"1600x1200", "1200x1600", "1024x640", "3840x1296", "3600x2304", "816x816", "1008x1024"} {
		if m.FreeSize.Check(size) == nil && len(m.RatiosOf(size)) == 0 {
			out = append(out, size)
		}
	}
	return out
}

func orNone(list []string) []string {
	if len(list) == 0 {
		return []string{""}
	}
	return list
}

// optionValues are the values of an option; "" leaves it out.
func optionValues(o backend.Option) []string {
	switch {
	case o.Number:
		return []string{strconv.Itoa(o.Min), strconv.Itoa(o.Max)}
	case o.Text:
		return []string{"https://hooks.example/easel?x=1&y={prompt}"}
	case o.Default == "":
		return append([]string{""}, o.Values...)
	}
	return o.Values
}

// everyReferenceIsSent holds that references arrive whole and in order, in every
// way that the description offers.
func everyReferenceIsSent(t *testing.T, s Subject) {
	b := s.inMemory(t)
	for _, m := range b.p.Models {
		if m.References.Max > 0 && len(m.References.Ways) == 0 {
			t.Errorf("%s takes references, and knows no way to send them", m.ID)
		}
		for _, way := range m.References.Ways {
			for _, n := range []int{max(way.Min, 1), max(way.Min, 2), way.Max} {
				if n <= way.Max && n >= m.References.Min {
					b.refer(m, way, n)
				}
			}
		}
	}
}

// refer sends n references in one way, and compares what arrived.
func (b *bench) refer(m backend.Model, way backend.Way, n int) {
	b.Helper()
	for _, asFile := range []func(int) bool{
		func(int) bool { return false }, func(int) bool { return true }, func(i int) bool { return i%2 == 0 },
	} {
		r := b.usualOf(m)
		r.Count, r.References = max(m.Count, 1), nil
		files := 0
		for i := range n {
			if asFile(i) {
				files++
				r.References = append(r.References, b.file(i))
			} else {
				r.References = append(r.References, address(i))
			}
		}
		if files > 0 && !way.File || files < n && !way.URL {
			continue
		}
		if b.arrives(m, r) {
			b.sameReferences(r.References, b.last(StepSubmit).References)
		}
	}
}

func (b *bench) sameReferences(want []backend.Reference, got []Ref) {
	b.Helper()
	if len(want) != len(got) {
		b.Errorf("%d references arrived of %d", len(got), len(want))
		return
	}
	for i, w := range want {
		if w.Path == "" && got[i].URL != w.URL {
			b.Errorf("reference %d arrived as %s %q, want %q", i, got[i].Kind, got[i].URL, w.URL)
		}
		if w.Path != "" && !bytes.Equal(got[i].Bytes, b.h.Picture("reference", i)) {
			b.Errorf("reference %d arrived as %s of %d bytes, want %d", i, got[i].Kind, len(got[i].Bytes), w.Bytes)
		}
		if w.Path != "" && got[i].Type != "" && got[i].Type != "image/png" {
			b.Errorf("reference %d is called %q", i, got[i].Type)
		}
	}
}

// Complete holds a driver to offer every model and every value that the
// documents name: by what arrives, not by what it says of itself. It is for the
// built-in recipes; a person's own may offer less.
func Complete(t *testing.T, s Subject) {
	b := s.inMemory(t)
	seen := map[string]bool{}
	start := time.Now()
	for _, m := range b.p.Models {
		for r := range b.variants(m) {
			if _, err := b.submit(r); err != nil {
				t.Fatalf("%s: %v", m.ID, err)
			}
			got := b.last(StepSubmit)
			for field := range documented(s.Server)[m.ID] {
				seen[fmt.Sprint(m.ID, " ", field, "=", orEmpty(got.Fields[field]))] = true
			}
			seen[m.ID] = true
		}
	}
	for model, fields := range documented(s.Server) {
		if !seen[model] {
			t.Errorf("the model %s is not offered", model)
			continue
		}
		for field, values := range fields {
			for _, value := range values {
				if !seen[fmt.Sprint(model, " ", field, "=", value)] {
					t.Errorf("%s: %s=%s is documented and cannot be asked for", model, field, value)
				}
			}
		}
	}
	t.Logf("%d values in %v", len(seen), time.Since(start).Round(time.Millisecond))
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}
