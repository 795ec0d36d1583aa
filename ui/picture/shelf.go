package picture

import (
	"bytes"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// ThumbEdge is the longer edge of a thumbnail in pixels: enough for 20 cells of
// a screen with large characters.
const ThumbEdge = 320

// Shelf keeps small pictures: the last ones in memory, all of them on disk,
// where they may be deleted at any time. It may be used from several
// goroutines. No more than Workers pictures are decoded at a time, for each may
// take 300 MB while it is.
type Shelf struct {
	dir     string
	disk    *disk
	decode  chan struct{}
	mu      sync.Mutex
	bytes   int
	most    int
	byKey   map[string]*list.Element
	ordered *list.List // the last used first
}

type shelved struct {
	key string
	img *image.RGBA
	err error // why there is no picture: asked again, it is still so
}

// Workers is how many pictures are decoded at a time.
const Workers = 1

// NewShelf keeps at most memory bytes of pixels in memory, and files in dir,
// which is made when the first is written; "" keeps none on disk.
func NewShelf(dir string, memory int) *Shelf {
	return &Shelf{
		dir: dir, disk: newDisk(), most: memory,
		decode: make(chan struct{}, Workers),
		byKey:  map[string]*list.Element{}, ordered: list.New(),
	}
}

// OpenWith has files opened in another way, before the first is: as a test does
// that has a disk which does not answer.
func (s *Shelf) OpenWith(open func(path string) (Source, error)) { s.disk.open = open }

// Thumb gives the thumbnail of the picture in a file: from memory, else from
// disk, else made of the file. It belongs to the file as it was when it was
// last written; a changed file gets a new one.
func (s *Shelf) Thumb(ctx context.Context, path string) (*image.RGBA, error) {
	st, err := s.disk.look(ctx, path)
	if err != nil {
		return nil, err
	}
	key := keyOf(path, st)
	if e, ok := s.recall(key); ok {
		return e.img, e.err
	}
	if img, err := s.read(ctx, key); err == nil {
		s.keep(key, img, nil)
		return img, nil
	}
	img, err := s.make(ctx, path)
	if ctx.Err() != nil {
		return nil, ctx.Err() // nobody waits: that says nothing of the file
	}
	if errors.As(err, &Slow{}) {
		return nil, err // nor does that
	}
	s.keep(key, img, err)
	if err == nil {
		s.write(key, img)
	}
	return img, err
}

func (s *Shelf) make(ctx context.Context, path string) (*image.RGBA, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.leave()
	img, err := s.disk.load(ctx, path)
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > ThumbEdge {
		w, h = max(1, w*ThumbEdge/long), max(1, h*ThumbEdge/long)
	}
	return Scale(ctx, img, w, h)
}

// enter waits until a picture may be decoded; leave must follow, unless it fails.
func (s *Shelf) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.decode <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Shelf) leave() { <-s.decode }

// keyOf names the thumbnail of a file as it is now.
func keyOf(path string, st fs.FileInfo) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%d", path, st.Size(), st.ModTime().UnixNano()))
	return hex.EncodeToString(sum[:16])
}

func (s *Shelf) recall(key string) (*shelved, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byKey[key]
	if !ok {
		return nil, false
	}
	s.ordered.MoveToFront(e)
	return e.Value.(*shelved), true
}

func (s *Shelf) keep(key string, img *image.RGBA, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.byKey[key]; ok {
		return
	}
	s.byKey[key] = s.ordered.PushFront(&shelved{key, img, err})
	s.bytes += weight(img)
	for s.bytes > s.most && s.ordered.Len() > 1 {
		last := s.ordered.Remove(s.ordered.Back()).(*shelved)
		delete(s.byKey, last.key)
		s.bytes -= weight(last.img)
	}
}

func weight(img *image.RGBA) int {
	if img == nil {
		return 200
	}
	return len(img.Pix) + 200
}

func (s *Shelf) file(key, ending string) string { return filepath.Join(s.dir, key[:2], key+ending) }

func (s *Shelf) read(ctx context.Context, key string) (*image.RGBA, error) {
	if s.dir == "" {
		return nil, os.ErrNotExist
	}
	data, err := os.ReadFile(s.file(key, ".jpg"))
	if err != nil {
		data, err = os.ReadFile(s.file(key, ".png"))
	}
	if err != nil {
		return nil, err
	}
	img, err := Decode(ctx, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return toRGBA(img), nil
}

// write puts a thumbnail on disk: as a JPEG, or, where one can see through it, as
// a PNG, for what is behind it is the terminal's. That it could not is no harm: it
// is made again.
func (s *Shelf) write(key string, img *image.RGBA) {
	if s.dir == "" {
		return
	}
	var b bytes.Buffer
	name, err := s.file(key, ".jpg"), error(nil)
	if img.Opaque() {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 85})
	} else {
		name, err = s.file(key, ".png"), png.Encode(&b, img)
	}
	if err != nil {
		return
	}
	if os.MkdirAll(filepath.Dir(name), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".thumb-*")
	if err != nil {
		return
	}
	_, err = f.Write(b.Bytes())
	if f.Close() != nil || err != nil || os.Rename(f.Name(), name) != nil {
		os.Remove(f.Name())
	}
}
