package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"easel/backend"
	"easel/backend/demo/paint"
)

const (
	maxCount  = 4
	maxPrompt = 100_000  // characters
	maxBody   = 64 << 20 // bytes: four references of 10 MB in base64
	maxRef    = 10 << 20 // bytes of one reference
)

// ask is the body of a submit; see the comment of assets/recipes/demo.toml.
type ask struct {
	Model       string   `json:"model"`
	Prompt      string   `json:"prompt"`
	Size        string   `json:"size"`
	AspectRatio string   `json:"aspect_ratio"`
	Quality     string   `json:"quality"`
	Format      string   `json:"output_format"`
	N           *int     `json:"n"`
	Images      []string `json:"images"`
}

// refusal is an answer that is not 2xx.
type refusal struct {
	status        int
	code, message string
}

func (r *refusal) Error() string { return r.message }

func invalid(format string, args ...any) error {
	return &refusal{http.StatusBadRequest, "invalid_request", fmt.Sprintf(format, args...)}
}

// readAsk reads a submit as strictly as a provider that has had enough: an
// unknown field is an error.
func readAsk(r *http.Request) (ask, error) {
	var a ask
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		return a, &refusal{http.StatusUnsupportedMediaType, "invalid_request", "the body must be application/json"}
	}
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return a, &refusal{http.StatusRequestEntityTooLarge, "invalid_request", "the body is larger than 64 MB"}
		}
		return a, invalid("the body cannot be read: %s", backend.Clean(err.Error()))
	}
	if _, err := d.Token(); err != io.EOF {
		return a, invalid("something follows the JSON object of the body")
	}
	return a, nil
}

// ticket judges a submit and makes the task of it; its start is not set.
func (a ask) ticket() (ticket, error) {
	t := ticket{model: findModel(a.Model), count: 1, quality: 1, salt: uint16(rand.Uint32())}
	if t.model < 0 {
		return t, invalid("there is no model %q", backend.Clean(a.Model))
	}
	switch n := utf8.RuneCountInString(a.Prompt); {
	case strings.TrimSpace(a.Prompt) == "":
		return t, invalid("prompt is required")
	case n > maxPrompt:
		return t, invalid("prompt has %d characters; at most %d are allowed", n, maxPrompt)
	}
	if a.N != nil {
		t.count = *a.N
	}
	if t.count < 1 || t.count > maxCount {
		return t, invalid("n must be 1 to %d", maxCount)
	}
	var ok bool
	if t.quality, ok = choose(a.Quality, qualities, 1); !ok || (a.Quality != "" && models[t.model].sketch) {
		return t, invalid("quality %q is not allowed for %s", backend.Clean(a.Quality), a.Model)
	}
	if t.format, ok = choose(a.Format, formats, 0); !ok {
		return t, invalid("output_format must be one of: %s", strings.Join(formats, " "))
	}
	var prompt string
	prompt, t.fault = readWords(a.Prompt)
	t.plan = paint.Read(prompt)
	first, err := a.look(models[t.model], &t.plan)
	if err != nil {
		return t, err
	}
	t.size, err = a.pixels(models[t.model], t.plan, first)
	return t, err
}

// choose finds a value in a list, or takes the default for none.
func choose(value string, list []string, or int) (int, bool) {
	if value == "" {
		return or, true
	}
	i := slices.Index(list, value)
	return max(i, 0), i >= 0
}

// pixels gives the size of the picture; first is the shape of the first
// reference, which auto follows.
func (a ask) pixels(m model, p paint.Plan, first size) (size, error) {
	if len(m.sizes) > 0 {
		w, h, ok := backend.ParsePixels(a.Size)
		switch s := (size{w, h}); {
		case a.AspectRatio != "":
			return size{}, invalid("%s takes size, not aspect_ratio", m.id)
		case !ok || a.Size != strconv.Itoa(w)+"x"+strconv.Itoa(h) || !slices.Contains(m.sizes, s):
			return size{}, invalid("size %q is not supported by %s", backend.Clean(a.Size), m.id)
		default:
			return s, nil
		}
	}
	edge, ok := tiers[a.Size]
	switch {
	case !slices.Contains(m.ratios, a.AspectRatio):
		return size{}, invalid("aspect_ratio must be one of: %s", strings.Join(m.ratios, " "))
	case !ok:
		return size{}, invalid("size must be one of: 0.5K 1K")
	}
	w, h, ok := backend.ParseRatio(a.AspectRatio)
	if !ok {
		w, h = p.Shape()
		if first.w > 0 {
			w, h = min(max(float64(first.w)/float64(first.h), 0.5), 2), 1
		}
	}
	return pixels(edge, w, h), nil
}
