package prompts_test

import (
	"strings"
	"testing"

	"easel/ui/ask"
	"easel/ui/parts/partstest"
	"easel/ui/parts/prompts"
)

var earlier = []string{
	"a white siamese cat on a sill", "two cats and a dog", "白色暹罗猫，窗边，柔光",
	"sunrise over ridges,\nwarm haze\n\npale sun", "the old cat sleeps",
}

func open(t *testing.T, typed string, list ...string) *partstest.Drive {
	return partstest.Open(t, partstest.Env(t, "en", 80, 24), prompts.New(ask.Search{Tag: "prompt", Prompts: list}, typed))
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		keys        string
		want        string
	}{
		{"the newest", "", "enter", earlier[0]},
		{"seeded", "dog", "enter", earlier[1]},
		{"seeded, next match", "cat", "ctrl+r enter", earlier[1]},
		{"round and round", "cat", "ctrl+r ctrl+r ctrl+r enter", earlier[0]},
		{"typed on", "ca", "t s enter", earlier[1]},
		{"wide letters", "猫", "enter", earlier[2]},
		{"the whole of it, with its lines", "haze", "enter", earlier[3]},
		{"up and down", "", "down down up enter", earlier[1]},
		{"nothing is found", "", "z e b r a enter", ""},
		{"a seed that finds nothing is none", "zebra", "enter", earlier[0]},
		{"nor is the prompt that was just sent", earlier[0], "enter", earlier[1]},
		{"closed", "cat", "esc", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t, c.typed, earlier...)
			d.Press(strings.Fields(c.keys)...)
			if c.want == "" {
				if d.Last() != nil {
					t.Errorf("got %+v", d.Last())
				}
				return
			}
			if got := d.Last(); !d.Done || got != (ask.Picked{Tag: "prompt", Value: c.want}) {
				t.Errorf("got %+v, want %q\n%s", got, c.want, d.Text())
			}
		})
	}
}

// What stands in the editor is no answer: it would change nothing.
func TestWhatIsTypedIsNotOffered(t *testing.T) {
	d := open(t, earlier[1], earlier...)
	d.Press("ctrl+u")
	if d.Has("two cats and a dog") {
		t.Error(d.Text())
	}
	// But where it is the only one, it was sent.
	if d := open(t, earlier[0], earlier[0]); !d.Has(earlier[0]) || d.Has("No prompt was sent yet.") {
		t.Error(d.Text())
	}
	// And a long text, or one of several lines, seeds nothing.
	for _, typed := range []string{earlier[3], strings.Repeat("long ", 40)} {
		if d := open(t, typed, earlier...); d.Before() != "" || !d.Has(earlier[0]) {
			t.Errorf("seeded with %q", d.Before())
		}
	}
}

func TestWholePromptIsShown(t *testing.T) {
	d := open(t, "haze", earlier...)
	text := d.Text()
	for _, s := range []string{"sunrise over ridges, warm haze pale sun", "│ sunrise over ridges,  ", "│ warm haze  ", "│ pale sun  "} {
		if !strings.Contains(text, s) {
			t.Errorf("%q is not in\n%s", s, text)
		}
	}
}

// Prompts may come when the popup is open already.
func TestLatePrompts(t *testing.T) {
	d := open(t, "dog")
	if !d.Has("No prompt was sent yet.") {
		t.Error(d.Text())
	}
	d.Send(ask.Earlier{Prompts: append([]string{" \n", ""}, earlier...)})
	if !strings.Contains(d.Here(), "two cats and a dog") {
		t.Error(d.Text())
	}
}

func TestForeignPromptsAreClean(t *testing.T) {
	bad := "evil \x1b[2J prompt \x00" + strings.Repeat("很长", 30_000)
	d := open(t, "", bad)
	d.Press("enter")
	if got := d.Last(); got != (ask.Picked{Tag: "prompt", Value: bad}) {
		t.Error("the answer is not the whole prompt")
	}
}
