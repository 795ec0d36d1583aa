package ui

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi/kitty"

	"easel/backend/demo/paint"
	"easel/backend/task"
	"easel/ui/picture"
)

// BenchmarkPreview selects a task with a picture of 2048 x 2048 pixels: the time
// until its pixels are at the terminal (at most 250 ms), how long keys that are
// typed meanwhile take there (at most 20 ms), and the bytes.
func BenchmarkPreview(b *testing.B) {
	art := writePNG(b, filepath.Join(b.TempDir(), "a.png"), paint.Paint(paint.Request{Plan: paint.Read("a lighthouse over a stormy sea, oil on canvas"), Width: 2048, Height: 2048}))
	for _, c := range []struct {
		way  picture.Way
		most int
	}{{picture.Kitty, 40_000}, {picture.Blocks, 8_000}} {
		b.Run(string(c.way), func(b *testing.B) {
			var pixels, keys []time.Duration
			bytes := 0
			for b.Loop() {
				m := benchModel(b, "en", 0, "a red cube")
				m.facts.Load(nil, []task.Record{saved(0, "a lighthouse", 2048, 2048, art)})
				p, out, stop := play(b, m, tea.WithColorProfile(colorprofile.TrueColor))
				p.Send(tea.WindowSizeMsg{Width: 150, Height: 41})
				if c.way == picture.Kitty {
					p.Send(uv.KittyGraphicsEvent{Options: kitty.Options{ID: 31}, Payload: []byte("OK")})
				}
				p.Send(uv.CellSizeEvent{Width: 10, Height: 20})
				time.Sleep(100 * time.Millisecond) // until that is drawn
				p.Send(key_("shift+tab"))
				p.Send(key_("esc"))
				at, before := time.Now(), out.count()
				for shown := false; !shown; {
					select {
					case <-out.wrote:
					default:
					}
					pressed := time.Now()
					p.Send(tea.KeyPressMsg{Code: 'a', Text: "a"})
					<-out.wrote
					keys = append(keys, time.Since(pressed))
					if shown = out.count()-before > c.most; shown {
						pixels = append(pixels, time.Since(at))
					}
					time.Sleep(10 * time.Millisecond)
				}
				time.Sleep(50 * time.Millisecond)
				bytes = out.count() - before
				stop()
			}
			slices.Sort(pixels)
			slices.Sort(keys)
			b.ReportMetric(float64(pixels[len(pixels)/2].Milliseconds()), "ms-to-pixels")
			b.ReportMetric(float64(keys[len(keys)/2].Microseconds())/1000, "ms-key-p50")
			b.ReportMetric(float64(keys[len(keys)*99/100].Microseconds())/1000, "ms-key-p99")
			b.ReportMetric(float64(bytes), "bytes")
		})
	}
}
