package paint

import (
	"math"
	"math/rand/v2"
)

// dice is chance that is the same every time.
type dice struct{ r *rand.Rand }

func newDice(seed, stream uint64) *dice { return &dice{rand.New(rand.NewPCG(seed, stream))} }

// fork gives dice of their own for a part of the picture, so that one part can
// change without the others.
func (d *dice) fork() *dice { return newDice(d.r.Uint64(), d.r.Uint64()) }

func (d *dice) f() float32                  { return d.r.Float32() }
func (d *dice) in(a, b float32) float32     { return a + (b-a)*d.r.Float32() }
func (d *dice) pick(n int) int              { return d.r.IntN(n) }
func (d *dice) between(a, b int) int        { return a + d.r.IntN(b-a+1) }
func (d *dice) chance(p float32) bool       { return d.r.Float32() < p }
func (d *dice) bell(mid, w float32) float32 { return mid + w*(d.f()+d.f()+d.f()-1.5)/1.5 }

// noise is smooth noise, 0 to 1, that repeats after 256.
type noise struct {
	perm [512]uint8
	val  [256]float32
}

func newNoise(d *dice) *noise {
	var n noise
	for i, p := range d.r.Perm(256) {
		n.perm[i], n.perm[i+256] = uint8(p), uint8(p)
		n.val[i] = d.f()
	}
	return &n
}

func floor(f float32) int {
	i := int(f)
	if float32(i) > f {
		i--
	}
	return i
}

func smooth(t float32) float32 { return t * t * (3 - 2*t) }

// step goes smoothly from 0 at a to 1 at b.
func step(a, b, t float32) float32 { return smooth(clamp01((t - a) / (b - a))) }

func lerp(a, b, t float32) float32 { return a + (b-a)*t }

// at is value noise on the plane.
func (n *noise) at(x, y float32) float32 {
	xi, yi := floor(x), floor(y)
	fx, fy := smooth(x-float32(xi)), smooth(y-float32(yi))
	a, b := int(n.perm[xi&255]), int(n.perm[(xi+1)&255])
	y0, y1 := yi&255, (yi+1)&255
	v00, v10 := n.val[n.perm[a+y0]], n.val[n.perm[b+y0]]
	v01, v11 := n.val[n.perm[a+y1]], n.val[n.perm[b+y1]]
	top, low := v00+(v10-v00)*fx, v01+(v11-v01)*fx
	return top + (low-top)*fy
}

// fbm sums octaves of noise; about 0.5, rarely near 0 or 1.
func (n *noise) fbm(x, y float32, octaves int) float32 {
	sum, amp, all := float32(0), float32(0.5), float32(0)
	for range octaves {
		sum += amp * n.at(x, y)
		all += amp
		amp *= 0.5
		x, y = 1.6*x-1.2*y+17.3, 1.2*x+1.6*y+9.1
	}
	return sum / all
}

// line is noise along a line, -1 to 1.
func (n *noise) line(x float32) float32 {
	xi := floor(x)
	f := x - float32(xi)
	a := n.val[n.perm[xi&255]]*2 - 1
	b := n.val[n.perm[(xi+1)&255]]*2 - 1
	// gradients at the ends, so that it is zero at whole numbers and rolls between
	return smooth(f)*(b*(f-1)-a*f)*2 + a*f*2
}

// hash is white noise of a pixel, 0 to 1.
func hash(x, y int, seed uint32) float32 {
	h := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA77 ^ seed
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 12
	h *= 0x297A2D39
	h ^= h >> 15
	return float32(h>>8) * (1. / (1 << 24))
}

func sin(f float32) float32      { return float32(math.Sin(float64(f))) }
func cos(f float32) float32      { return float32(math.Cos(float64(f))) }
func sqrt(f float32) float32     { return float32(math.Sqrt(float64(f))) }
func abs(f float32) float32      { return float32(math.Abs(float64(f))) }
func pow(f, p float32) float32   { return float32(math.Pow(float64(f), float64(p))) }
func exp(f float32) float32      { return float32(math.Exp(float64(f))) }
func hypot(x, y float32) float32 { return sqrt(x*x + y*y) }
func atan2(y, x float32) float32 { return float32(math.Atan2(float64(y), float64(x))) }

// fade is about exp(-x), for x from 0, and much quicker.
func fade(x float32) float32 { return 1 / (1 + x*(1+x*(0.5+x*(0.16+x*0.06)))) }

// hump rises from 0 to 1 and falls again while t goes from 0 to 1.
func hump(t float32) float32 { return max(0, sin(pi*t)) }

const pi = math.Pi
