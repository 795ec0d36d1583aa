package paint

import (
	"fmt"
	"testing"
)

// prompts are one for each subject and each way of painting.
var prompts = []string{
	"misty ridges at sunrise", "snow mountains", "the sea at sunset", "a lake", "a pine forest", "city at night", "desert dunes",
	"a meadow of flowers", "a lighthouse at night", "a cat", "a red cube on a desk", "a blue glass sphere", "a vase", "flowers", "monstera leaves",
	"koi pond", "a planet in space", "abstract shapes", "watercolor lake", "risograph cat", "水墨 山水", "neon mountains", "oil painting of the sea",
	"a vintage postcard of the sea", "aurora over a lake", "liminal memory",
}

func BenchmarkPaint(b *testing.B) {
	for _, edge := range []int{64, 1024, 2048} {
		for _, p := range prompts {
			b.Run(fmt.Sprintf("%d/%s", edge, p), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Paint(Request{Plan: Read(p), Width: edge, Height: edge, Quality: Medium})
				}
			})
		}
	}
	b.Run("1024/sketch", func(b *testing.B) {
		for b.Loop() {
			Paint(Request{Plan: Read("a meadow"), Width: 1024, Height: 1024, Sketch: true})
		}
	})
}
