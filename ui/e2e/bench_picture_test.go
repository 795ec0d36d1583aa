//go:build unix

package e2e

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/demo/paint"
	"easel/backend/task"
)

// hasPicture writes a history of one task, whose picture is m.
func (h *home) hasPicture(m image.Image) {
	h.t.Helper()
	path := filepath.Join(h.dir, "a.png")
	f, err := os.Create(path)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, m); err != nil {
		h.t.Fatal(err)
	}
	f.Close()
	at, b := time.Now().Add(-time.Minute), m.Bounds()
	line, err := json.Marshal(task.Record{
		V: 1, ID: "0000000000000001", State: backend.Done, Provider: "demo", Model: "easel-paint", Prompt: "a lighthouse",
		Count: 1, Created: at, Finished: at, References: []task.RecordReference{}, Options: map[string]string{},
		Files: []task.File{{Path: path, Width: b.Dx(), Height: b.Dy(), Format: "png", Bytes: 1}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	dir := filepath.Join(h.dir, "data", "easel")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "history.jsonl"), append(line, '\n'), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

func noise(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	rng := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			v := rng.Uint32()
			m.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255})
		}
	}
	return m
}

// pixels says whether a picture is in what was written: placeholders, or blocks
// that nothing else is drawn with.
func pixels(raw []byte) bool {
	return bytes.ContainsRune(raw, 0x10eeee) || bytes.ContainsAny(raw, "▚▞▙▟▛▜")
}

// BenchmarkPreview selects a task with a picture of 2048x2048 pixels that was not
// shown before: the time until its pixels are at the terminal (at most 250 ms),
// how long a key that is pressed meanwhile takes to the screen (at most 20 ms),
// and all the bytes (at most 400,000 in kitty, 60,000 as blocks).
func BenchmarkPreview(b *testing.B) {
	painted := paint.Paint(paint.Request{Plan: paint.Read("a lighthouse over a stormy sea, oil on canvas"), Width: 2048, Height: 2048})
	for name, art := range map[string]image.Image{"painted": painted, "noise": noise(2048, 2048)} {
		for _, way := range []string{"kitty", "blocks"} {
			b.Run(name+"/"+way, func(b *testing.B) {
				h := shippedHome(b)
				h.hasPicture(art)
				if way == "kitty" { // the emulator does not say that it is one
					h.config("pictures = \"kitty\"\n")
				}
				var took, keys, sent []float64
				for b.Loop() {
					for range 11 {
						t, k, n := previewed(h)
						took, keys, sent = append(took, milliseconds(t)), append(keys, k...), append(sent, float64(n))
					}
				}
				report(b, took, "ms-to-pixels")
				b.ReportMetric(median(keys), "ms/key")
				b.ReportMetric(quantile(keys, 0.95), "p95-ms/key")
				b.ReportMetric(quantile(keys, 1), "max-ms/key")
				b.ReportMetric(median(sent), "bytes")
			})
		}
	}
}

// previewed measures one start: until the pixels came, every key meanwhile, and
// the bytes.
func previewed(h *home) (took time.Duration, keys []float64, sent int64) {
	os.Remove(filepath.Join(h.dir, "data", "easel", "draft.json")) // of the run before
	x := h.studio(150, 41)
	x.WaitText("a lighthouse", "ctrl+g keys", "Describe a picture")
	x.wait("the fence", patience(), func() bool { return bytes.Contains(x.raw, []byte("\x1b[c")) })
	written := x.Bytes()
	begun := time.Now()
	x.Press("shift+tab")
	x.WaitText("Preview")
	x.Type("\x1b[<0;20;5M\x1b[<0;20;5m") // into the prompt: the picture stays
	var shown time.Time
	for typed := ""; shown.IsZero(); {
		typed += "a"
		pressed := time.Now()
		x.Type("a")
		at := x.wait("the key", 5*time.Second, func() bool {
			if shown.IsZero() && pixels(x.raw[written:]) {
				shown = x.read
			}
			return x.snapshot().Has("▌ " + typed)
		})
		if shown.IsZero() || shown.After(pressed) {
			keys = append(keys, milliseconds(at.Sub(pressed)))
		}
		time.Sleep(7 * time.Millisecond) // as fast as keys repeat, and faster
		if strings.HasSuffix(typed, strings.Repeat("a", 200)) {
			h.t.Fatal("no picture")
		}
	}
	x.wait("the rest", patience(), func() bool { return x.snapshot().Has("a.png") })
	time.Sleep(50 * time.Millisecond)
	sent = x.Bytes() - written
	x.Kill()
	return shown.Sub(begun), keys, sent
}
