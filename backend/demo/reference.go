package demo

import (
	"bytes"
	"encoding/base64"
	"hash/fnv"
	"image"
	_ "image/gif"  // references
	_ "image/jpeg" // references
	_ "image/png"  // references
	"net/url"
	"path"
	"strings"

	_ "golang.org/x/image/webp" // references

	"easel/backend/demo/paint"
)

// maxRefPixels keeps a small file that claims to be huge from taking the memory.
const maxRefPixels = 50_000_000

// look puts the colours of the references into the plan: all that a task keeps
// of them. It gives the shape of the first.
func (a ask) look(m model, p *paint.Plan) (first size, err error) {
	if len(a.Images) > m.references {
		return size{}, invalid("images: %s takes at most %d", m.id, m.references)
	}
	for i, text := range a.Images {
		colours, s, err := lookAt(text)
		if err != nil {
			return size{}, err
		}
		if i == 0 {
			first = s
		}
		p.Mix(colours)
	}
	return first, nil
}

// lookAt gives the colours of one reference. The demo never fetches: of an
// address it knows the text, and of a picture of its own the task.
func lookAt(text string) ([]paint.RGB, size, error) {
	if rest, ok := strings.CutPrefix(text, "data:"); ok {
		return lookInto(rest)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, size{}, invalid("images: not an http address and not a data URI")
	}
	if t, err := readTicket(path.Base(path.Dir(u.Path))); err == nil {
		return paint.Colours(paint.Paint(paint.Request{Plan: t.plan, Width: 64, Height: 64})), t.size, nil
	}
	h := fnv.New64a()
	h.Write([]byte(text))
	p := paint.Plan{Seed: h.Sum64()}
	return paint.Colours(paint.Paint(paint.Request{Plan: p, Width: 64, Height: 64})), size{}, nil
}

func lookInto(rest string) ([]paint.RGB, size, error) {
	head, data, ok := strings.Cut(rest, ",")
	if !ok || !strings.HasPrefix(head, "image/") || !strings.HasSuffix(head, ";base64") {
		return nil, size{}, invalid("images: a data URI must be data:image/…;base64,…")
	}
	b, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return nil, size{}, invalid("images: the base64 of a data URI cannot be read")
	}
	if len(b) > maxRef {
		return nil, size{}, invalid("images: a reference may weigh at most 10 MB")
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, size{}, invalid("images: a reference is not a picture (png, jpeg, webp, gif)")
	}
	if c.Width*c.Height > maxRefPixels {
		return nil, size{}, invalid("images: a reference of %d x %d pixels is too large", c.Width, c.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, size{}, invalid("images: a reference cannot be decoded")
	}
	return paint.Colours(img), size{c.Width, c.Height}, nil
}
