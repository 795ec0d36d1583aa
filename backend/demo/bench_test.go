package demo

import (
	"fmt"
	"testing"

	"easel/backend/demo/paint"
)

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := Start()
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

func BenchmarkFile(b *testing.B) {
	for _, edge := range []int{1024, 2048} {
		for f, format := range formats {
			b.Run(fmt.Sprintf("%d/%s", edge, format), func(b *testing.B) {
				t := ticket{size: size{edge, edge}, quality: 1, format: f, count: 1, plan: paint.Read("misty ridges at sunrise")}
				img := paint.Paint(paint.Request{Plan: t.plan, Width: edge, Height: edge, Quality: paint.Medium})
				var n int
				for b.Loop() {
					n = len(encode(img, format))
				}
				b.ReportMetric(float64(n)/1e3, "kB")
			})
		}
	}
}
