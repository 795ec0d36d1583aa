package backend

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Model is what may be asked of one model of one provider. Pickers, the check,
// `easel models` and the tests of drivers all read this and nothing else.
type Model struct {
	ID, Title, Note string

	Ratios    []string          // the first is the default; empty: the model takes none
	Sizes     []Size            // for every ratio; the first is the default
	SizesFor  map[string][]Size // by ratio, where they depend on it; Sizes is then empty
	FreeSize  *FreeSize         // pixels that may be typed
	Count     int               // the most pictures of one request; 0 or 1: cannot be asked for
	PromptMax int               // in characters; 0: not documented
	Takes     time.Duration     // the usual time, until the history knows better

	References References
	Options    []Option
}

// Size is one value of the size picker: a tier such as 2K, pixels, or, where a
// model is asked for a ratio in the same field, that ratio.
type Size struct {
	Value string
	Tier  string // for people: "2K" beside "2048x1152"
}

// FreeSize are the rules for pixels that are typed. A rule that is 0 does not
// hold.
type FreeSize struct {
	MultipleOf int
	MinEdge    int
	MaxEdge    int
	MaxRatio   float64 // of the longer to the shorter edge
	MinPixels  int
	MaxPixels  int
}

// References says which pictures a request may carry.
type References struct {
	Min, Max int
	MaxBytes int64    // of each local file; 0: not documented
	Types    []string // of local files: png, jpeg, webp, gif; empty: any picture
	Ways     []Way    // how they may be sent; a set that fits none is refused
}

// Way is one way to send references: so many, all as addresses, all as files, or
// mixed.
type Way struct {
	Min, Max    int
	URL, File   bool
	Description string
}

// Option is a further parameter.
type Option struct {
	Name   string // quality, format, or the provider's word
	Field  string // the provider's own field name, for --option
	Title  string
	Values []string
	Number bool // a whole number from Min to Max
	Min    int
	Max    int
	Text   bool // any text
	// Default is what is sent when nothing is chosen; "" leaves it out.
	Default string
	// Quiet options are for people who know the provider (a webhook, the way of
	// the answer): no row of the page while they stand at their default.
	Quiet bool
}

// The names of the fields of a request, as in flags, pickers and errors.
const (
	FieldPrompt     = "prompt"
	FieldModel      = "model"
	FieldRatio      = "ratio"
	FieldSize       = "size"
	FieldCount      = "count"
	FieldReferences = "references"
)

// HasRatio says whether the model takes a ratio, or groups its sizes by one.
func (m Model) HasRatio() bool { return len(m.Ratios) > 0 }

// HasSize says whether the model takes a size.
func (m Model) HasSize() bool { return len(m.Sizes) > 0 || len(m.SizesFor) > 0 || m.FreeSize != nil }

// HasCount says whether more than one picture may be asked for.
func (m Model) HasCount() bool { return m.Count > 1 }

// SizesOf gives the sizes that go with a ratio.
func (m Model) SizesOf(ratio string) []Size {
	if len(m.SizesFor) > 0 {
		return m.SizesFor[ratio]
	}
	return m.Sizes
}

// RatiosOf gives the ratios under which a size stands, in the model's order.
func (m Model) RatiosOf(size string) []string {
	var out []string
	for _, r := range m.Ratios {
		if hasSize(m.SizesOf(r), size) {
			out = append(out, r)
		}
	}
	return out
}

// Option finds an option by its name or by the provider's own field name.
func (m Model) Option(name string) (Option, bool) {
	for _, o := range m.Options {
		if o.Name == name {
			return o, true
		}
	}
	for _, o := range m.Options {
		if o.Field == name {
			return o, true
		}
	}
	return Option{}, false
}

func hasSize(sizes []Size, value string) bool {
	return slices.ContainsFunc(sizes, func(s Size) bool { return s.Value == value })
}

// ParsePixels reads "1536x1024" (also with × or X and spaces).
func ParsePixels(s string) (w, h int, ok bool) {
	s = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "×", "x")
	a, b, found := strings.Cut(s, "x")
	if !found {
		return 0, 0, false
	}
	w, err1 := strconv.Atoi(strings.TrimSpace(a))
	h, err2 := strconv.Atoi(strings.TrimSpace(b))
	if err1 != nil || err2 != nil || w <= 0 || h <= 0 || w > 1_000_000 || h > 1_000_000 {
		return 0, 0, false
	}
	return w, h, true
}

// ParseRatio reads "16:9". Other words, such as auto, are no ratio.
func ParseRatio(s string) (w, h float64, ok bool) {
	a, b, found := strings.Cut(s, ":")
	if !found {
		return 0, 0, false
	}
	w, err1 := strconv.ParseFloat(a, 64)
	h, err2 := strconv.ParseFloat(b, 64)
	if err1 != nil || err2 != nil || w <= 0 || h <= 0 {
		return 0, 0, false
	}
	return w, h, true
}

// Check judges typed pixels by the rules, and names the first that they break.
// The text must be the plain form, "1536x1024": it is sent as it is.
func (f FreeSize) Check(size string) error {
	w, h, ok := ParsePixels(size)
	if !ok || size != fmt.Sprintf("%dx%d", w, h) {
		return refuse(FieldSize, "check.size.form", "%q is no size: write pixels such as 1536x1024", Clean(size))
	}
	long, short := max(w, h), min(w, h)
	switch {
	case f.MaxEdge > 0 && long > f.MaxEdge:
		return refuse(FieldSize, "check.size.maxedge", "%s: an edge may have at most %s px", size, itoa(f.MaxEdge))
	case f.MinEdge > 0 && short < f.MinEdge:
		return refuse(FieldSize, "check.size.minedge", "%s: an edge must have at least %s px", size, itoa(f.MinEdge))
	case f.MultipleOf > 1 && (w%f.MultipleOf != 0 || h%f.MultipleOf != 0):
		return refuse(FieldSize, "check.size.multiple", "%s: both edges must be multiples of %s; the nearest is %s", size, itoa(f.MultipleOf), nearest(w, h, f.MultipleOf))
	case f.MaxRatio > 0 && float64(long) > f.MaxRatio*float64(short):
		return refuse(FieldSize, "check.size.ratio", "%s: the longer edge may be at most %s times the shorter one", size, strconv.FormatFloat(f.MaxRatio, 'g', 4, 64))
	case f.MinPixels > 0 && w*h < f.MinPixels:
		return refuse(FieldSize, "check.size.minpixels", "%s has %s pixels; at least %s are needed", size, itoa(w*h), itoa(f.MinPixels))
	case f.MaxPixels > 0 && w*h > f.MaxPixels:
		return refuse(FieldSize, "check.size.maxpixels", "%s has %s pixels; at most %s are allowed", size, itoa(w*h), itoa(f.MaxPixels))
	}
	return nil
}

func nearest(w, h, m int) string {
	round := func(n int) int { return max(m, (n+m/2)/m*m) }
	return fmt.Sprintf("%dx%d", round(w), round(h))
}

func itoa(n int) string { return strconv.Itoa(n) }

// refuse makes the error of a check. Every argument is a string (%s or %q), and
// is also there for the catalogue.
func refuse(field, word, format string, args ...string) *Error {
	anys := make([]any, len(args))
	for i, a := range args {
		anys[i] = a
	}
	return &Error{
		Op: OpCheck, Kind: Invalid, Fate: Unsent,
		Field: field, Word: word, Args: args,
		Message: fmt.Sprintf(format, anys...),
	}
}
