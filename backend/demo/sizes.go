package demo

import (
	"math"
	"slices"
)

// model is what one of the two painters takes, as its documents would say.
type model struct {
	id         string
	sketch     bool
	sizes      []size   // the pixels that may be asked for; empty: a ratio and a tier
	ratios     []string // what aspect_ratio may be; empty: it may not be sent
	references int      // at most
}

type size struct{ w, h int }

// models are sold; a ticket holds the place in this list, so it only grows.
var models = []model{
	{id: "easel-paint", sizes: paintSizes, references: 4},
	{id: "easel-sketch", sketch: true, ratios: sketchRatios, references: 1},
}

var paintSizes = []size{
	{1024, 1024}, {2048, 2048}, {2880, 2880},
	{1280, 720}, {2048, 1152}, {3840, 2160},
	{720, 1280}, {1152, 2048}, {2160, 3840},
	{1152, 864}, {2048, 1536}, {3264, 2448},
	{864, 1152}, {1536, 2048}, {2448, 3264},
	{1200, 800}, {2160, 1440}, {3504, 2336},
	{800, 1200}, {1440, 2160}, {2336, 3504},
	{1512, 648}, {2688, 1152}, {3808, 1632},
}

// sketchRatios are the ratios of easel-sketch; auto is chosen by the subject.
var sketchRatios = []string{"auto", "1:1", "16:9", "9:16", "4:3", "3:4"}

// tiers are the edges, in pixels, of a square of the tier.
var tiers = map[string]int{"0.5K": 512, "1K": 1024}

var (
	qualities = []string{"low", "medium", "high"}
	formats   = []string{"png", "jpeg"}
)

func findModel(id string) int {
	return slices.IndexFunc(models, func(m model) bool { return m.id == id })
}

// pixels gives a picture of about edge*edge pixels in the ratio w:h, both
// multiples of 8.
func pixels(edge int, w, h float64) size {
	k := float64(edge) / math.Sqrt(w*h)
	round := func(f float64) int { return int(math.Round(f/8)) * 8 }
	return size{round(w * k), round(h * k)}
}
