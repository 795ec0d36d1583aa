package paint

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"
)

// Plan is what the painter takes from a prompt: all that a picture depends on
// beside its size. It is small, so that a task's id can carry it.
type Plan struct {
	Seed    uint64 // of the whole prompt
	Ideas   []Idea // what the prompt names, in its order, each once
	Palette []RGB  // the colours of the references, from dark to light; empty without
}

const (
	maxIdeas   = 14
	maxColours = 6
)

// Read finds the ideas in a prompt, in English and Chinese. Blanks around the
// prompt make no difference, everything else does.
func Read(prompt string) Plan {
	h := fnv.New64a()
	h.Write([]byte(strings.Join(strings.Fields(prompt), " ")))
	return Plan{Seed: mixBits(h.Sum64()), Ideas: findIdeas(prompt)}
}

// mixBits spreads the last characters of the prompt over the whole seed.
func mixBits(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Has says whether the prompt names one of the ideas.
func (p Plan) Has(ideas ...Idea) bool {
	return slices.ContainsFunc(ideas, func(i Idea) bool { return slices.Contains(p.Ideas, i) })
}

// first gives the first idea of the prompt that is one of the list, else 0.
func (p Plan) first(list ...Idea) Idea {
	for _, i := range p.Ideas {
		if slices.Contains(list, i) {
			return i
		}
	}
	return 0
}

// Shape gives the ratio that suits the subject, for those who leave it open.
func (p Plan) Shape() (w, h float64) {
	switch {
	case p.Has(Cat, Dog, Fox, Rabbit, Bear, Panda, Flower, Leaf, Vase):
		return 3, 4
	case p.Has(Sea, City, Mountain, Desert, Boat, Meadow):
		return 16, 9
	case p.Has(Forest, Person, Balloon):
		return 9, 16
	}
	return 4, 3
}

// Append puts the plan behind b; ReadPlan reads it back.
func (p Plan) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, p.Seed)
	b = append(b, byte(len(p.Ideas)))
	for _, i := range p.Ideas {
		b = append(b, byte(i))
	}
	b = append(b, byte(len(p.Palette)))
	for _, c := range p.Palette {
		b = append(b, c[:]...)
	}
	return b
}

// ReadPlan reads what Append wrote, and nothing else. Ideas of a newer version
// pass, and are not painted.
func ReadPlan(b []byte) (Plan, bool) {
	if len(b) < 10 {
		return Plan{}, false
	}
	p := Plan{Seed: binary.BigEndian.Uint64(b)}
	n := int(b[8])
	b = b[9:]
	if n > maxIdeas || len(b) < n+1 {
		return Plan{}, false
	}
	for _, i := range b[:n] {
		p.Ideas = append(p.Ideas, Idea(i))
	}
	colours := int(b[n])
	b = b[n+1:]
	if colours > maxColours || len(b) != 3*colours {
		return Plan{}, false
	}
	for i := range colours {
		p.Palette = append(p.Palette, RGB(b[3*i:]))
	}
	return p, true
}
