package paint

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReadFindsIdeasInTheirOrder(t *testing.T) {
	for prompt, want := range map[string][]Idea{
		"":                           nil,
		"xyzzy":                      nil,
		"A CAT, two dogs & foxes":    {Cat, Dog, Fox},
		"catalogue of hillside cars": nil,
		"poppies under cherry-tree":  {Flower, Tree},
		"a milky way at the sea":     {Star, Sea},
		"日出,三重山,留白":                  {Sunrise, Mountain, Minimal},
		"一只熊猫":                       {Panda},
		"白色暹罗猫,窗边,柔光":                {White, Cat, Pastel},
		"红色的花 and a 猫":               {Red, Flower, Cat},
		"水墨山水":                       {Ink, Mountain},
		"夜晚的霓虹城市":                    {Night, Neon, City},
		"orange cat":                 {Orange, Cat},
		"a red cube on a white desk": {Red, Cube, White},
	} {
		if got := Read(prompt).Ideas; !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", prompt, got, want)
		}
	}
}

func TestReadSeedsByTheWholePrompt(t *testing.T) {
	long := strings.Repeat("a very long prompt 长 ", 4000)
	if Read(long+"a").Seed == Read(long+"b").Seed {
		t.Error("the last character of a long prompt makes no difference")
	}
	if Read(" a  cat\n").Seed != Read("a cat").Seed {
		t.Error("blanks make a difference")
	}
}

func TestEveryIdeaHasWords(t *testing.T) {
	for i := Mountain; i <= Lighthouse; i++ {
		if strings.TrimSpace(lexicon[i]) == "" {
			t.Errorf("idea %d has no words", i)
		}
		zh := strings.ContainsFunc(lexicon[i], func(r rune) bool { return r > 0x2E80 })
		if !zh {
			t.Errorf("idea %d has no Chinese word: %s", i, lexicon[i])
		}
		for word := range strings.FieldsSeq(lexicon[i]) {
			if !slices.Contains(findIdeas(strings.ReplaceAll(word, "-", " ")), i) {
				t.Errorf("%q is not found as idea %d", word, i)
			}
		}
	}
}

func TestPlansSurviveTheirBytes(t *testing.T) {
	for _, p := range []Plan{{}, Read("a cat"), {Seed: 1<<64 - 1, Ideas: []Idea{250, Cat}, Palette: []RGB{{1, 2, 3}, {250, 251, 252}}}} {
		b := p.Append([]byte("before"))
		got, ok := ReadPlan(b[6:])
		if !ok || !reflect.DeepEqual(got, p) {
			t.Errorf("%v became %v, %v", p, got, ok)
		}
		if _, ok := ReadPlan(append(b[6:len(b):len(b)], 0)); ok {
			t.Errorf("%v with a byte too many is read", p)
		}
		for n := range len(b) - 6 {
			if _, ok := ReadPlan(b[6 : 6+n]); ok {
				t.Errorf("%v cut to %d bytes is read", p, n)
			}
		}
	}
}

func FuzzReadPlan(f *testing.F) {
	f.Add(Read("a red cat 日出").Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, ok := ReadPlan(b)
		if !ok {
			return
		}
		if again := p.Append(nil); !slices.Equal(again, b) {
			t.Errorf("%x became %x", b, again)
		}
		Paint(Request{Plan: p, Width: 9, Height: 7})
	})
}

func FuzzRead(f *testing.F) {
	f.Add("a red cat 日出 [slow]")
	f.Add("poppies\xff under 樱花树")
	f.Fuzz(func(t *testing.T, prompt string) {
		p := Read(prompt)
		if len(p.Ideas) > maxIdeas {
			t.Errorf("%d ideas", len(p.Ideas))
		}
		if utf8.ValidString(prompt) && Read(prompt+" ").Seed != p.Seed {
			t.Error("a blank at the end makes a difference")
		}
	})
}
