package picture

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// files are pictures of 32 x 24 pixels in every format, whose quarters are red,
// green, blue and yellow.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	all, err := filepath.Glob("testdata/files/*")
	if err != nil || len(all) < 12 {
		t.Fatal(all, err)
	}
	out := map[string][]byte{}
	for _, path := range all {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(path)] = data
	}
	return out
}

var four = [2][2]color.RGBA{{{220, 40, 40, 255}, {40, 200, 60, 255}}, {{40, 60, 210, 255}, {230, 210, 50, 255}}}

func near(a, b color.Color, most int) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	for _, d := range [3]int{int(r1>>8) - int(r2>>8), int(g1>>8) - int(g2>>8), int(b1>>8) - int(b2>>8)} {
		if max(d, -d) > most {
			return false
		}
	}
	return true
}

// upright fails if the quarters do not have their colours.
func upright(t *testing.T, img image.Image, most int) {
	t.Helper()
	b := img.Bounds()
	for y := range 2 {
		for x := range 2 {
			at := b.Min.Add(image.Pt((2*x+1)*b.Dx()/4, (2*y+1)*b.Dy()/4))
			if got := img.At(at.X, at.Y); !near(got, four[y][x], most) {
				t.Errorf("quarter %d %d is %v, want %v", x, y, got, four[y][x])
			}
		}
	}
}

func TestEveryFormatIsShown(t *testing.T) {
	for name, data := range files(t) {
		img, err := Decode(context.Background(), bytes.NewReader(data))
		if name == "animated.webp" {
			if err == nil {
				t.Error("an animated WebP is decoded now: show its first frame")
			}
			continue
		}
		if err != nil || img.Bounds().Dx() != 32 || img.Bounds().Dy() != 24 {
			t.Errorf("%s: %v %v", name, img, err)
			continue
		}
		switch strings.TrimSuffix(name, filepath.Ext(name)) {
		case "gray":
			r, g, b, _ := img.At(4, 4).RGBA()
			if r != g || g != b {
				t.Errorf("%s is %v", name, img.At(4, 4))
			}
		case "alpha": // half over black
			small, err := Scale(context.Background(), img, 8, 6)
			if err != nil || !near(small.RGBAAt(1, 1), color.RGBA{110, 20, 20, 255}, 12) {
				t.Errorf("%s: %v %v", name, small.RGBAAt(1, 1), err)
			}
		case "cmyk":
			upright(t, img, 60)
		default:
			upright(t, img, 24)
		}
		d := drawn(t, terminal(Blocks), img, 10, 5)
		if m := pixels(t, d.Cells, d.Cols); !strings.HasPrefix(name, "gray") && !strings.HasPrefix(name, "alpha") && !strings.HasPrefix(name, "cmyk") {
			upright(t, m, 24)
		}
	}
	if img, _ := Decode(context.Background(), bytes.NewReader(files(t)["deep.png"])); img.ColorModel() != color.RGBA64Model && img.ColorModel() != color.NRGBA64Model {
		t.Errorf("deep.png has %T", img)
	}
}

// Every file, cut at every byte, and with every byte changed: an error or a
// picture, and nothing else.
func TestCutAndBrokenFiles(t *testing.T) {
	for name, data := range files(t) {
		for i := range data {
			if img, err := Decode(context.Background(), bytes.NewReader(data[:i])); err == nil && i < len(data)-16 && !strings.HasPrefix(name, "animated") {
				t.Errorf("%s of %d bytes, cut at %d, is %v", name, len(data), i, img.Bounds())
			}
			broken := bytes.Clone(data)
			broken[i] ^= 0xff
			if img, err := Decode(context.Background(), bytes.NewReader(broken)); err == nil && img.Bounds().Empty() {
				t.Errorf("%s with another byte %d is empty", name, i)
			}
		}
	}
}

func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngOf makes a PNG that claims w x h pixels, of chunks.
func pngOf(w, h uint32, depth, kind byte, chunks ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	b := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, depth, kind, 0, 0, 0))...)
	for _, c := range chunks {
		b = append(b, c...)
	}
	return b
}

func deflated(n int) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	zero := make([]byte, 1<<20)
	for ; n > 0; n -= len(zero) {
		_, _ = w.Write(zero[:min(n, len(zero))])
	}
	_ = w.Close()
	return b.Bytes()
}

// sof changes the size that a JPEG claims.
func sof(data []byte, w, h uint16) []byte {
	data = bytes.Clone(data)
	for i := 2; i+9 < len(data); i += 2 + int(binary.BigEndian.Uint16(data[i+2:])) {
		if m := data[i+1]; m == 0xc0 || m == 0xc2 {
			binary.BigEndian.PutUint16(data[i+5:], h)
			binary.BigEndian.PutUint16(data[i+7:], w)
			return data
		}
	}
	panic("no frame")
}

// TestBombs: what claims much takes no memory, and what inflates to more than it
// claims is not inflated.
func TestBombs(t *testing.T) {
	all := files(t)
	end, bomb := chunk("IEND", nil), deflated(50<<20)
	wide := bytes.Clone(all["lossless.webp"])
	binary.LittleEndian.PutUint32(wide[21:], 0x0fffffff) // 16384 x 16384
	screen := bytes.Clone(all["animated.gif"])
	copy(screen[6:], "\xff\xff\xff\xff")
	for name, c := range map[string]struct {
		data  []byte
		large bool // TooLarge
	}{
		"60,000 x 60,000":               {pngOf(60_000, 60_000, 8, 2, end), true},
		"4,294,967,295 pixels wide":     {pngOf(1<<32-1, 1, 8, 2, end), false},
		"2,147,483,647 x 2,147,483,647": {pngOf(1<<31-1, 1<<31-1, 16, 6, end), false},
		"deep":                          {pngOf(8000, 8000, 16, 6, end), true},
		"inflates to 50 MB":             {pngOf(64, 64, 8, 2, chunk("IDAT", bomb), end), false},
		"a comment that inflates":       {pngOf(64, 64, 8, 2, chunk("zTXt", append([]byte("c\x00\x00"), bomb...)), end), false},
		"no pixels":                     {pngOf(64, 64, 8, 2, end), false},
		"a chunk of 2 GB":               {append(pngOf(64, 64, 8, 2), "\x7f\xff\xff\xffteXt"...), false},
		"an odd checksum":               {append(pngOf(4, 4, 8, 0), "\x00\x00\x00\x01IDAT\x00\x00\x00\x00\x00"...), false},
		"a JPEG of 65,535 x 65,535":     {sof(all["plain.jpg"], 65_535, 65_535), true},
		"a progressive one of 8,000":    {sof(all["progressive.jpg"], 8_000, 8_000), true},
		"a WebP of 16,384 x 16,384":     {wide, true},
		"a GIF of 65,535 x 65,535":      {screen, true},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			img, err := Decode(context.Background(), bytes.NewReader(c.data))
			runtime.ReadMemStats(&after)
			if err == nil || c.large != errors.As(err, &TooLarge{}) {
				t.Errorf("%v %v", img, err)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
				t.Errorf("%d bytes were taken", n)
			}
		})
	}
}

// A JPEG that claims a size and has almost no data is decoded as far as it goes:
// that is an error, and takes the memory of its claim at most.
func TestJPEGWithoutData(t *testing.T) {
	if _, err := Decode(context.Background(), bytes.NewReader(sof(files(t)["plain.jpg"], 4000, 4000))); err == nil {
		t.Error("decoded")
	}
}

func exif(order binary.AppendByteOrder, turn uint16) []byte {
	b := []byte("Exif\x00\x00MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = []byte("Exif\x00\x00II*\x00")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = append(b, make([]byte, 12)...) // another tag
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, turn)
	return append(b, 0, 0, 0, 0, 0, 0)
}

// lying is the upright picture as a camera stores it that was held otherwise.
func lying(turn int) image.Image {
	w, h := 64, 48
	if turn >= 5 {
		w, h = h, w
	}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := 2*x/w, 2*y/h // where it belongs
			switch turn {
			case 2:
				u = 1 - u
			case 3:
				u, v = 1-u, 1-v
			case 4:
				v = 1 - v
			case 5:
				u, v = v, u
			case 6:
				u, v = 1-v, u
			case 7:
				u, v = 1-v, 1-u
			case 8:
				u, v = v, 1-u
			}
			m.SetRGBA(x, y, four[v][u])
		}
	}
	return m
}

func TestPhotosStandUpright(t *testing.T) {
	for turn := 1; turn <= 8; turn++ {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, lying(turn), &jpeg.Options{Quality: 95}); err != nil {
				t.Fatal(err)
			}
			tag := exif(order, uint16(turn))
			head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(tag)+2))
			data := append(append(head, tag...), b.Bytes()[2:]...)
			img, err := Decode(context.Background(), bytes.NewReader(data))
			if err != nil || img.Bounds().Dx() != 64 || img.Bounds().Dy() != 48 {
				t.Fatalf("%d: %v", turn, err)
			}
			upright(t, img, 30)
		}
	}
	for _, odd := range []string{"", "Exif\x00\x00", "Exif\x00\x00MM\x00*\xff\xff\xff\xff", "Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff", "Exif\x00\x00II*\x00\x08\x00\x00\x00"} {
		if got := orientation([]byte(odd)); got != 1 {
			t.Errorf("%q: %d", odd, got)
		}
	}
}

// A GIF of ten thousand frames shows its first, and the rest is not even read.
func TestALongGIFIsQuick(t *testing.T) {
	frame := image.NewPaletted(image.Rect(0, 0, 500, 500), color.Palette{color.Black, color.White})
	g := gif.GIF{}
	for range 10 {
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	one := bytes.TrimSuffix(b.Bytes(), []byte{';'})
	body := one[bytes.IndexByte(one, '!'):]
	long := append(bytes.Clone(one), bytes.Repeat(body, 1000)...)
	read := &counting{Reader: bytes.NewReader(long)}
	if _, err := Decode(context.Background(), read); err != nil || read.n > 200_000 || len(long) < 5_000_000 {
		t.Errorf("%d of %d bytes were read: %v", read.n, len(long), err)
	}
}

// What can be seen through stands over the terminal's background.
func TestTransparencyStandsOverTheBackground(t *testing.T) {
	glass := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for i := 0; i < len(glass.Pix); i += 4 {
		copy(glass.Pix[i:], []byte{255, 0, 0, 128})
	}
	term, _ := terminal(Blocks).Learn(tea.BackgroundColorMsg{Color: color.RGBA{250, 250, 250, 255}}, image.Pt(80, 24))
	d := drawn(t, term, glass, 10, 5)
	if got := pixels(t, d.Cells, d.Cols).RGBAAt(3, 3); !near(got, color.RGBA{253, 125, 125, 255}, 4) {
		t.Errorf("over white it is %v", got)
	}
	d = drawn(t, terminal(Blocks), glass, 10, 5)
	if got := pixels(t, d.Cells, d.Cols).RGBAAt(3, 3); !near(got, color.RGBA{128, 0, 0, 255}, 4) {
		t.Errorf("over black it is %v", got)
	}
}
