package keys

import (
	"strings"
	"testing"

	"easel/ui/words"
)

// A key means one thing at a place. What works everywhere works at every place
// of the page, and what works outside of the prompt at each of those.
func TestNoKeyMeansTwoThings(t *testing.T) {
	together := map[Place][]Place{
		Prompt:     {Everywhere, Prompt},
		References: {Everywhere, Outside, References},
		Parameters: {Everywhere, Outside, Parameters},
		Tasks:      {Everywhere, Outside, Tasks},
		Gallery:    {Everywhere, Outside, Gallery},
		Popup:      {Popup},
		Viewer:     {Viewer},
	}
	for where, places := range together {
		seen := map[string]Action{}
		for _, p := range places {
			for _, e := range At(p) {
				for _, k := range e.Keys {
					if was, ok := seen[k]; ok && was != e.Action {
						t.Errorf("%s: %s means %s and %s", where, k, was, e.Action)
					}
					seen[k] = e.Action
				}
			}
		}
	}
}

// Letters are text in the prompt and where something is typed.
func TestLettersAreTextWhereTextIsTyped(t *testing.T) {
	for _, p := range []Place{Everywhere, Prompt, Popup} {
		for _, e := range At(p) {
			for _, k := range e.Keys {
				if len([]rune(k)) == 1 || k == "space" {
					t.Errorf("%s: %s is a letter, and means %s", p, k, e.Action)
				}
			}
		}
	}
}

// What the product promises for each key.
func TestPromisedKeys(t *testing.T) {
	m := New(func(key string, _ ...any) string { return key })
	for _, c := range []struct {
		key    string
		place  Place
		action Action
	}{
		{"enter", Prompt, Generate}, {"ctrl+j", Prompt, Newline}, {"alt+enter", Prompt, Newline}, {"shift+enter", Prompt, Newline},
		{"up", Prompt, Earlier}, {"down", Prompt, Later}, {"ctrl+r", Prompt, Search}, {"ctrl+o", Prompt, Editor}, {"ctrl+u", Prompt, Clear},
		{"a", References, AddRef}, {"x", References, RemoveRef}, {"J", References, RefLater}, {"K", References, RefSooner},
		{"right", Parameters, StepNext}, {"left", Parameters, StepPrev}, {"enter", Parameters, Choose},
		{"enter", Tasks, Details}, {"e", Tasks, Edit}, {"r", Tasks, Again}, {"x", Tasks, GiveUp}, {"d", Tasks, Download},
		{"y", Tasks, CopyPath}, {"Y", Tasks, CopyURL}, {"p", Tasks, CopyPrompt}, {"o", Tasks, Open}, {"f", Tasks, UseAsRef},
		{"i", Tasks, Inspect}, {"u", Tasks, Unsure}, {"/", Tasks, Filter}, {"g", Tasks, Top}, {"G", Tasks, Bottom},
		{"j", Tasks, Down}, {"k", Tasks, Up}, {"right", Tasks, NextResult}, {"left", Tasks, PrevResult},
		{"enter", Gallery, Details}, {"e", Gallery, Edit}, {"r", Gallery, Again}, {"y", Gallery, CopyPath}, {"Y", Gallery, CopyURL},
		{"p", Gallery, CopyPrompt}, {"o", Gallery, Open}, {"f", Gallery, UseAsRef}, {"i", Gallery, Inspect}, {"/", Gallery, Find},
		{"s", Gallery, Star}, {"t", Gallery, Tags}, {"x", Gallery, Trash}, {"delete", Gallery, Trash}, {"u", Gallery, TakeBack},
		{"space", Gallery, Pick}, {"v", Gallery, PickRange}, {"a", Gallery, PickAll}, {"ctrl+t", Everywhere, OtherPage},
		{"ctrl+p", Everywhere, Palette}, {"ctrl+g", Everywhere, Help}, {"f1", Everywhere, Help}, {"?", Outside, Help},
		{"tab", Everywhere, NextPane}, {"shift+tab", Everywhere, PrevPane}, {"esc", Everywhere, ToPrompt},
		{"ctrl+c", Everywhere, Quit}, {"ctrl+z", Everywhere, Suspend}, {"q", Outside, Quit},
	} {
		if got := m.Match(c.key, c.place); got != c.action {
			t.Errorf("%s: %s means %q, not %q", c.place, c.key, got, c.action)
		}
	}
}

func TestEveryActionAndPlaceHasWords(t *testing.T) {
	for _, lang := range words.Languages {
		w, err := words.Load(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range Table {
			if key := "keys." + string(e.Action); !w.Has(key) {
				t.Errorf("%s: no words for %s", lang, key)
			}
		}
		for _, p := range Places {
			if key := "keys.place." + string(p); !w.Has(key) {
				t.Errorf("%s: no words for %s", lang, key)
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	w, err := words.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	got := New(w.Say).Markdown()
	for _, want := range []string{"| Prompt | |\n|---|---|\n| `enter` | generate |\n| `ctrl+j` `alt+enter` `shift+enter` | newline |\n", "| `↑` `k` | up |"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "keys.") || strings.HasSuffix(got, "\n\n") {
		t.Errorf("a key of the catalogue, or an empty line at the end:\n%s", got)
	}
}
