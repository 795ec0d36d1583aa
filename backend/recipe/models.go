package recipe

import (
	"maps"
	"slices"
	"strings"

	"easel/backend"
	"easel/backend/strict"
)

// sold is a model with what the wire must know of it beside.
type sold struct {
	backend.Model
	wire map[string]map[string]any // values of options in their own type, by option and text
}

// models makes the models of a recipe, each as its own kind and those of also.
func (l *loader) models() []sold {
	index := map[string]int{}
	for i, m := range l.Models {
		for _, id := range append([]string{m.ID}, m.Also...) {
			if id == "" {
				l.wrong(at("models", i), "a model needs an id")
			} else if _, twice := index[id]; twice {
				l.wrong(at("models", i, "id"), "the model %q is there twice", id)
			}
			index[id] = i
		}
	}
	made := make([]*sold, len(l.Models))
	common := l.options([]string{"options"}, l.Options)
	var out []sold
	for i, m := range l.Models {
		kind := *l.model(i, index, made, nil)
		kind.Options, kind.wire = slices.Clone(kind.Options), maps.Clone(kind.wire)
		for _, o := range common {
			if _, own := kind.wire[o.Name]; !own {
				kind.set(o)
			}
		}
		for _, id := range append([]string{m.ID}, m.Also...) {
			one := kind
			one.ID = id
			one.References.Ways = l.ways(one.Model, i)
			out = append(out, one)
		}
	}
	if len(out) == 0 {
		l.wrong(nil, "there is no [[models]]")
	}
	return out
}

// model makes the i-th model, and first the one that it is like.
func (l *loader) model(i int, index map[string]int, made []*sold, path []int) *sold {
	if made[i] != nil {
		return made[i]
	}
	f, m := l.Models[i], &sold{wire: map[string]map[string]any{}}
	if f.Like != "" {
		other, ok := index[f.Like]
		switch {
		case !ok:
			l.wrong(at("models", i, "like"), "there is no model %q%s", f.Like, strict.Hint(f.Like, slices.Sorted(maps.Keys(index))))
		case other == i || slices.Contains(path, other):
			l.wrong(at("models", i, "like"), "%s is like %s, and so on in a circle", f.ID, f.Like)
		default:
			like := *l.model(other, index, made, append(path, i))
			like.Options, like.wire = slices.Clone(like.Options), maps.Clone(like.wire)
			like.Title, like.Note = "", ""
			m = &like
		}
	}
	made[i] = m
	l.describe(m, f, i)
	l.sizes(m, f, i)
	for _, o := range l.options(at("models", i, "options"), f.Options) {
		m.set(o)
	}
	return m
}

func (l *loader) describe(m *sold, f modelForm, i int) {
	m.ID = f.ID
	if f.Title != "" {
		m.Title = f.Title
	}
	if f.Note != "" {
		m.Note = f.Note
	}
	for name, v := range map[string]*int{"count": f.Count, "prompt_max": f.PromptMax} {
		if v != nil && *v < 1 {
			l.wrong(at("models", i, name), "%s must be at least 1", name)
		}
	}
	if f.Count != nil {
		m.Count = *f.Count
	}
	if f.PromptMax != nil {
		m.PromptMax = *f.PromptMax
	}
	if f.Takes != nil {
		m.Takes = *f.Takes
	}
	if r := f.References; r != nil {
		if r.Min < 0 || r.Max < 1 || r.Min > r.Max {
			l.wrong(at("models", i, "references"), "references needs a max of at least 1, and a min that is not above it")
		}
		for _, t := range r.Types {
			if known := []string{"png", "jpeg", "webp", "gif"}; !slices.Contains(known, t) {
				l.wrong(at("models", i, "references", "types"), "%q is no type of pictures%s", t, strict.Hint(t, known))
			}
		}
		m.References = backend.References{Min: r.Min, Max: r.Max, MaxBytes: int64(r.MaxBytes), Types: r.Types}
	}
}

// sizes makes ratios and sizes. Where sizes depend on the ratio, the ratios are
// in the order of the file unless they are named.
func (l *loader) sizes(m *sold, f modelForm, i int) {
	if f.Sizes != nil && f.SizesFor != nil {
		l.wrong(at("models", i, "sizes_for"), "a model has sizes or sizes_for, not both")
	}
	if f.Ratios != nil {
		m.Ratios = l.distinct(at("models", i, "ratios"), f.Ratios)
	}
	if f.Sizes != nil {
		m.SizesFor, m.Sizes = nil, l.sizeList(at("models", i, "sizes"), f.Sizes)
	}
	if f.SizesFor != nil {
		m.Sizes, m.SizesFor = nil, map[string][]backend.Size{}
		order := keysOf(l.doc, at("models", i, "sizes_for"), f.SizesFor)
		for _, ratio := range order {
			m.SizesFor[ratio] = l.sizeList(at("models", i, "sizes_for", ratio), f.SizesFor[ratio])
		}
		if f.Ratios == nil {
			m.Ratios = order
		}
		for _, ratio := range order {
			if !slices.Contains(m.Ratios, ratio) {
				l.wrong(at("models", i, "sizes_for", ratio), "sizes for the ratio %q, which the model does not have%s", ratio, strict.Hint(ratio, m.Ratios))
			}
		}
	}
	if m.SizesFor != nil {
		m.SizesFor = maps.Clone(m.SizesFor)
		maps.DeleteFunc(m.SizesFor, func(ratio string, _ []backend.Size) bool { return !slices.Contains(m.Ratios, ratio) })
		for _, ratio := range m.Ratios {
			if len(m.SizesFor[ratio]) == 0 {
				l.wrong(at("models", i, "ratios"), "the ratio %q has no size", ratio)
			}
		}
	}
	if r := f.FreeSize; r != nil {
		m.FreeSize = &backend.FreeSize{
			MultipleOf: r.MultipleOf, MinEdge: r.MinEdge, MaxEdge: r.MaxEdge, MaxRatio: r.MaxRatio, MinPixels: r.MinPixels, MaxPixels: r.MaxPixels,
		}
	}
}

// sizeList reads "1360x768 1K": the value and its tier.
func (l *loader) sizeList(path []string, list []string) []backend.Size {
	var out []backend.Size
	var values []string
	for _, s := range list {
		value, tier, _ := strings.Cut(strings.TrimSpace(s), " ")
		out = append(out, backend.Size{Value: value, Tier: strings.TrimSpace(tier)})
		values = append(values, value)
	}
	l.distinct(path, values)
	return out
}

// distinct notes values that are empty or there twice, and lists of nothing.
func (l *loader) distinct(path []string, list []string) []string {
	if len(list) == 0 {
		l.wrong(path, "%s is empty", path[len(path)-1])
	}
	for i, v := range list {
		if v == "" || slices.Contains(list[:i], v) {
			l.wrong(path, "%q is empty or there twice", v)
		}
	}
	return list
}
