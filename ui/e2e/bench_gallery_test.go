//go:build unix

package e2e

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"easel/backend/demo/paint"
)

// A history to look through: so many entries, of which the last have pictures.
const (
	galleryEntries  = 100_000
	galleryPictures = 640
)

// galleryHome is a home with such a history. The pictures are files of their
// own, for a thumbnail each; only some are painted, the others are links.
func galleryHome(b *testing.B) *home {
	b.Helper()
	h := shippedHome(b)
	dir := filepath.Join(h.dir, "Pictures", "easel", "2025-01-01")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	const painted = 16
	for i := range painted {
		m := paint.Paint(paint.Request{Plan: paint.Read(fmt.Sprintf("a lighthouse over a stormy sea, take %d", i)), Width: 1024, Height: 768})
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%d.png", i)))
		if err != nil {
			b.Fatal(err)
		}
		if err := png.Encode(f, m); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
	for i := painted; i < galleryPictures; i++ {
		if err := os.Link(filepath.Join(dir, fmt.Sprintf("%d.png", i%painted)), filepath.Join(dir, fmt.Sprintf("%d.png", i))); err != nil {
			b.Fatal(err)
		}
	}
	writeHistory(b, h, galleryEntries, func(i int) string {
		return filepath.Join(dir, fmt.Sprintf("%d.png", (galleryEntries-1-i)%galleryPictures))
	})
	return h
}

var numbered = regexp.MustCompile(`number (\d+):`)

// page gives the first entry in sight, and whether every thumbnail is there: one
// that is not has three dots in its place.
func (s Screen) page() (first int, whole bool) {
	whole = true
	for y, row := range s.Lines {
		if m := numbered.FindStringSubmatch(row); m != nil && first == 0 {
			first, _ = strconv.Atoi(m[1])
		}
		if y > 2 && waiting.MatchString(row) {
			whole = false
		}
	}
	return first, whole && first > 0 && s.Has("entries") // and not the list of tasks
}

// waiting is the middle of a thumbnail that is not there yet: dots with nothing
// around.
var waiting = regexp.MustCompile(`   …(  |$)`)

// pageTo waits until the page that begins with an entry is on the screen, words
// and pictures, and gives when.
func (x *Terminal) pageTo(first int) time.Time {
	return x.wait(fmt.Sprintf("the page from %d on", first), patience(), func() bool {
		at, whole := x.snapshot().page()
		return at == first && whole
	})
}

// BenchmarkGalleryOpen is the time from the key to the first frame of the
// gallery, with the newest entries, at 100,000 of them (at most 100 ms), and to
// the pictures, when their thumbnails are on the disk.
func BenchmarkGalleryOpen(b *testing.B) {
	h := galleryHome(b)
	var frames, pictures []float64
	for b.Loop() {
		for i := range 12 {
			x := h.studio(120, 40)
			x.WaitText("ctrl+g keys")
			time.Sleep(300 * time.Millisecond)
			pressed := time.Now()
			x.Press("ctrl+t")
			frame := x.wait("the first frame", patience(), func() bool { return x.snapshot().Has("entries", fmt.Sprintf("number %d:", galleryEntries-1)) })
			whole := x.pageTo(galleryEntries - 1)
			if i > 0 { // the first makes the thumbnails
				frames = append(frames, milliseconds(frame.Sub(pressed)))
				pictures = append(pictures, milliseconds(whole.Sub(pressed)))
			}
			x.Kill()
		}
	}
	report(b, frames, "ms/frame")
	report(b, pictures, "ms/pictures")
}

// BenchmarkGalleryPage is the time from the key to the next page, words and
// pictures (at most 33 ms), for a person who looks at each for half a second:
// where the thumbnails are on the disk, and where they have to be made; and the
// memory when 500 thumbnails were seen at 100,000 entries (at most 150 MB).
func BenchmarkGalleryPage(b *testing.B) {
	h := galleryHome(b)
	for _, name := range []string{"made", "cached"} { // in this order
		b.Run(name, func(b *testing.B) {
			var took, held []float64
			for b.Loop() {
				x := h.studio(200, 50)
				x.WaitText("ctrl+g keys")
				x.Press("ctrl+t")
				x.pageTo(galleryEntries - 1)
				time.Sleep(2 * time.Second)
				const page = 20 // thumbnails
				for i := 1; i <= 500/page; i++ {
					pressed := time.Now()
					x.Press("pgdown")
					at := x.pageTo(galleryEntries - 1 - i*page)
					took = append(took, milliseconds(at.Sub(pressed)))
					time.Sleep(500 * time.Millisecond)
				}
				time.Sleep(2 * time.Second)
				held = append(held, memory(b, x.cmd.Process.Pid)/1e6)
				x.Kill()
			}
			report(b, took, "ms/page")
			report(b, held, "MB")
		})
	}
}
