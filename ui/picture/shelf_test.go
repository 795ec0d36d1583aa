package picture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func pictureFile(t testing.TB, dir, name string, w, h int) string {
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, plainPNG(t, painted(w, h)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func thumbFiles(t *testing.T, dir string) (n int) {
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil
	})
	return n
}

func TestThumbComesFromMemoryThenDiskThenTheFile(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	cache := filepath.Join(dir, "cache")
	path := pictureFile(t, dir, "a.png", 1000, 500)
	s := NewShelf(cache, 1<<20)
	img, err := s.Thumb(ctx, path)
	if err != nil || img.Rect.Dx() != 320 || img.Rect.Dy() != 160 {
		t.Fatal(img, err)
	}
	if again, _ := s.Thumb(ctx, path); again != img {
		t.Error("not from memory")
	}
	if thumbFiles(t, cache) != 1 {
		t.Error("not on disk")
	}
	// Another easel reads it from there: the picture itself may be broken since.
	st, _ := os.Stat(path)
	os.WriteFile(path, make([]byte, st.Size()), 0o600)
	os.Chtimes(path, st.ModTime(), st.ModTime())
	if img, err := NewShelf(cache, 1<<20).Thumb(ctx, path); err != nil || img.Rect.Dx() != 320 {
		t.Errorf("not from disk: %v", err)
	}
	// A file that changed gets a new one.
	os.Chtimes(path, st.ModTime(), st.ModTime().Add(time.Second))
	if _, err := s.Thumb(ctx, path); err == nil {
		t.Error("the thumbnail of a file that changed")
	}
	// And a cache that is away is made again.
	os.RemoveAll(cache)
	pictureFile(t, dir, "a.png", 10, 10)
	if img, err := s.Thumb(ctx, path); err != nil || img.Rect.Dx() != 10 {
		t.Error(err)
	}
}

// What one can see through in a picture, one can in its thumbnail, also when that
// comes from disk: what is behind it is the terminal's.
func TestThumbOfAPictureToSeeThrough(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	m := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := 0; i < len(m.Pix)/2; i += 4 {
		copy(m.Pix[i:], []byte{200, 100, 50, 255})
	}
	path := filepath.Join(dir, "a.png")
	if err := os.WriteFile(path, encodePNG(t, m), 0o600); err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(dir, "cache")
	for _, from := range []string{"the file", "disk"} {
		img, err := NewShelf(cache, 1<<20).Thumb(ctx, path)
		if err != nil {
			t.Fatal(from, err)
		}
		if got := img.RGBAAt(5, 60).A; got != 0 {
			t.Errorf("from %s, what is clear has an alpha of %d", from, got)
		}
		if got := img.RGBAAt(5, 5); got.A != 255 || got.R < 190 {
			t.Errorf("from %s, what is there is %v", from, got)
		}
	}
	if thumbFiles(t, cache) != 1 {
		t.Error("not on disk")
	}
}

func TestShelfForgetsTheOldest(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := NewShelf("", 10*(4*320*320+200))
	for i := range 30 {
		if _, err := s.Thumb(ctx, pictureFile(t, dir, fmt.Sprint(i), 320, 320)); err != nil {
			t.Fatal(err)
		}
	}
	if s.bytes > s.most || s.ordered.Len() != 10 || len(s.byKey) != 10 {
		t.Errorf("%d bytes in %d pictures", s.bytes, s.ordered.Len())
	}
	if _, err := s.Thumb(ctx, filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestThumbThatNobodyWaitsForIsNoFault(t *testing.T) {
	dir := t.TempDir()
	path := pictureFile(t, dir, "a.png", 640, 640)
	s := NewShelf("", 1<<20)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Thumb(ctx, path); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := s.Thumb(context.Background(), path); err != nil {
		t.Errorf("the cancelled try was remembered: %v", err)
	}
}

func TestShelfIsForSeveral(t *testing.T) {
	dir := t.TempDir()
	path := pictureFile(t, dir, "a.png", 640, 640)
	s := NewShelf(filepath.Join(dir, "c"), 1<<20)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.Thumb(context.Background(), path); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
