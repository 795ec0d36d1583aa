package demo

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"time"

	"easel/backend/demo/paint"
)

// extension is the ending of the task's files.
func (t ticket) extension() string { return []string{"png", "jpg"}[t.format] }

// result paints a picture and serves it as a file. It is painted when it is
// asked for, one at a time, and not kept: the same id gives the same bytes.
func (s *studio) result(w http.ResponseWriter, r *http.Request) {
	t, err := readTicket(r.PathValue("id"))
	number, ok := strings.CutSuffix(r.PathValue("name"), "."+t.extension())
	n, wrong := strconv.Atoi(number)
	if err != nil || !ok || wrong != nil || n < 1 || n > t.count || t.at(s.elapsed(t)).status != "succeeded" {
		refuse(w, &refusal{http.StatusNotFound, "not_found", "there is no such result"})
		return
	}
	torn := s.torn(t)
	if torn == tornHTML {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte("<!doctype html><title>502</title><h1>Bad gateway</h1>\n"))
		return
	}
	data := s.paint(r.Context(), t, n-1)
	if data == nil {
		return
	}
	if torn == tornCut {
		w.Header().Set("Content-Type", "image/"+formats[t.format])
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		w.Write(data[:len(data)/2])
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "image/"+formats[t.format])
	http.ServeContent(w, r, "", t.start, bytes.NewReader(data))
}

const (
	tornCut = iota + 1
	tornHTML
)

// torn says what is wrong with a result that was asked for to be wrong: cut for
// the first seconds, then HTML, then nothing.
func (s *studio) torn(t ticket) int {
	if t.fault&faultTorn == 0 {
		return 0
	}
	_, total := t.takes()
	switch since := s.elapsed(t) - total; {
	case since < 4*time.Second:
		return tornCut
	case since < 9*time.Second:
		return tornHTML
	}
	return 0
}

// paint waits for the brush and paints a file; nil if nobody wants it any more.
func (s *studio) paint(ctx context.Context, t ticket, index int) []byte {
	select {
	case s.brush <- struct{}{}:
		defer func() { <-s.brush }()
		return t.file(index)
	case <-ctx.Done():
		return nil
	}
}

// file paints result number index, as the bytes of a file.
func (t ticket) file(index int) []byte {
	img := paint.Paint(paint.Request{
		Plan: t.plan, Width: t.size.w, Height: t.size.h, Index: index,
		Quality: paint.Quality(t.quality), Sketch: models[t.model].sketch,
	})
	return encode(img, formats[t.format])
}

// encode cannot fail: it writes to memory, and the sizes are small.
func encode(img image.Image, format string) []byte {
	var b bytes.Buffer
	if format == "jpeg" {
		jpeg.Encode(&b, img, &jpeg.Options{Quality: 92})
	} else {
		(&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	}
	return b.Bytes()
}
