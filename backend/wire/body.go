package wire

import (
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strings"
)

// Body is the body of a request in parts, so that files are streamed and never
// held in memory as a whole.
type Body struct {
	Type  string // Content-Type
	Parts []Part
}

// Part is text, or a file as it is or in base64.
type Part struct {
	Text   string
	File   string // a path; "" for text
	Base64 bool
}

// open gives a reader of the whole body and its length. All files are open
// then: what is missing is found before anything is sent.
func (b *Body) open(touch func()) (io.ReadCloser, int64, error) {
	if b == nil {
		return nil, 0, nil
	}
	s := &stream{}
	for _, p := range b.Parts {
		if p.File == "" {
			s.readers = append(s.readers, strings.NewReader(p.Text))
			s.length += int64(len(p.Text))
			continue
		}
		if err := s.file(p); err != nil {
			s.Close()
			return nil, 0, err
		}
	}
	s.Reader = &touching{io.MultiReader(s.readers...), touch}
	return s, s.length, nil
}

type stream struct {
	io.Reader
	readers []io.Reader
	files   []*os.File
	length  int64
}

func (s *stream) file(p Part) error {
	f, err := os.Open(p.File)
	if err != nil {
		return err
	}
	s.files = append(s.files, f)
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", p.File)
	}
	size := st.Size()
	var r io.Reader = io.LimitReader(f, size) // as long as it was when its length was told
	if p.Base64 {
		r, size = &encoding{from: r}, int64(base64.StdEncoding.EncodedLen(int(size)))
	}
	s.readers, s.length = append(s.readers, r), s.length+size
	return nil
}

// Close closes the files.
func (s *stream) Close() error {
	for _, f := range s.files {
		f.Close()
	}
	s.files = nil
	return nil
}

// encoding reads bytes as base64.
type encoding struct {
	from io.Reader
	raw  [3 << 10]byte
	out  [4 << 10]byte
	left []byte
	err  error
}

func (e *encoding) Read(p []byte) (int, error) {
	if len(e.left) == 0 {
		if e.err != nil {
			return 0, e.err
		}
		n, err := io.ReadFull(e.from, e.raw[:])
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		e.err = err
		base64.StdEncoding.Encode(e.out[:], e.raw[:n])
		e.left = e.out[:base64.StdEncoding.EncodedLen(n)]
	}
	n := copy(p, e.left)
	e.left = e.left[n:]
	return n, nil
}
