package backend

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	_ "image/gif"  // so that sizes can be read
	_ "image/jpeg" // so that sizes can be read
	_ "image/png"  // so that sizes can be read
	"io"
	"io/fs"
	"os"
	"path/filepath"

	_ "golang.org/x/image/webp" // so that sizes can be read
)

// Picture is what the first bytes of a file say: the bytes decide the type, not
// the name and not what was asked for.
type Picture struct {
	Type   string // png, jpeg, webp, gif; avif, heic, bmp, tiff are known by sight only
	Width  int    // 0 if not known
	Height int
}

// ErrNoPicture is the error for bytes that are no picture.
var ErrNoPicture = errors.New("not a picture")

// HeadSize is how many of the first bytes Sniff wants to see: enough for a JPEG
// with a large EXIF block before its size.
const HeadSize = 256 << 10

// Sniff reads the type and the size of a picture from its first bytes. It never
// decodes pixels.
func Sniff(head []byte) (Picture, error) {
	kind := TypeOf(head)
	if kind == "" {
		return Picture{}, ErrNoPicture
	}
	p := Picture{Type: kind}
	if c, _, err := image.DecodeConfig(bytes.NewReader(head)); err == nil {
		p.Width, p.Height = c.Width, c.Height
	}
	return p, nil
}

// TypeOf names the type of a picture by its magic bytes, "" for anything else.
func TypeOf(b []byte) string {
	has := func(at int, s string) bool { return len(b) >= at+len(s) && string(b[at:at+len(s)]) == s }
	switch {
	case has(0, "\x89PNG\r\n\x1a\n"):
		return "png"
	case has(0, "\xff\xd8\xff"):
		return "jpeg"
	case has(0, "RIFF") && has(8, "WEBP"):
		return "webp"
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return "gif"
	case has(4, "ftypavif"), has(4, "ftypavis"):
		return "avif"
	case has(4, "ftypheic"), has(4, "ftypheix"), has(4, "ftypmif1"):
		return "heic"
	case has(0, "II*\x00"), has(0, "MM\x00*"):
		return "tiff"
	case has(0, "BM") && len(b) > 14 && b[6] == 0 && b[7] == 0 && b[8] == 0 && b[9] == 0:
		return "bmp"
	}
	return ""
}

// Extension gives the ending of a file of the type: "png", "jpg", …
func Extension(kind string) string {
	if kind == "jpeg" {
		return "jpg"
	}
	return kind
}

// LookAt fills in what a local reference is: the absolute path, its weight,
// type, size in pixels and SHA-256. The error, of kind Invalid, says what is
// wrong with the file. A reference without a path comes back as it is.
func LookAt(ref Reference) (Reference, error) {
	if ref.Path == "" {
		return ref, nil
	}
	path, err := filepath.Abs(ref.Path)
	if err != nil {
		return ref, unread(ref.Path, err)
	}
	ref.Path = path
	st, err := os.Stat(path) // before it is opened: opening a named pipe waits for ever
	if err == nil && !st.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err != nil {
		return ref, unread(path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return ref, unread(path, err)
	}
	defer f.Close()
	head := make([]byte, min(st.Size(), HeadSize))
	if _, err := io.ReadFull(f, head); err != nil {
		return ref, unread(path, err)
	}
	p, err := Sniff(head)
	if err != nil {
		return ref, refuse(FieldReferences, "check.references.picture", "%s is not a picture", ref.Name())
	}
	sum := sha256.New()
	sum.Write(head)
	if _, err := io.Copy(sum, f); err != nil {
		return ref, unread(path, err)
	}
	ref.Bytes, ref.Type, ref.Width, ref.Height = st.Size(), p.Type, p.Width, p.Height
	ref.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return ref, nil
}

// unread is the error for a file that cannot be read.
func unread(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return refuse(FieldReferences, "check.references.absent", "%s: there is no such file", Clean(path))
	}
	why := err.Error()
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		why = pe.Err.Error() // without the path, which is said already
	}
	return refuse(FieldReferences, "check.references.missing", "%s: %s", Clean(path), Clean(why))
}
