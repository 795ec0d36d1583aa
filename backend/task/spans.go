package task

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// leastTaken is the part of the time until a task was found ready that it is
// assumed to have taken, where nobody asked before: it was not asked about
// sooner because it was not likely to be ready.
const leastTaken = 0.4

// placed gives for each span the logarithm of a duration in seconds, ascending:
// where in its span it is likely to be, by what all of them say together. That is
// a log-normal spread fitted to the spans in a few rounds of expectation and
// maximisation, and each placed at another part of its share of it. A span that
// is narrow stays what it is, whatever the others say.
func placed(spans []Span) []float64 {
	var low, high []float64
	spans = slices.SortedFunc(slices.Values(spans), func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.After, b.After))
	})
	wide := false
	for _, s := range spans {
		if s.By <= 0 {
			continue
		}
		after := max(min(s.After, s.By), time.Duration(leastTaken*float64(s.By)))
		low, high = append(low, math.Log(after.Seconds())), append(high, math.Log(s.By.Seconds()))
		wide = wide || after < s.By
	}
	if !wide {
		return high
	}
	logs := make([]float64, len(low))
	for i := range logs {
		logs[i] = (low[i] + high[i]) / 2
	}
	for range 12 {
		mean, square := moments(logs)
		square += guess * guess // counts as one, as in TakesOf
		deviation := max(narrowest, math.Sqrt(square/float64(len(logs))))
		for i := range logs {
			logs[i] = inside(mean, deviation, low[i], high[i], part(i))
		}
	}
	slices.Sort(logs)
	return logs
}

// part is another part of 1 for each i, those of neighbours far apart: by the
// golden ratio.
func part(i int) float64 {
	_, f := math.Modf(0.5 + float64(i)*(math.Sqrt(5)-1)/2)
	return f
}

// inside gives the value below which a part is of what a normal spread has
// between low and high.
func inside(mean, deviation, low, high, part float64) float64 {
	from, to := normal((low-mean)/deviation), normal((high-mean)/deviation)
	if to-from < 1e-6 { // far out: one place in it is as good as another
		return low + part*(high-low)
	}
	z := math.Sqrt2 * math.Erfinv(2*(from+part*(to-from))-1)
	return min(max(mean+deviation*z, low), high)
}
