package wire

import (
	"encoding/base64"
	"io"
	"net/url"
	"strings"

	"easel/backend"
)

// Inline reads a picture that stands in an answer itself: a data URI, or bare
// base64. ok is false for what is neither, such as an address.
func Inline(text string) (data []byte, ok bool) {
	if rest, found := cutPrefixFold(text, "data:"); found {
		head, body, found := strings.Cut(rest, ",")
		if !found {
			return nil, false
		}
		if strings.HasSuffix(strings.ToLower(strings.TrimSpace(head)), ";base64") {
			return decode64(body)
		}
		plain, err := url.PathUnescape(body)
		return []byte(plain), err == nil
	}
	if len(text) < 8 || strings.Contains(text[:min(len(text), 16)], ":") {
		return nil, false
	}
	return decode64(text)
}

// IsInline says whether a text is a data URI.
func IsInline(text string) bool {
	_, ok := cutPrefixFold(text, "data:")
	return ok
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// decode64 reads base64 of either alphabet, with or without padding and line
// breaks.
func decode64(text string) ([]byte, bool) {
	if data, err := base64.StdEncoding.DecodeString(text); err == nil { // skips line breaks
		return data, len(data) > 0
	}
	text = strings.TrimRight(strings.Map(func(r rune) rune {
		switch r {
		case '-':
			return '+'
		case '_':
			return '/'
		case ' ', '\t', '\r', '\n':
			return -1
		}
		return r
	}, text), "=")
	data, err := base64.RawStdEncoding.DecodeString(text)
	return data, err == nil && len(data) > 0
}

// Write writes a picture that was inline, under the rules of a download.
func Write(data []byte, w io.Writer) error {
	e := &backend.Error{Op: backend.OpFetch}
	switch {
	case len(data) > backend.MaxPicture:
		e.Final = true
		return say(e, "", backend.Garbled, "fetch.endless", "the picture has more than %s MB", megabytes(backend.MaxPicture))
	case backend.TypeOf(data) == "":
		return say(e, "", backend.Garbled, "fetch.other", "no picture, but: %s", short(string(data[:min(len(data), 120)])))
	}
	if _, err := w.Write(data); err != nil {
		return unwritten(err)
	}
	return nil
}
