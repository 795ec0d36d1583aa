package paint

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"testing"

	"golang.org/x/image/draw"
)

func TestTheSamePromptGivesTheSamePicture(t *testing.T) {
	for _, p := range prompts {
		r := Request{Plan: Read(p), Width: 96, Height: 60, Quality: Medium}
		if a, b := Paint(r), Paint(r); !bytes.Equal(a.Pix, b.Pix) {
			t.Errorf("%q: two paintings differ", p)
		}
	}
}

func TestPromptsAndVariationsDiffer(t *testing.T) {
	type picture struct {
		name string
		img  *image.RGBA
	}
	var all []picture
	for _, p := range prompts {
		all = append(all, picture{p, Paint(Request{Plan: Read(p), Width: 48, Height: 48})})
	}
	for i := range 4 {
		all = append(all, picture{fmt.Sprint("variation ", i), Paint(Request{Plan: Read("a quiet harbour"), Width: 48, Height: 48, Index: i})})
		all = append(all, picture{fmt.Sprint("cat variation ", i), Paint(Request{Plan: Read("my cat"), Width: 48, Height: 48, Index: i})})
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if d := difference(a.img, b.img); d < 0.02 {
				t.Errorf("%s and %s are nearly the same: %.4f", a.name, b.name, d)
			}
		}
	}
}

func TestEverySizeHasTheSameComposition(t *testing.T) {
	for _, p := range prompts {
		large := Paint(Request{Plan: Read(p), Width: 320, Height: 180, Quality: Medium})
		small := Paint(Request{Plan: Read(p), Width: 160, Height: 90, Quality: Medium})
		if d := difference(thumbnail(large, 32, 18), thumbnail(small, 32, 18)); d > 0.045 {
			t.Errorf("%q: 320x180 and 160x90 differ by %.4f", p, d)
		}
	}
}

func TestQualityKeepsTheComposition(t *testing.T) {
	for _, p := range prompts {
		low := Paint(Request{Plan: Read(p), Width: 160, Height: 90, Quality: Low})
		high := Paint(Request{Plan: Read(p), Width: 160, Height: 90, Quality: High})
		if d := difference(thumbnail(low, 32, 18), thumbnail(high, 32, 18)); d > 0.05 {
			t.Errorf("%q: low and high quality differ by %.4f", p, d)
		}
	}
}

func TestNoPictureIsAGreyBox(t *testing.T) {
	for _, p := range prompts {
		for index := range 3 {
			img := Paint(Request{Plan: Read(p), Width: 64, Height: 64, Index: index})
			tones, low, high := map[[3]uint8]bool{}, 255, 0
			for i := 0; i < len(img.Pix); i += 4 {
				c := img.Pix[i : i+4]
				if c[3] != 255 {
					t.Fatalf("%q: a pixel that is not opaque", p)
				}
				tones[[3]uint8{c[0] >> 4, c[1] >> 4, c[2] >> 4}] = true
				l := (3*int(c[0]) + 6*int(c[1]) + int(c[2])) / 10
				low, high = min(low, l), max(high, l)
			}
			if len(tones) < 12 || high-low < 70 {
				t.Errorf("%q, variation %d: %d tones, light from %d to %d", p, index, len(tones), low, high)
			}
		}
	}
}

func TestAnySizeIsExact(t *testing.T) {
	sizes := [][2]int{{1, 1}, {1, 40}, {40, 1}, {7, 3}, {41, 81}, {120, 16}, {16, 120}}
	for i, p := range prompts {
		for j, s := range sizes {
			img := Paint(Request{Plan: Read(p), Width: s[0], Height: s[1], Quality: High, Sketch: (i+j)%3 == 0, Index: 2})
			if got := img.Bounds().Size(); got != image.Pt(s[0], s[1]) {
				t.Errorf("%q: got %v, want %v", p, got, s)
			}
		}
	}
}

func TestReferencesGiveTheirColours(t *testing.T) {
	red := image.NewRGBA(image.Rect(0, 0, 90, 60))
	draw.Draw(red, red.Rect, image.NewUniform(color.RGBA{0xC0, 0x20, 0x20, 255}), image.Point{}, draw.Src)
	draw.Draw(red, image.Rect(0, 0, 45, 60), image.NewUniform(color.RGBA{0x10, 0x20, 0x50, 255}), image.Point{}, draw.Src)
	found := Colours(red)
	if len(found) != 5 || found[0] != (RGB{0x10, 0x20, 0x50}) || found[4] != (RGB{0xC0, 0x20, 0x20}) {
		t.Errorf("colours of red and blue: %v", found)
	}
	plan := Read("mountains")
	bare := Paint(Request{Plan: plan, Width: 48, Height: 48})
	plan.Mix(found)
	if d := difference(bare, Paint(Request{Plan: plan, Width: 48, Height: 48})); d < 0.03 {
		t.Errorf("a reference changes the picture by %.4f only", d)
	}
	for range 4 {
		plan.Mix(found)
	}
	if len(plan.Palette) != maxColours {
		t.Errorf("five references leave %d colours, want %d", len(plan.Palette), maxColours)
	}
	if got := Colours(image.NewRGBA(image.Rect(0, 0, 8, 8))); got != nil {
		t.Errorf("nothing can be seen, and yet: %v", got)
	}
}

// difference is how far two pictures of one size are apart on average, 0 to 1.
func difference(a, b *image.RGBA) float64 {
	sum := 0
	for i := range a.Pix {
		sum += abs8(a.Pix[i], b.Pix[i])
	}
	return float64(sum) / float64(len(a.Pix)) / 255 * 4 / 3
}

func abs8(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

func thumbnail(img image.Image, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Rect, img, img.Bounds(), draw.Src, nil)
	return out
}
