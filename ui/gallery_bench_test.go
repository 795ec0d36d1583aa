package ui

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi/kitty"

	"easel/backend/demo/paint"
	"easel/ui/picture"
)

// large is a studio with a gallery of 100,000 entries with 600 pictures among
// them, whose thumbnails are on the disk.
func large(b *testing.B) *model {
	b.Helper()
	const entries, pictures, painted = 100_000, 600, 12
	m := benchModel(b, "en", 0, "")
	h := m.cfg.History.(*fakeHistory)
	h.records = nil
	x := h.open()
	dir := b.TempDir()
	m.cfg.Thumbs = filepath.Join(dir, "thumbs")
	cache := picture.NewShelf(m.cfg.Thumbs, thumbs)
	paths := make([]string, pictures)
	for i := range paths {
		paths[i] = filepath.Join(dir, fmt.Sprint(i, ".png"))
		if i < painted {
			plan := paint.Read(fmt.Sprintf("a lighthouse over a stormy sea, take %d", i))
			writePNG(b, paths[i], paint.Paint(paint.Request{Plan: plan, Width: 640, Height: 480}))
		} else if err := os.Link(paths[i%painted], paths[i]); err != nil {
			b.Fatal(err)
		}
		if _, err := cache.Thumb(b.Context(), paths[i]); err != nil {
			b.Fatal(err)
		}
	}
	again := newModel(m.cfg, time.Now, past{})
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range entries {
		r := saved(0, fmt.Sprintf("number %d: a lighthouse over a stormy sea, oil on canvas", i), 640, 480, paths[i%pictures])
		r.ID = fmt.Sprintf("a%06d", i)
		line, err := json.Marshal(r)
		if err != nil {
			b.Fatal(err)
		}
		x.Add(line, int64(len(h.lines)))
		h.lines = append(h.lines, line)
	}
	return again
}

// BenchmarkGalleryScroll is what a step of the wheel, and a key that moves, cost
// with all that is drawn for it, at 100,000 entries.
func BenchmarkGalleryScroll(b *testing.B) {
	m := large(b)
	p, _, stop := play(b, m, tea.WithColorProfile(colorprofile.TrueColor), tea.WithWindowSize(200, 50))
	p.Send(key_("ctrl+t"))
	time.Sleep(2 * time.Second)
	stop()
	for name, msg := range map[string]tea.Msg{
		"wheel": tea.MouseWheelMsg{X: 30, Y: 10, Button: tea.MouseWheelDown}, "page": key_("pgdown"), "down": key_("down"),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if i%3000 == 2999 {
					m.Update(key_("g"))
				}
				m.Update(msg)
				_ = m.View()
			}
		})
	}
}

// BenchmarkGalleryNext is the time from the key until the last byte of the next
// page is written, words and pictures, by the renderer that people get, for a
// person who looks at each for 300 ms (at most 33 ms); and how much that is.
func BenchmarkGalleryNext(b *testing.B) {
	for _, way := range []picture.Way{picture.Blocks, picture.Kitty} {
		b.Run(string(way), func(b *testing.B) {
			m := large(b)
			p, out, stop := play(b, m, tea.WithColorProfile(colorprofile.TrueColor), tea.WithWindowSize(200, 50))
			defer stop()
			if way == picture.Kitty {
				p.Send(uv.KittyGraphicsEvent{Options: kitty.Options{ID: 31}, Payload: []byte("OK")})
				p.Send(uv.CellSizeEvent{Width: 10, Height: 20})
			}
			p.Send(key_("ctrl+t"))
			time.Sleep(2 * time.Second)
			var took []time.Duration
			pages, bytes := 0, 0
			for b.Loop() {
				before, at := out.count(), time.Now()
				p.Send(key_("pgdown"))
				last, n := at, before
				for quiet := time.Duration(0); quiet < 150*time.Millisecond; quiet = time.Since(last) {
					if now := out.count(); now != n {
						last, n = time.Now(), now
					}
					time.Sleep(500 * time.Microsecond)
				}
				took = append(took, last.Sub(at))
				pages, bytes = pages+1, bytes+n-before
				time.Sleep(150 * time.Millisecond)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(took[len(took)*9/10].Microseconds())/1000, "ms-p90")
			b.ReportMetric(float64(bytes)/float64(pages), "B/page")
		})
	}
}
